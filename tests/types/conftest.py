"""The reference implementation of JSONata, asked for values."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.expressions.jsonata.conftest import reference_folder

from .reference import Evaluator


@pytest.fixture(scope="session")
def evaluator(request: pytest.FixtureRequest) -> Iterator[Evaluator]:
    """The reference implementation. Skips where node or npm is absent or fetches nothing, but fails there in CI."""
    folder: Path = reference_folder(request)
    running = Evaluator(folder)
    yield running
    running.close()
