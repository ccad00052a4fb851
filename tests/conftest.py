"""What the tests share: the corpus of real definitions, where it is at hand, a browser, and a place for what tests count."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.definitions.rehearsal.services import Tables

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("ASL_LINT_CORPUS", ROOT.parent / "shared" / "corpus"))

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


settings.register_profile("few", max_examples=20)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-screenshots", action="store_true", help="write the pictures of the documentation anew")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "corpus" in getattr(item, "fixturenames", ()):
            item.add_marker("corpus")


def require_corpus() -> Path:
    """The corpus' folder. Skips the test where it is absent, but fails it in CI."""
    if not CORPUS.is_dir():
        message = f"the corpus is not at {CORPUS}; set ASL_LINT_CORPUS to measure against it"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return CORPUS


@pytest.fixture(scope="session")
def tables() -> Iterator["Tables"]:
    """The tables of the definitions in moto: one set of a process, which has one account."""
    from moto import mock_aws

    from tests.definitions.rehearsal.services import Tables

    with mock_aws():
        yield Tables()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real definitions and recorded answers that claims are measured against."""
    return require_corpus()


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """One Chromium for all tests. Skips them where there is none, but fails them in CI."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("ASL_LINT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        message = "there is no Chromium here: install the package chromium, or say in ASL_LINT_CHROMIUM where it is"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield running
        running.close()


def manifest(folder: Path) -> Iterator[dict[str, Any]]:
    """The entries of a corpus folder's manifest."""
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").split("\n"):
        if line:
            yield json.loads(line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests counted: each `record_property("figures", text)`, under xdist too."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    figures = sorted(str(text) for report in reports for name, text in report.user_properties if name == "figures")
    if figures:
        terminalreporter.section("figures")
        terminalreporter.write("\n".join([*figures, ""]))
