"""Definitions that tests write down, and what a kind says of them."""

import json
from typing import Any, Literal

from asl_lint.catalog.wording import schema_faults
from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.facts.match import Match, NotJudged
from asl_lint.properties.kind import Kind
from asl_lint.source.document import Pointer, format_pointer
from asl_lint.source.json_text import read_json
from asl_lint.source.text import Text


def facts(definition: Any, machine_type: Literal["STANDARD", "EXPRESS"] | None = None) -> Facts:
    """Of a definition as JSON, or of a text as it is."""
    text = definition if isinstance(definition, str) else json.dumps(definition)
    return Facts(Workflow("test.asl.json", read_json(Text(text)), machine_type))


def machine(*, language: str = "JSONata", **states: dict[str, Any]) -> dict[str, Any]:
    """A definition that starts with the first of the states."""
    return {"QueryLanguage": language, "StartAt": next(iter(states)), "States": states}


def task(call: str = "lambda:invoke", next: str | None = None, **fields: Any) -> dict[str, Any]:
    """A Task that calls something, and is the last state where no other follows."""
    return {"Type": "Task", "Resource": f"arn:aws:states:::{call}"} | fields | ({"Next": next} if next else {"End": True})


def caught(next: str, *errors: str) -> list[dict[str, Any]]:
    """A ``Catch`` of one Catcher."""
    return [{"ErrorEquals": list(errors) or ["States.ALL"], "Next": next}]


def found(kind: Kind, definition: Any, **parameters: Any) -> list[Match | NotJudged]:
    """What a kind says of a definition (or of facts); a rule must be able to have these parameters (``_`` stands for ``-``)."""
    given = {name.replace("_", "-"): value for name, value in parameters.items()}
    assert refused(kind, **given) == []
    known = definition if isinstance(definition, Facts) else facts(definition)
    return list(kind.check(known, given))


def only(kind: Kind, definition: Any, **parameters: Any) -> Match:
    """The one match that there is."""
    (match,) = found(kind, definition, **parameters)
    assert isinstance(match, Match)
    return match


def told(kind: Kind, definition: Any, value: str, **parameters: Any) -> list[tuple[str, str]]:
    """Of each match the pointer and one of its values; all that the kind promises to messages must be there."""
    matches = found(kind, definition, **parameters)
    given = {name.replace("_", "-"): value for name, value in parameters.items()}
    assert all(isinstance(match, Match) and match.values.keys() >= kind.values(given) for match in matches), matches
    return [(format_pointer(match.pointer), match.values[value]) for match in matches if isinstance(match, Match)]


def unjudged(kind: Kind, definition: Any, **parameters: Any) -> list[str]:
    """What is missing for an answer, where there is none."""
    answers = found(kind, definition, **parameters)
    assert all(isinstance(one, NotJudged) for one in answers), answers
    return [one.said for one in answers if isinstance(one, NotJudged)]


def refused(kind: Kind, **parameters: Any) -> list[tuple[Pointer, str]]:
    """What the catalogue has against parameters: the place in the property, and the words."""
    by_schema = dict.fromkeys(schema_faults(parameters, kind.parameters))
    return [(fault.pointer, fault.problem) for fault in by_schema] or list(kind.faults(parameters) if kind.faults else ())
