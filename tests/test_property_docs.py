"""The page about property kinds: complete, and what its generator makes."""

import subprocess
import sys
from importlib import util
from types import ModuleType

import pytest

from asl_lint.engine import kind_named
from asl_lint.properties import KINDS
from tests.conftest import ROOT

SCRIPT = ROOT / "scripts" / "generate_property_docs.py"
PAGE = (ROOT / "docs" / "property-kinds.md").read_text(encoding="utf-8")
EXAMPLES = ROOT / "docs" / "example-rules"
GUIDE = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")


def generator() -> ModuleType:
    spec = util.spec_from_file_location("generate_property_docs", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def section(kind: str) -> str:
    """What the page says of a kind."""
    return PAGE.split(f"\n### `{kind}`\n")[1].split("\n### ")[0].split("\n## ")[0]


def test_the_page_is_what_its_generator_makes() -> None:
    run = subprocess.run([sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")


def test_a_kind_without_a_place_on_the_page_is_told() -> None:
    with pytest.raises(ValueError, match="no place for at-most-once@1"):
        generator().page(PAGE.replace("<!-- begin: at-most-once@1 -->", ""))


def test_a_part_that_was_changed_by_hand_is_mended() -> None:
    assert generator().page(PAGE.replace("What must not happen too early.", "Something.")) == PAGE


@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_of_a_kind_is_described(kind: str) -> None:
    text = section(kind)
    for name in kind_named(kind).parameters["properties"]:
        (row,) = (line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        _, takes, _, means = (cell.strip() for cell in row.strip("|").split("|"))
        assert takes
        assert means


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_shown_with_a_whole_rule(kind: str) -> None:
    shown = section(kind).split("```yaml\n")[1].split("```")[0]
    name = shown.split("\nname: ")[1].split("\n")[0]
    assert (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8") == shown
    assert f"kind: {kind}\n" in shown


@pytest.mark.parametrize("kind", KINDS)
def test_the_guide_names_every_kind(kind: str) -> None:
    assert f"`{kind}`" in GUIDE
