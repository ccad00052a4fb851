"""Packages of npm that the tests compare with, fetched once into pytest's cache."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import pytest

TRIES: Final = 3
"""A registry that does not answer once may do so the next time."""
PATIENCE: Final = 120
"""Seconds for one try."""


def npm_folder(config: pytest.Config, package: str) -> Path:
    """The folder whose ``node_modules`` holds ``<name>@<version>``; ends the test where it cannot be had."""
    assert config.cache is not None
    folder = config.cache.mkdir(package.replace("/", "-"))
    if not (folder / "node_modules").is_dir():
        _fetch(package, folder)
    return folder


def _fetch(package: str, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        _absent(f"Node and npm are needed to compare with {package}")
    for _ in range(TRIES):
        build = Path(tempfile.mkdtemp(dir=folder))
        options = ["--silent", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts"]
        try:
            done = subprocess.run([npm, "install", *options, "--prefix", build, package], timeout=PATIENCE, check=False)
            if done.returncode == 0 and not (folder / "node_modules").exists():
                (build / "node_modules").rename(folder / "node_modules")
        except (OSError, subprocess.TimeoutExpired):
            pass  # another worker was faster, or nobody answered
        finally:
            shutil.rmtree(build, ignore_errors=True)
        if (folder / "node_modules").is_dir():
            return
    _absent(f"npm cannot install {package}")


def _absent(message: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
