"""The catalogue for readers: complete, deterministic, and with what the linter really prints."""

import json
from pathlib import Path

import pytest

from asl_lint.catalog import CatalogError, load_rules
from asl_lint.catalog.reading import read_shipped_rules
from asl_lint.rule_docs import by_category, descriptions, explain, find_rule, pages, rules_json, rules_markdown, rules_text
from tests.catalog.rule_files import rule, write
from tests.conftest import ROOT

RULES = load_rules()


@pytest.mark.parametrize("name", [rule.name for rule in RULES])
def test_every_rule_is_explained_with_what_it_prints(name: str) -> None:
    text = explain(name)
    found = find_rule(name, RULES)
    assert text.startswith(f"{name}: {found.summary}\n")
    assert f"[{name}]: " in text
    for title in ("Why", "How to mend it", "Reported", "Not reported"):
        assert f"\n{title}" in text


def test_an_organisations_rule_is_explained_too(tmp_path: Path) -> None:
    path = write(tmp_path, rule())
    text = explain("task-that-hangs", [str(path)])
    assert 'warning[task-that-hangs]: the Task "Example" has no TimeoutSeconds' in text
    assert "It waits for ever." in text


def test_a_rule_that_is_not_there_gives_the_near_one() -> None:
    with pytest.raises(CatalogError, match='there is no rule "unkown-field"; did you mean "unknown-field"'):
        explain("unkown-field")
    with pytest.raises(CatalogError, match="asl-lint rules lists them all"):
        explain("zzz")


def test_prose_is_wrapped_to_the_width() -> None:
    text = explain("field-of-other-language", width=60)
    prose = text.split("Reported")[0].splitlines()[4:]
    assert max(len(line) for line in prose) <= 60


def test_the_lists_name_every_rule_once() -> None:
    text, markdown = rules_text(RULES), rules_markdown(RULES)
    for found in RULES:
        assert text.count(f"  {found.name} ") == 1
        assert markdown.count(f"`{found.name}`") == 1
    assert [listed["name"] for listed in json.loads(rules_json(RULES))] == [found.name for found in RULES]


def test_rules_that_are_off_say_so() -> None:
    off, preview = RULES[0]._replace(enabled=False), RULES[0]._replace(name="new", enabled=False, preview=True)
    assert "(off by default)" in rules_text([off])
    assert "(preview)" in rules_text([preview])
    assert "(preview, off by default)" in rules_markdown([preview])


def test_an_organisations_categories_come_last() -> None:
    own = [RULES[0]._replace(name="b", category="b"), RULES[0]._replace(name="a", category="a")]
    assert list(by_category([*own, *RULES]))[-2:] == ["a", "b"]


def test_descriptions_carry_the_prose_of_every_rule(tmp_path: Path) -> None:
    path = write(tmp_path, rule())
    described = descriptions([str(path)])
    assert list(described) == [*[found.name for found in RULES], "task-that-hangs"]
    for name, description in described.items():
        assert description.name == name
        assert description.why
        assert "\n" not in description.why + description.fix


def test_there_is_a_page_for_each_rule_and_an_index_that_links_it() -> None:
    """In the pages of the checkout: that they are current is held where the pack is."""
    rules = read_shipped_rules()
    written = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "rules").glob("*.md")}
    assert set(written) == {"README.md", *(f"{whole.rule.name}.md" for whole in rules)}
    for whole in rules:
        assert f"]({whole.rule.name}.md)" in written["README.md"]
        for example in whole.prose.examples:
            assert example.shown.rstrip("\n") in written[f"{whole.rule.name}.md"]


def test_a_page_shows_the_property_and_links_to_its_kind_and_its_analysis() -> None:
    written = dict(pages([whole for whole in read_shipped_rules() if whole.rule.name == "unbounded-loop"]))["unbounded-loop.md"]
    assert "[`loops@1`](../property-kinds.md#loops1)" in written
    assert "property:\n  kind: loops@1\n  faults:\n  - external\n  timeout-counts: true\n" in written
    assert "[Loops](../analyses/loops.md)" in written
