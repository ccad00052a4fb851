"""The documentation site: it is built, every link in it leads somewhere, and it opens from disk without a network."""

import functools
import html
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from asl_lint.catalog import load_rules
from scripts import build_site, flowcharts
from tests.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "site"
    run = subprocess.run([sys.executable, "scripts/build_site.py", str(folder)], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture
def page(site: Path, browser: "Browser") -> "Iterator[Page]":
    """A page of a browser. At the end: nothing was said on the console, and nothing but files was asked for."""
    said: list[str] = []
    asked: list[str] = []
    with browser.new_context(viewport={"width": 1360, "height": 900}, reduced_motion="reduce") as context:
        opened = context.new_page()
        opened.on("console", lambda message: said.append(message.text))
        opened.on("pageerror", lambda error: said.append(str(error)))
        opened.on("request", lambda request: asked.append(request.url))
        yield opened
    # The theme's search wants the focus, which an anchor has.
    assert [text for text in said if not text.startswith("Autofocus processing was blocked")] == []
    assert [address for address in asked if not address.startswith("file:")] == []


class Addresses(NamedTuple):
    """What a page has of anchors, and leads to or loads."""

    anchors: frozenset[str]
    links: tuple[str, ...]
    loaded: tuple[str, ...]


_LOADED = re.compile(r'<(?:img|script|link|iframe)\b[^>]*?\s(?:src|href)="([^"]+)"')
_LINK = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')


@functools.cache
def addresses(file: Path) -> Addresses:
    text = file.read_text(encoding="utf-8")
    read = (re.findall(r'\sid="([^"]+)"', text), _LINK.findall(text), _LOADED.findall(text))
    anchors, links, loaded = (dict.fromkeys(map(html.unescape, found)) for found in read)
    return Addresses(frozenset(anchors), tuple(links), tuple(loaded))


@functools.cache
def is_file(path: str) -> bool:
    return Path(path).is_file()


def leads_nowhere(file: Path, address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme in ("http", "https", "mailto"):
        return False
    target = os.path.normpath(file.parent / unquote(parts.path)) if parts.path else str(file)
    if not is_file(target):
        return True
    return bool(parts.fragment) and target.endswith(".html") and unquote(parts.fragment) not in addresses(Path(target)).anchors


def test_every_link_leads_somewhere_and_everything_loaded_is_at_hand(site: Path) -> None:
    pages = [file for file in site.rglob("*.html") if file.parent.name != "reports" and file.name != "404.html"]
    assert len(pages) > 200
    for file in pages:
        found = addresses(file)
        wrong = [one for one in (*found.links, *found.loaded) if leads_nowhere(file, one)]
        assert (file.relative_to(site), wrong) == (file.relative_to(site), [])
        assert [one for one in found.loaded if urlsplit(one).scheme] == []


def test_every_rule_has_its_page_in_the_navigation(site: Path) -> None:
    links = set(addresses(site / "rules" / "index.html").links)
    assert {f"{rule.name}.html" for rule in load_rules()} <= {link.removeprefix("./") for link in links}


@pytest.mark.parametrize(
    ("at", "scheme"), [("index.html", "light"), ("rules/lock-not-released.html", "dark"), ("command-line.html", "light")]
)
def test_nothing_stands_in_the_way_of_anybody(site: Path, page: "Page", at: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto((site / at).as_uri())
    found = Axe().run(page, options={"preload": False})  # it would load styles anew, which from disk nobody may
    assert found.violations_count == 0, found.generate_report()


def test_the_search_finds_a_rule_from_disk(site: Path, page: "Page") -> None:
    page.goto((site / "install.html").as_uri())
    page.keyboard.press("/")
    search = page.get_by_role("combobox", name="Search")
    found = page.get_by_role("option", name=re.compile("trap-loop")).first
    for _ in range(100):  # until the index is there, the theme forgets what is asked
        search.fill("trap-loop")
        page.wait_for_timeout(200)
        if found.is_visible():
            break
    found.click()
    expect(page.locator("h1")).to_contain_text("trap-loop")


def test_the_review_of_the_five_definitions_is_one_click_away(site: Path, page: "Page") -> None:
    page.goto((site / "five-definitions.html").as_uri())
    page.get_by_role("link", name="Open it").click()
    expect(page.locator(".overview tbody").first.locator("tr")).to_have_count(5)


def test_a_narrow_window_shows_a_page_whole(site: Path, page: "Page") -> None:
    page.set_viewport_size({"width": 420, "height": 800})
    for at in ("index.html", "property-kinds.html"):
        page.goto((site / at).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 420


def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Page\n\n[there](#nowhere)\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: s\n", encoding="utf-8")
    with pytest.raises(build_site.SiteError, match="anchor does not exist"):
        build_site._generate(tmp_path)


def test_a_flowchart_is_read_as_mermaid_has_it() -> None:
    graph = flowcharts.read(
        "flowchart TD\n  a[Read: twice] -->|well| b[Write] --> c([Succeeded])\n  a & b -->|failed| d([Failed])\n"
    )
    assert [(state["name"], state["type"]) for state in graph["states"]] == [
        ("Read", "twice"), ("Write", " "), ("Succeeded", "Succeed"), ("Failed", "Fail"),
    ]  # fmt: skip
    assert [(one["source"], one["target"], one["label"]) for one in graph["transitions"]] == [
        ("a", "b", "well"), ("b", "c", ""), ("a", "d", "failed"), ("b", "d", "failed"),
    ]  # fmt: skip
