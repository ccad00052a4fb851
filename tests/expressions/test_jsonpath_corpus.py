"""Paths and calls of real definitions: what the service accepted has no error, what it refused has one at its place."""

import json
import re
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import pytest
import yaml

from asl_lint.expressions.intrinsics import Intrinsic, parse_dynamic
from asl_lint.expressions.jsonpath import Path, PathError, parse_path
from tests.conftest import manifest

Site = tuple[str, str]
"""The key and the text of a place that holds a path or a call."""

_SCOPES = ("States", "Branches", "ItemProcessor", "Iterator")
_CALLS_ALLOWED = ("ErrorPath", "CausePath")
_PATHS = re.compile(
    r".*\.\$|Variable|(Input|Output|Result|Items|Error|Cause|Seconds|Timestamp|TimeoutSeconds|HeartbeatSeconds|MaxConcurrency"
    r"|ToleratedFailure(Count|Percentage)|MaxItems|MaxItemsPerBatch|MaxInputBytesPerBatch|.*(Equals|LessThan|GreaterThan))Path",
    re.DOTALL,
)


def sites(definition: Any) -> Iterator[Site]:
    """What the service reads as a path or a call: in JSONPath states, outside a Pass state's Result."""
    if isinstance(definition, dict):
        yield from _scope(definition, definition.get("QueryLanguage", "JSONPath"))


def _scope(scope: Any, language: Any) -> Iterator[Site]:
    for state in (
        (scope.get("States") or {}).values() if isinstance(scope, dict) and isinstance(scope.get("States"), dict) else ()
    ):
        if not isinstance(state, dict):
            continue
        for inner in (state.get("ItemProcessor"), state.get("Iterator"), *(state.get("Branches") or ())):
            yield from _scope(inner, language)
        if state.get("QueryLanguage", language) == "JSONPath":
            yield from _members({key: value for key, value in state.items() if key not in ("Result", *_SCOPES)})


def _members(value: Any) -> Iterator[Site]:
    if isinstance(value, list):
        for element in value:
            yield from _members(element)
    if not isinstance(value, dict):
        return
    for key, member in value.items():
        if isinstance(member, str) and _PATHS.fullmatch(key):
            yield key, member
        yield from _members(member)


def read(site: Site) -> Path | Intrinsic:
    key, text = site
    return parse_dynamic(text) if key.endswith(".$") or key in _CALLS_ALLOWED else parse_path(text)


def definitions(folder: File) -> Iterator[tuple[dict[str, Any], Any]]:
    """The manifest entries with their definitions; templates that are not yet JSON are left out."""
    for entry in manifest(folder):
        text = (folder / entry["file"]).read_text(encoding="utf-8-sig")
        try:
            yield entry, json.loads(text, strict=False) if entry["file"].endswith(".json") else yaml.load(text, yaml.CSafeLoader)
        except (ValueError, yaml.YAMLError):
            continue


@pytest.fixture(scope="module")
def accepted(corpus: File) -> list[Site]:
    """The distinct sites of all definitions that the service has accepted."""
    taken = [definition for entry, definition in definitions(corpus / "good") if str(entry["category"]).startswith("aws")]
    taken += [definition for _, definition in definitions(corpus / "executions")]
    recordings = (corpus / "recordings.jsonl").read_text(encoding="utf-8").split("\n")
    taken += [json.loads(line)["definition"] for line in recordings if line]
    found = sorted({site for definition in taken for site in sites(definition)})
    assert len(found) > 200
    return found


def described(site: Site, errors: tuple[PathError, ...]) -> str:
    return f"{site[0]}: {site[1]!r}: " + "; ".join(f"{error.message} ({site[1][error.start : error.end]!r})" for error in errors)


def test_what_the_service_accepted_has_no_error(accepted: list[Site]) -> None:
    wrong = [described(site, parsed.errors) for site in accepted if (parsed := read(site)).errors]
    assert wrong == []


def test_a_reference_path_that_the_service_accepted_is_one(accepted: list[Site]) -> None:
    fields = ("ResultPath", "Variable", "ItemsPath", "SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath")
    taken = [site for site in accepted if site[0] in fields]
    assert len(taken) > 30
    wrong = [site for site in taken if not parse_path(site[1]).is_reference]
    assert wrong == []


def test_no_definition_that_is_meant_to_deploy_has_a_sure_error(corpus: File) -> None:
    found = sorted({site for _, definition in definitions(corpus / "good") for site in sites(definition)})
    assert len(found) > 2000
    wrong = [
        described(site, sure) for site in found if (sure := tuple(error for error in read(site).errors if error.sure))
    ]  # fmt: skip
    assert wrong == []


REFUSED = [
    ("localstack__localstack/test_illegal_escapes-ESCAPE_SEQUENCES_ILLEGAL_INTRINSIC_FUNCTION.asl.json", ["\\\"", "\\\""]),
    ("localstack__localstack/test_illegal_escapes-ESCAPE_SEQUENCES_ILLEGAL_INTRINSIC_FUNCTION_2.asl.json", ["\\\""] * 4),
    ("aws-issues/cfnlint-4085-assign-dollar-not-path.asl.json", ["Test"]),
    ("aws__amazon-states-language-service/documentInvalidParametersJsonPath.asl.json", ["", "prod-v1"]),
    ("aws__amazon-states-language-service/documentInvalidParametersIntrinsicFunction.asl.json",
     ["(", "States.StringToJson", "States.", "JsonToString", "something else", "States\nJsonToString($)"]),
    ("aws__amazon-states-language-service/documentInvalidResultSelectorIntrinsicFunction.asl.yaml",
     ["$.firstName", "$.lastName", "(", "States.StringToJson", "States.", "JsonToString", "something else"]),
    ("awslabs__statelint/invalid-function-invocation.asl.json", ["States.Xyz"]),
    ("awslabs__statelint/parameter-path-problems.asl.json", ["23", "23"]),
    ("coinbase__step/bad_path.asl.json", ["."]),
    ("ChristopheBougere__asl-validator/invalid-choice-state-variable.asl.json",
     ["States.ArrayContains($.clients.unique, 'null')"]),
]  # fmt: skip
"""Definitions refused for a path or a call, by the service or by other tools, and what is wrong in them, in the file's order."""


@pytest.mark.parametrize(("name", "quotes"), REFUSED, ids=[name.partition("/")[2] for name, _ in REFUSED])
def test_what_was_refused_is_a_sure_error_at_its_place(corpus: File, name: str, quotes: list[str]) -> None:
    text = (corpus / "bad" / name).read_text(encoding="utf-8")
    definition = json.loads(text) if name.endswith(".json") else yaml.safe_load(text)
    found = [
        site[1][error.start : error.end]
        for site in sites(definition)
        for error in read(site).errors
        if error.sure and error.stage == "create"
    ]
    assert found == quotes


@pytest.mark.filterwarnings("ignore:An unquoted word:DeprecationWarning")
def test_the_independent_implementation_accepts_the_same_paths(corpus: File) -> None:
    other = pytest.importorskip("jsonpath_ng.ext", reason="jsonpath-ng is the reference of this comparison")
    # One path of each shape: the other implementation takes milliseconds for one, and names make no difference to it.
    shapes: dict[str, str] = {}
    for _, definition in definitions(corpus / "good"):
        for _, text in sites(definition):
            if text.startswith("$") and "${" not in text:
                shapes.setdefault(re.sub(r"[A-Za-z_]\w*", "a", text), text)
    texts = sorted(shapes.values())
    assert len(texts) > 50
    disagreed = []
    for text in texts:
        path = parse_path(text)
        # It knows neither the context object nor variables: what follows their roots is the same language.
        root = {"context": "$$", "variable": f"${path.variable}"}.get(path.root, "$")
        try:
            other.parse("$" + path.source[len(root) :])
        except Exception:  # jsonpath-ng raises its own errors and ply's, without a common class.
            if not path.errors:
                disagreed.append(text)
        else:
            if path.errors:
                disagreed.append(text)
    assert disagreed in ([], ["$[(@.length-1)].bar"])
