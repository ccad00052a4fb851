"""Which calls a rule means: one schema and one matcher for every kind.

A selector is

- ``"service:action"``, in the spelling of ``Call.name`` (``aws-sdk`` and optimized integrations alike); ``*`` and ``?`` stand for
  any characters. A pattern may follow: ``"glue:startJobRun.sync"``, ``"*:*.sync*"``, ``"*:*.waitForTaskToken"``;
  ``".requestResponse"`` is a call without one. Without it every pattern is meant;
- a list of such texts: any of them;
- an object ``{"call": text}`` or ``{"calls": [text, ...]}`` with, besides,
  ``"with": {member: value}`` (an argument is written just so) and
  ``"where": {member: regex}`` (a regular expression is found in the text of an argument; of one that is no text, in its JSON).

A member of the arguments is looked for under its own name and, in JSONPath states, with ``.$``; ``A/B`` is B inside A. What is
asked is what is *written*: an argument that an expression or a placeholder gives is equal to its own text only.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from asl_lint.late import TYPE_CHECKING, Any, Final
from asl_lint.source.document import Pointer
from asl_lint.source.placeholders import Placeholder

if TYPE_CHECKING:
    from asl_lint.facts.calls import Call

Selector = str | Sequence[str] | Mapping[str, Any]

_NAME: Final[Mapping[str, Any]] = {
    "description": "a call is service:action, * for any part",
    "type": "string",
    "pattern": r"^[^:.]+:[^:.]+(\.[A-Za-z0-9:*?]+)?$",
}
_NAMES: Final[Mapping[str, Any]] = {"type": "array", "minItems": 1, "items": _NAME}
_MEMBERS: Final[Mapping[str, Any]] = {"type": "object", "minProperties": 1}

SELECTOR: Final[Mapping[str, Any]] = {
    "anyOf": [
        _NAME,
        _NAMES,
        {
            "type": "object",
            "additionalProperties": False,
            "oneOf": [{"required": ["call"]}, {"required": ["calls"]}],
            "properties": {
                "call": {**_NAME, "description": "Which call: service:action, * for any part."},
                "calls": {**_NAMES, "description": "Which calls: any of these."},
                "with": {**_MEMBERS, "description": "Arguments that are written just so, by member."},
                "where": {
                    **_MEMBERS,
                    "description": "Regular expressions (of Python) that are found in the text of arguments, by member.",
                    "additionalProperties": {"type": "string"},
                },
            },
        },
    ]
}
"""JSON Schema of a selector."""


def matches(selector: Selector, call: "Call") -> bool:
    """Whether the call is one that the selector means. A call of which a part is left to the deployment is none."""
    if isinstance(selector, str):
        return _is_named(selector, call)
    if not isinstance(selector, dict):
        return any(_is_named(name, call) for name in selector)
    if not any(_is_named(name, call) for name in (selector.get("calls") or (selector["call"],))):
        return False
    for member, value in selector.get("with", {}).items():
        found = argument(call, member)
        if found is None or not _is_same(found[1], value):
            return False
    for member, expression in selector.get("where", {}).items():
        found = argument(call, member)
        if found is None or re.search(expression, text_of_argument(found[1])) is None:
            return False
    return True


def argument(call: "Call", member: str) -> tuple[Pointer, Any] | None:
    """A member of a call's arguments, by its path (``A/B``), and where it is written; None if it is not."""
    pointer, value = call.pointer, call.arguments
    for name in member.split("/"):
        if not isinstance(value, dict):
            return None
        key = next((key for key in (name, name + ".$") if key in value), None)
        if key is None:
            return None
        pointer, value = (*pointer, key), value[key]
    return pointer, value


def selector_faults(selector: object) -> Iterator[tuple[Pointer, str]]:
    """What is wrong with a selector that the schema takes: regular expressions that are none."""
    where = selector.get("where", {}) if isinstance(selector, Mapping) else {}
    for member, expression in where.items():
        fault = regex_fault(expression)
        if fault is not None:
            yield ("where", member), fault


def regex_fault(expression: str) -> str | None:
    """What is wrong with a regular expression, None for nothing."""
    try:
        re.compile(expression)
    except re.error as error:
        return f"is no regular expression: {error}"
    return None


def _is_named(selector: str, call: "Call") -> bool:
    return _means(selector, call.service, call.action, call.pattern)


@lru_cache(maxsize=4096)
def _means(selector: str, service: str | None, action: str | None, pattern: str | None) -> bool:
    if service is None or action is None:
        return False
    name, _, wanted = selector.partition(".")
    if not _fits(f"{service}:{action}", name):
        return False
    return not wanted or (pattern is not None and _fits(pattern or "requestResponse", wanted))


def _fits(text: str, glob: str) -> bool:
    return fnmatchcase(text, glob) if any(mark in glob for mark in "*?[") else text == glob


def _is_same(written: object, value: object) -> bool:
    if isinstance(written, bool) is not isinstance(value, bool):
        return False
    return (written.text if isinstance(written, Placeholder) else written) == value


def text_of_argument(value: object) -> str:
    """An argument as it is written; of one that is no text, its JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
