"""What the tests of the HTML review share: what opens files in the browser, and two reviews to open."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT
from tests.report.machines import FAULTY, FAULTY_ROLE, ORDER
from tests.report.pages import written

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Open = Callable[..., "Page"]


@pytest.fixture
def open_page(browser: "Browser") -> Iterator[Open]:
    """Opens a file. At the end: nothing was said on the console, nothing failed, and nothing but the file was asked for."""
    said: list[str] = []
    asked: list[str] = []
    pages: list[Page] = []

    def open_one(file: Path, at: str = "", **options: Any) -> "Page":
        page = browser.new_page(**{"viewport": {"width": 1440, "height": 900}, **options})
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: asked.append(request.url))
        page.set_default_timeout(30_000)
        page.goto(f"{file.as_uri()}{at}")
        page.wait_for_selector("main table, main .panel, main.alone")
        pages.append(page)
        return page

    yield open_one
    for page in pages:
        page.close()
    assert said == []
    assert [address for address in asked if not address.startswith(("file:", "blob:"))] == []


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faulty")
    (folder / "locked.asl.json").write_text(json.dumps(FAULTY, indent=2))
    (folder / "order.asl.json").write_text(json.dumps(ORDER, indent=2))
    (folder / "role.json").write_text(json.dumps(FAULTY_ROLE))
    options = ("--role", str(folder / "role.json"), "--root", str(folder), "--no-config")
    return written(folder, str(folder / "locked.asl.json"), str(folder / "order.asl.json"), *options)


@pytest.fixture(scope="session")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("five"), str(ROOT / "docs/step_functions_jsonata"), "--root", str(ROOT))
