"""``placeholders-resolved@1``: every ``${Name}`` is filled in by the deployment, with a value that its place can take.

Or everything that it fills in is there. Judged only where somebody has said what is filled in; comments do not count. One walk
over the definition, and none where its text has no placeholder.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match, NotJudged
from asl_lint.facts.placeholder_uses import Use, tool_of, uses
from asl_lint.late import Final
from asl_lint.near import near
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import MISSING
from asl_lint.source.placeholders import has_placeholder
from asl_lint.source.read import is_terraform
from asl_lint.source.substitution import in_string, unquoted_value

_DATA: Final = frozenset(("Assign", "Input", "ItemSelector", "Output", "Payload", "Result", "ResultSelector"))
"""Fields and arguments that hold what a machine hands on: an empty text can be meant there."""


def _values(parameters: Parameters) -> frozenset[str]:
    if "empty" in parameters or "unused" in parameters:
        return frozenset(("name",))
    return frozenset(("name", "problem" if "unfit" in parameters else "placeholder"))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match | NotJudged]:
    substitutions = facts.workflow.substitutions
    for question in parameters:
        if question in _ABOUT_VALUES:
            if substitutions:
                yield from _ABOUT_VALUES[question](facts, substitutions)
            return
    content = facts.document.text.content
    if "${" not in content and "{{" not in content and "<%=" not in content:
        return
    spare: list[str] | None = None
    for use in _left(facts, parameters.get("other-names", ())):
        if substitutions is None:
            yield NotJudged("substitutions")
            return
        if spare is None:
            spare = _spare(facts)
        values, hint = {"name": use.name, "placeholder": use.text}, _hint(use, facts, substitutions, spare)
        yield Match(use.pointer, values, "key" if use.is_key else "value", use.within, help=hint)


def _left(facts: Facts, other_names: Iterable[str] = ()) -> Iterator[Use]:
    """The placeholders that nothing fills in."""
    filled = facts.workflow.substitutions or {}
    for use in uses(facts.document.value):
        is_open = use.name not in filled if use.text.startswith("$") else _is_left_to_nobody(use, facts)
        if is_open and not any(fnmatchcase(use.name, glob) for glob in other_names):
            yield use


def _is_left_to_nobody(use: Use, facts: Facts) -> bool:
    """Whether a variable of what writes texts stands in a definition that a template deploys as it is, and not in data.

    Of a definition alone nobody knows: it counts as open there.
    """
    known = facts.workflow.substitutions is not None
    is_whole = use.is_whole or not use.is_quoted
    return (not known or facts.workflow.logical_id is not None) and is_whole and _DATA.isdisjoint(use.pointer)


def _hint(use: Use, facts: Facts, substitutions: Mapping[str, object], spare: Iterable[str]) -> str | None:
    name = use.name
    meant = name if name in substitutions else _meant(name, substitutions, spare)
    if meant is not None:
        return f'did you mean "${{{meant}}}"?'
    if tool := tool_of(name):
        return f"this is how {tool} writes a variable, which does not deploy this definition"
    if is_terraform(facts.workflow.file):
        return f"Terraform knows no reference of that form; $${{{name}}} leaves the text as it is"
    if use.text not in facts.document.text.content:
        return "it stands in what is filled in here: only !Sub fills in such a text"
    return None


def _meant(name: str, substitutions: Mapping[str, object], spare: Iterable[str]) -> str | None:
    """The substitution that a name was probably meant to be: rather one that nothing uses."""
    return near(name, spare) or near(name, sorted(substitutions))


def _spare(facts: Facts) -> list[str]:
    """What is filled in for this definition alone, and has no placeholder in it."""
    content = facts.document.text.content
    return sorted(name for name in facts.workflow.declared if f"${{{name}}}" not in content)


def _unused(facts: Facts, substitutions: Mapping[str, object]) -> Iterator[Match]:
    spare = _spare(facts)
    if not spare:
        return
    misspelt = {_meant(use.name, substitutions, spare) for use in _left(facts)}  # the placeholder is told, with this name
    for name in facts.workflow.declared:
        if name in spare and name not in misspelt and _fills_in(substitutions[name]):
            yield Match((), {"name": name}, "key", span=facts.workflow.declared[name])


def _fills_in(value: object) -> bool:
    """Whether a value can be filled in at all; that it cannot is told of it already."""
    return value is MISSING or isinstance(value, str | int | float)


def _empty(facts: Facts, substitutions: Mapping[str, object]) -> Iterator[Match]:
    """Placeholders that are a whole string, and are given no character."""
    empty = {name for name, value in substitutions.items() if isinstance(value, str) and not value.strip()}
    for use in _written(facts, empty):
        if use.is_whole and _DATA.isdisjoint(use.pointer):
            yield _at(facts, use, {"name": use.name})


def _unfit(facts: Facts, substitutions: Mapping[str, object]) -> Iterator[Match]:
    """Placeholders in whose place the value that they are given makes no text that can be read."""
    texts = {name: value for name, value in substitutions.items() if isinstance(value, str) and not has_placeholder(value)}
    others = {name: value for name, value in substitutions.items() if not _fills_in(value)}
    for use in _written(facts, [*texts, *others]):
        if use.name in texts:
            problem = _problem(use, texts[use.name], facts)
            if problem is not None:
                yield _at(facts, use, {"name": use.name, "problem": problem[0]}, problem[1])
        elif use.name in others:
            yield _at(facts, use, {"name": use.name, "problem": _no_text(others.pop(use.name))})
    for name, value in others.items():
        if name in facts.workflow.declared:
            yield Match((), {"name": name, "problem": _no_text(value)}, "key", span=facts.workflow.declared[name])


def _no_text(value: object) -> str:
    kind = "null" if value is None else "an object" if isinstance(value, dict) else "an array"
    return f"is given {kind}, and takes a string, a number or a boolean"


def _problem(use: Use, value: str, facts: Facts) -> tuple[str, str | None] | None:
    """What is wrong with a text at a place, and how to mend it."""
    document, as_yaml = facts.document.written, facts.workflow.as_yaml
    if use.is_quoted:
        if value.endswith("\\") and not use.is_whole:
            return None  # it may escape what follows
        if document.format == "json" and in_string(value) is None:
            return "is given a text that ends or breaks the string around it", "put a backslash before its quotes and backslashes"
        return None
    if document.format == "json" and not as_yaml and unquoted_value(value, as_yaml=False) is MISSING:
        if not value.strip():
            return "stands without quotes and is given an empty text: what is left is no JSON", None
        hint = f'write it in quotes if a text belongs there: "${{{use.name}}}"'
        return "stands without quotes and is given a text: what comes of it is no JSON", hint
    return None


def _written(facts: Facts, names: Iterable[str]) -> Iterator[Use]:
    """The placeholders of these names, in the definition as it was before anything was filled in."""
    wanted = frozenset(names)
    if not wanted:
        return
    content = facts.document.text.content
    if any(f"${{{name}}}" in content for name in wanted):
        yield from (use for use in uses(facts.document.written.value) if use.name in wanted)


def _at(facts: Facts, use: Use, values: Mapping[str, str], hint: str | None = None) -> Match:
    document = facts.document.written
    span = document.span(use.pointer, "key" if use.is_key else "value", use.within)
    # Who fills in values that only the settings say is not known, nor whether it reads the text as YAML.
    return Match(use.pointer, values, span=span, help=hint, sure=use.is_quoted or facts.workflow.logical_id is not None)


_ABOUT_VALUES: Final[Mapping[str, Callable[[Facts, Mapping[str, object]], Iterator[Match]]]] = {
    "unused": _unused,
    "empty": _empty,
    "unfit": _unfit,
}

KIND: Final = Kind(
    name="placeholders-resolved@1",
    summary="Every ${Name} of the definition is filled in by the deployment.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "other-names": {
                "description": "Names that something else fills in, or that stay: globs.",
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": {"type": "string", "minLength": 1},
            },
            "unused": {
                "description": "Report instead what is filled in for this definition and does not occur in it.",
                "const": True,
            },
            "empty": {
                "description": "Report instead placeholders that are a whole string and are given no character.",
                "const": True,
            },
            "unfit": {
                "description": "Report instead placeholders that are given what their place cannot take.",
                "const": True,
            },
        },
    },
    values=_values,
    check=_check,
)
