"""The reference implementation as a fixture, fetched once with npm into pytest's cache."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.npm import npm_folder

from .reference import VERSION, Reference


@pytest.fixture(scope="session")
def reference(request: pytest.FixtureRequest) -> Iterator[Reference]:
    """The reference implementation. Skips where node or npm is absent or fetches nothing, but fails there in CI."""
    running = Reference(reference_folder(request))
    yield running
    running.close()


def reference_folder(request: pytest.FixtureRequest) -> Path:
    """The folder that holds it, fetched if need be."""
    return npm_folder(request.config, f"jsonata@{VERSION}")
