"""The reference implementation as a fixture, fetched once with npm into pytest's cache."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .reference import VERSION, Reference


@pytest.fixture(scope="session")
def reference(request: pytest.FixtureRequest) -> Iterator[Reference]:
    """The reference implementation. Skips where node or npm is absent or fetches nothing, but fails there in CI."""
    running = Reference(reference_folder(request))
    yield running
    running.close()


def reference_folder(request: pytest.FixtureRequest) -> Path:
    """The folder that holds it, fetched if need be."""
    folder = request.config.cache.mkdir(f"jsonata-{VERSION}")
    if not (folder / "node_modules" / "jsonata").is_dir():
        _fetch(folder)
    return folder


def _fetch(folder: Path) -> None:
    if shutil.which("node") is None or shutil.which("npm") is None:
        _absent("node and npm are needed to compare with the reference implementation of JSONata")
    build = Path(tempfile.mkdtemp(dir=folder))
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(build), f"jsonata@{VERSION}"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        _absent(f"npm could not fetch jsonata@{VERSION}: {done.stderr.strip()[-300:]}")
    try:
        (build / "node_modules").rename(folder / "node_modules")
    except OSError:
        # Another worker was faster.
        assert (folder / "node_modules" / "jsonata").is_dir()
    finally:
        shutil.rmtree(build)


def _absent(message: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)
