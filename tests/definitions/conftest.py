"""What the tests of the definitions share: packages of npm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.npm import npm_folder


@pytest.fixture(scope="session")
def npm_package(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """Gives the folder that holds `<package>@<version>`. Skips where it is not to be had, but fails there in CI."""
    return lambda package: npm_folder(request.config, package)
