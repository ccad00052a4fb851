"""The examples of a rule: each a text to check, whatever form it is written in.

A ``definition`` becomes JSON, indented; a ``state`` is put into a machine that AWS would take; a ``text``
or a ``template`` stays as it is.
"""

import json
from collections.abc import Iterator, Mapping

from asl_lint.catalog.rule import CatalogError, Example, Expectation
from asl_lint.catalog.yaml_file import YamlFile
from asl_lint.late import Any, Final, Literal, cast
from asl_lint.source.document import Pointer

STATE: Final = "Example"
"""The name that the one state of a ``state`` example gets."""

_FORMS: Final = ("definition", "state", "text", "template")
_SHOWN: Final = 80
"""Characters of a repetition that are shown in full."""

_STATE_DEPTH: Final = 3
"""Containers around the value of a state's field."""

_LINE: Final = 72
"""Characters of a value that stands on one line."""

_FLOWING: Final = ("Task", "Parallel", "Map", "Pass", "Wait")


def read_examples(file: YamlFile) -> tuple[Example, ...]:
    """The examples of a rule file that its schema has found right, the bad ones first. Raises CatalogError."""
    given = cast(Mapping[str, Any], file.value)["examples"]
    return tuple(
        _example(file, verdict, value, ("examples", verdict, i))
        for verdict in cast(tuple[Literal["bad", "good"], ...], ("bad", "good"))
        for i, value in enumerate(given[verdict])
    )


def _example(file: YamlFile, verdict: Literal["bad", "good"], value: Mapping[str, Any], pointer: Pointer) -> Example:
    forms = [form for form in _FORMS if form in value]
    line = file.line(pointer)
    if len(forms) != 1:
        stated = " and ".join(f'"{form}"' for form in forms) or "none"
        raise CatalogError(
            f'an example has one of "definition", "state", "text" and "template"; this one has {stated}', file.path, line
        )
    if "format" in value and "text" not in value:
        raise CatalogError('"format" goes with "text"; a definition or a state is always checked as JSON', file.path, line)
    base = ""
    if "text" in value:
        text, shown = _joined(value["text"])
    elif "template" in value:
        text = shown = value["template"]
    elif "definition" in value:
        text = shown = render(value["definition"])
    else:
        text = shown = render(machine_around(value["state"]))
        base = f"/States/{STATE}"
    expect = tuple(
        Expectation(base + given["at"], given.get("quote"), _stripped(given.get("message")), given.get("severity"))
        for given in value.get("expect", ())
    )
    return Example(
        verdict=verdict,
        text=text,
        format="yaml" if "template" in value else value.get("format", "json"),
        is_template="template" in value,
        shown=shown,
        expect=expect,
        also=tuple(value.get("also", ())),
        machine_type=value.get("machine_type"),
        substitutions=value.get("substitutions"),
        role=value.get("role"),
        nested=value.get("nested"),
        note=_stripped(value.get("note")),
        line=line,
    )


def _joined(text: str | list[str | dict[str, Any]]) -> tuple[str, str]:
    """A text given whole or in pieces, some of them repeated: as it is, and as it is shown."""
    if isinstance(text, str):
        return text, text
    whole, shown = "", ""
    for piece in text:
        if isinstance(piece, str):
            whole, shown = whole + piece, shown + piece
        else:
            stretch, times = piece["repeat"], piece["times"]
            whole += stretch * times
            shown += stretch * times if len(stretch) * times <= _SHOWN else f"{stretch * 3}… ({times:,} times)"
    return whole, shown


def _stripped(text: str | None) -> str | None:
    return None if text is None else text.strip()


def render(definition: object) -> str:
    """A definition as JSON text that people can read: inside a state, what fits on a line stands on one."""
    return _rendered(definition, 0) + "\n"


def _rendered(value: object, depth: int) -> str:
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or (depth >= _STATE_DEPTH and len(line) <= _LINE):
        return line
    indent = "  " * (depth + 1)
    if isinstance(value, dict):
        members = [f"{json.dumps(key, ensure_ascii=False)}: {_rendered(member, depth + 1)}" for key, member in value.items()]
    else:
        members = [_rendered(element, depth + 1) for element in value]
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    return opening + "\n" + ",\n".join(indent + member for member in members) + "\n" + "  " * depth + closing


def machine_around(state: Mapping[str, Any]) -> dict[str, Any]:
    """A machine whose first state is ``state``, named ``Example``.

    Where the state needs ``Next`` or ``End`` and has neither it gets ``End: true``; every state that it names as a target is
    there and succeeds.
    """
    body = dict(state)
    if body.get("Type") in _FLOWING and "Next" not in body and "End" not in body:
        body["End"] = True
    states: dict[str, Any] = {STATE: body}
    for target in _targets(body):
        if target not in states:
            states[target] = {"Type": "Succeed"}
    return {"StartAt": STATE, "States": states}


def _targets(state: Mapping[str, Any]) -> Iterator[str]:
    candidates = [state.get("Next"), state.get("Default")]
    for field in ("Choices", "Catch"):
        members = state.get(field)
        if isinstance(members, list):
            candidates += [member.get("Next") for member in members if isinstance(member, dict)]
    yield from (target for target in candidates if isinstance(target, str))
