"""What the catalogue takes for a rule, and how it says what is wrong with one."""

from pathlib import Path
from typing import Any

import pytest

from asl_lint.catalog import CatalogError, load_own_rules, load_prose, load_rules
from asl_lint.catalog.reading import read_shipped_rules, satisfies
from asl_lint.properties import KINDS
from tests.catalog.rule_files import rule, write


def refusal(folder: Path, whole: dict[str, Any], name: str | None = None) -> CatalogError:
    path = write(folder, whole, name)
    with pytest.raises(CatalogError) as caught:
        load_own_rules([str(path)])
    assert caught.value.file == str(path)
    return caught.value


def path_lines(error: CatalogError) -> list[str]:
    assert error.file is not None
    return Path(error.file).read_text(encoding="utf-8").splitlines()


def test_a_right_rule_is_loaded_after_the_shipped_ones(tmp_path: Path) -> None:
    path = write(tmp_path, rule(confidence="medium", since="1.2.3"))
    loaded = load_rules([str(path)])
    assert loaded[:-1] == load_rules()
    own = loaded[-1]
    assert (own.name, own.category, own.severity, own.confidence, own.since) == (
        "task-that-hangs",
        "house",
        "warning",
        "medium",
        "1.2.3",
    )
    assert own.kind == "jsonata@1"
    assert own.parameters == {"where": 'type = "Task"', "assert": "$exists(timeout)"}
    assert own.enabled
    assert own.path == str(path)
    assert load_prose(own).why == "It waits for ever."


def test_a_folder_is_read_with_its_folders_in_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    write(tmp_path / "b", rule(name="alpha"))
    write(tmp_path, rule(name="zeta"))
    write(tmp_path, rule(name="beta"))
    write(tmp_path, rule(name="hidden"), ".hidden")
    assert [whole.rule.name for whole in load_own_rules([str(tmp_path)])] == ["alpha", "beta", "zeta"]


def test_shipped_rules_stand_by_category_and_name() -> None:
    names = [(whole.rule.category, whole.rule.name) for whole in read_shipped_rules()]
    assert names == sorted(names)


@pytest.mark.parametrize("verdict", ["bad", "good"])
def test_an_example_of_either_kind_must_be_there(tmp_path: Path, verdict: str) -> None:
    examples = dict(rule()["examples"])
    error = refusal(tmp_path, rule(examples={**examples, verdict: []}))
    assert error.problem == f"examples.{verdict} is empty; it needs at least 1"
    del examples[verdict]
    error = refusal(tmp_path, rule(examples=examples))
    assert error.problem == f'examples lacks "{verdict}"'


def test_an_unknown_kind_is_refused_with_the_near_one(tmp_path: Path) -> None:
    error = refusal(tmp_path, rule(property={"kind": "jsonatta@1", "assert": "true"}))
    assert error.problem == 'there is no property kind "jsonatta@1"; did you mean "jsonata@1"?'


def test_another_version_of_a_kind_is_refused_with_the_one_that_is_there(tmp_path: Path) -> None:
    error = refusal(tmp_path, rule(property={"kind": "jsonata@2", "assert": "true"}))
    assert error.problem == 'there is no property kind "jsonata@2"; did you mean "jsonata@1"?'


def test_an_unknown_kind_without_a_near_one_lists_all(tmp_path: Path) -> None:
    error = refusal(tmp_path, rule(property={"kind": "zzz", "assert": "true"}))
    assert error.problem == f'there is no property kind "zzz"; known are {", ".join(KINDS)}'


def test_an_unknown_parameter_is_refused_with_the_near_one_and_its_line(tmp_path: Path) -> None:
    error = refusal(tmp_path, rule(property={"kind": "jsonata@1", "asert": "true"}))
    assert 'property has no key "asert"; did you mean "assert"?' in str(error)
    assert 'property lacks "assert"' in str(error)


def test_a_parameter_of_the_wrong_type_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, rule(property={"kind": "jsonata@1", "assert": 3}))
    assert error.problem == "property.assert must be text, not 3"
    assert error.line == 11


def test_an_unknown_observation_is_refused_with_the_near_one(tmp_path: Path) -> None:
    changed = rule(property={"kind": "observed@1", "codes": ["unkown-field"]}, message="no")
    error = refusal(tmp_path, changed)
    assert error.problem == 'property.codes.0 cannot be "unkown-field"; did you mean "unknown-field"?'


def test_an_expression_that_does_not_parse_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, rule(property={"kind": "jsonata@1", "assert": "$exists(timeout"}))
    assert error.problem == "property.assert is no JSONata expression: expected ) before end of expression (at character 15)"
    assert error.line == 11


def test_a_placeholder_that_the_property_does_not_supply_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, rule(message="{stat} has no timeout"))
    assert error.problem == "the message uses {stat}, which jsonata@1 does not supply; did you mean {state}?"
    assert error.line == 6
    error = refusal(tmp_path, rule(message="{wanted}"))
    assert error.problem == "the message uses {wanted}, which jsonata@1 does not supply; it supplies {state}, {type}"


def test_a_value_of_the_rule_is_a_placeholder_of_its_message(tmp_path: Path) -> None:
    parameters = {"kind": "jsonata@1", "assert": "true", "values": {"service": "resource.service"}}
    path = write(tmp_path, rule(property=parameters, message="{service} in {state}"))
    assert load_own_rules([str(path)])[0].rule.message == "{service} in {state}"


def test_a_value_cannot_take_a_name_that_is_supplied_already(tmp_path: Path) -> None:
    error = refusal(tmp_path, rule(property={"kind": "jsonata@1", "assert": "true", "values": {"state": "name"}}))
    assert error.problem == "property.values.state is supplied already; choose another name"


@pytest.mark.parametrize("name", ["TaskTimeout", "task_timeout", "-task", "task--timeout", "1task"])
def test_a_name_is_lower_case_words_joined_by_hyphens(tmp_path: Path, name: str) -> None:
    error = refusal(tmp_path, rule(name=name))
    assert error.problem.startswith(f'name is "{name}"; Lower-case words joined by hyphens')


def test_a_file_has_its_rules_name(tmp_path: Path) -> None:
    error = refusal(tmp_path, rule(), "other")
    assert error.problem == 'the rule is named "task-that-hangs", but its file "other"'
    assert error.line == 2


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    first, second = write(tmp_path / "more", rule()), write(tmp_path, rule())
    with pytest.raises(CatalogError) as caught:
        load_own_rules([str(tmp_path)])
    assert caught.value.problem == f'there is another rule "task-that-hangs", in {first}'
    assert caught.value.file == str(second)


def test_the_name_of_a_shipped_rule_is_taken(tmp_path: Path) -> None:
    error = refusal(tmp_path, rule(name="unknown-field"))
    assert error.problem == 'asl-lint itself has a rule "unknown-field"; choose another name'


@pytest.mark.parametrize(("category", "meaning"), [("conformance", "what AWS refuses"), ("suppression", "directives")])
def test_categories_of_the_linters_own_are_taken(tmp_path: Path, category: str, meaning: str) -> None:
    assert meaning in refusal(tmp_path, rule(category=category)).problem


def test_an_unknown_key_is_refused_with_the_near_one_and_its_line(tmp_path: Path) -> None:
    error = refusal(tmp_path, rule(sumary="what it says"))
    assert error.problem == 'the rule has no key "sumary"; did you mean "summary"?'
    assert error.line == len(path_lines(error))


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    error = refusal(tmp_path, rule(severity="eror", summary=3, why=None))
    assert str(error).count("\n") == 2
    assert 'severity cannot be "eror"; did you mean "error"?' in str(error)
    assert "summary must be text, not 3" in str(error)
    assert 'the rule lacks "why"' in str(error)


def test_a_severity_that_is_near_none_lists_all(tmp_path: Path) -> None:
    error = refusal(tmp_path, rule(severity="catastrophe"))
    assert error.problem == 'severity cannot be "catastrophe"; it can be "error", "warning" or "info"'


def test_without_a_format_a_rule_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, rule(format=None))
    assert error.problem == '"format: 1" is missing, in the rule or in index.yaml of its folder'


@pytest.mark.parametrize("stated", [2, "1", True, 1.5])
def test_another_format_is_refused_with_what_is_supported(tmp_path: Path, stated: object) -> None:
    assert "is not supported; this version reads format 1" in refusal(tmp_path, rule(format=stated)).problem


def test_the_index_of_a_folder_states_format_and_requirement_for_all_below(tmp_path: Path) -> None:
    (tmp_path / "index.yaml").write_text('format: 1\nrequires: ">=0.1"\n', encoding="utf-8")
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    write(tmp_path / "deep" / "deeper", rule(format=None))
    assert len(load_own_rules([str(tmp_path)])) == 1


def test_the_nearest_index_wins(tmp_path: Path) -> None:
    (tmp_path / "index.yaml").write_text("format: 1\n", encoding="utf-8")
    (tmp_path / "next").mkdir()
    (tmp_path / "next" / "index.yaml").write_text("format: 7\n", encoding="utf-8")
    write(tmp_path / "next", rule(format=None))
    with pytest.raises(CatalogError, match="format 7 is not supported"):
        load_own_rules([str(tmp_path)])


def test_an_index_has_no_other_keys(tmp_path: Path) -> None:
    (tmp_path / "index.yaml").write_text("format: 1\nrequire: 1\n", encoding="utf-8")
    write(tmp_path, rule(format=None))
    with pytest.raises(CatalogError, match=r'index.yaml:2: an index has no key "require"; did you mean "requires"'):
        load_own_rules([str(tmp_path)])


def test_a_rule_for_a_later_version_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, rule(requires=">=99")).problem.startswith("requires asl-lint >=99; this is ")


def test_a_requirement_that_is_none_is_refused(tmp_path: Path) -> None:
    assert 'write one such as ">=0.1"' in refusal(tmp_path, rule(requires="newest")).problem


@pytest.mark.parametrize(
    ("version", "requires", "verdict"),
    [
        ("0.1.0", ">=0.1", True),
        ("0.1.0", ">=0.1.1", False),
        ("0.10.0", ">=0.9", True),
        ("1.0.0", ">=0.1, <1", False),
        ("0.9.9", ">=0.1, <1", True),
        ("1.0", "==1.0.0", True),
        ("1.0", "!=1.0.0", False),
        ("1.0.1", ">1", True),
        ("1.0.0", ">1", False),
        ("1.0.0", "<=1", True),
    ],
)
def test_versions_are_compared_by_their_numbers(version: str, requires: str, verdict: bool) -> None:
    assert satisfies(version, requires) is verdict


@pytest.mark.parametrize("requires", ["1", "", "~1", ">=x", ">=1,", 1])
def test_what_is_no_requirement_raises(requires: object) -> None:
    with pytest.raises(ValueError, match="write one such as"):
        satisfies("1.0.0", requires)


def test_an_example_has_one_form(tmp_path: Path) -> None:
    examples = rule()["examples"]
    both = {**examples["good"][0], "text": "{}"}
    error = refusal(tmp_path, rule(examples={**examples, "good": [both]}))
    assert error.problem == 'an example has one of "definition", "state", "text" and "template"; this one has "state" and "text"'
    error = refusal(tmp_path, rule(examples={**examples, "good": [{"note": "nothing"}]}))
    assert error.problem.endswith("this one has none")


def test_a_bad_example_says_what_it_expects(tmp_path: Path) -> None:
    examples = rule()["examples"]
    error = refusal(tmp_path, rule(examples={**examples, "bad": [{"state": {"Type": "Pass"}}]}))
    assert error.problem == 'examples.bad.0 lacks "expect"'


def test_a_file_that_is_not_there_is_an_error_of_the_catalogue(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="cannot be read: No such file"):
        load_own_rules([str(tmp_path / "none.yaml")])


def test_a_folder_without_rules_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="there is no rule in this folder"):
        load_own_rules([str(tmp_path)])


def test_a_preview_is_off_by_default(tmp_path: Path) -> None:
    path = write(tmp_path, rule(preview=True))
    own = load_own_rules([str(path)])[0].rule
    assert own.preview
    assert not own.enabled


def shipped(folder: Path, whole: dict[str, Any]) -> str:
    (folder / "style").mkdir(exist_ok=True)
    write(folder / "style", whole)
    with pytest.raises(CatalogError) as caught:
        read_shipped_rules(str(folder))
    return caught.value.problem


def test_a_shipped_rule_lies_in_the_folder_of_its_category(tmp_path: Path) -> None:
    assert shipped(tmp_path, rule()) == 'category is "house", but the file lies in the folder "style"'


def test_a_shipped_rule_says_since_when_and_who_says_so(tmp_path: Path) -> None:
    assert "since" in shipped(tmp_path, rule(category="style"))
    assert "references" in shipped(tmp_path, rule(category="style", since="0.1.0"))


def test_only_a_text_has_a_format(tmp_path: Path) -> None:
    examples = rule()["examples"]
    error = refusal(tmp_path, rule(examples={**examples, "good": [{"state": {"Type": "Pass"}, "format": "yaml"}]}))
    assert error.problem == '"format" goes with "text"; a definition or a state is always checked as JSON'


@pytest.mark.parametrize("content", ["- a\n- b\n", "just text\n", "3\n"])
def test_a_rule_is_a_mapping(tmp_path: Path, content: str) -> None:
    path = tmp_path / "rule.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogError, match="a rule is a mapping of its name"):
        load_own_rules([str(path)])


def test_an_index_is_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "index.yaml").write_text("1\n", encoding="utf-8")
    write(tmp_path, rule())
    with pytest.raises(CatalogError, match='an index is a mapping with "format"'):
        load_own_rules([str(tmp_path)])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"references": ["https://a.example", "https://a.example"]}, "references holds the same element twice"),
        ({"name": "a" * 61}, "against maxLength 60"),
        ({"summary": "one\n\ntwo"}, "it must match"),
        ({"examples": 3}, "examples must be a mapping, not 3"),
        ({"enabled": "yes"}, 'enabled must be true or false, not "yes"'),
        (
            {"property": {"kind": "jsonata@1", "assert": "true", "values": {"Upper": "name"}}},
            'property.values is "Upper"; it must match',
        ),
    ],
)
def test_other_faults_of_a_rule_are_told_in_words(tmp_path: Path, changes: dict[str, Any], problem: str) -> None:
    assert problem in str(refusal(tmp_path, rule(**changes)))
