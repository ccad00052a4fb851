"""What the tests of the definitions share: moto's tables, and packages of npm."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from tests.definitions.rehearsal.services import Tables


@pytest.fixture(scope="session")
def tables() -> Iterator[Tables]:
    with mock_aws():
        yield Tables()


@pytest.fixture(scope="session")
def npm_package(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Installs `<package>@<version>` into a temporary folder, and gives that folder.

    Skips the test where Node, npm or the package is not to be had, but fails it in CI.
    """

    def install(package: str) -> Path:
        name = package.rpartition("@")[0]
        npm, folder = shutil.which("npm"), tmp_path_factory.mktemp(name)
        if npm is not None and shutil.which("node") is not None:
            options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
            subprocess.run([npm, "install", "--prefix", folder, *options, package], check=False, timeout=100)
        if not (folder / "node_modules" / name).exists():
            assert os.environ.get("CI") != "true", f"CI compares with {package}, and it cannot be installed"
            pytest.skip(f"Node, npm or {package} is not to be had: nothing to compare with")
        return folder

    return install
