"""Builds the documentation site from docs/ and mkdocs.yml, with Zensical: ``build_site.py [FOLDER]``, by default into site/.

What is made of the program is made now: the navigation of the rules, and the reviews of the definitions under docs/. A page may
link to any file of the repository, as it does where the repository itself is read: that file becomes part of the site. A link or
an anchor that leads nowhere fails the build.
"""

import os
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from asl_lint.catalog import load_rules  # noqa: E402
from asl_lint.rule_docs import by_category  # noqa: E402
from scripts.flowcharts import drawn  # noqa: E402

REVIEWS: Final = {
    "five-definitions": (("html",), ("docs/step_functions_jsonata",)),
    "examples": (("html", "markdown", "json"), ("docs/examples", "--no-config")),
}
"""Name below reports/ -> its formats, and what ``asl-lint report`` is given."""
ENDINGS: Final = {"html": "html", "markdown": "md.txt", "json": "json"}
FILES: Final = "repository"
"""The folder of the site with the files of the repository that pages link to."""

_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s#]+)(#[^)\s]*)?\)")
_HOME = re.compile(r'href="(\.(?:/\.\.)*/?)"')
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class SiteError(Exception):
    """The site cannot be built, and why."""


def build(output: Path) -> None:
    """Builds the site into a folder, which is replaced. Raises SiteError."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder)
        pages = stage / "docs"
        shutil.copytree(ROOT / "docs", pages)
        for page in sorted(pages.rglob("*.md")):
            _prepare(page, pages)
        _write_reviews(pages / "reports")
        (stage / "mkdocs.yml").write_text(configuration(), encoding="utf-8")
        _generate(stage)
        if output.exists():
            shutil.rmtree(output)
        shutil.copytree(stage / "site", output)


def configuration() -> str:
    """mkdocs.yml, with the pages of the rules in its navigation, by category."""
    settings: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    for entry in settings["nav"]:
        if "Rules" in entry:
            entry["Rules"] += list(_rules())
    return yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)


def _rules() -> Iterator[dict[str, Any]]:
    for category, rules in by_category(load_rules()).items():
        yield {category: [{rule.name: f"rules/{rule.name}.md"} for rule in rules]}


def _prepare(page: Path, pages: Path) -> None:
    """Copies what a page links to outside of docs/, turns its links there, and draws its flowcharts."""
    source = page.relative_to(pages).as_posix()

    def turned(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join("docs", posixpath.dirname(source), link[1]))
        if path.startswith(("docs/", "..")) or not (ROOT / path).is_file():
            return link[0]
        brought = pages / FILES / (f"{path}.txt" if path.endswith(".md") else path)
        brought.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, brought)
        return f"]({posixpath.relpath(brought.as_posix(), page.parent.as_posix())})"

    text = page.read_text(encoding="utf-8")
    page.write_text(drawn(_LINK.sub(turned, text), page), encoding="utf-8")


def _write_reviews(folder: Path) -> None:
    folder.mkdir()
    for name, (formats, arguments) in REVIEWS.items():
        for format in formats:
            file = folder / f"{name}.{ENDINGS[format]}"
            _run(
                ROOT, "-m", "asl_lint", "report", *arguments, "--root", ".", "--format", format, "--output", str(file), "--quiet"
            )


def _generate(stage: Path) -> None:
    _run(stage, "-m", "zensical", "build", "--strict", "--clean")
    for page in (stage / "site").rglob("*.html"):
        # The theme's logo leads to the folder of the site, of which a disk shows a list.
        text = page.read_text(encoding="utf-8")
        page.write_text(_HOME.sub(lambda found: f'href="{found[1].rstrip("/")}/index.html"', text), encoding="utf-8")


def _run(folder: Path, *arguments: str) -> None:
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        said, _, traceback = (done.stdout + done.stderr).partition("Traceback ")
        raise SiteError(_COLOURS.sub("", said).strip() or traceback)


def main(arguments: list[str]) -> int:
    """Exit codes: 0 the site is there, 1 it cannot be built, 2 misuse."""
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        print("usage: build_site.py [FOLDER]", file=sys.stderr)
        return 2
    output = Path(arguments[0]) if arguments else ROOT / "site"
    try:
        build(output)
    except SiteError as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"the site is in {output}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
