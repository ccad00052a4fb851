"""``arguments-include@1``: calls are given some arguments, of a value or a form where the rule says so.

An argument is looked for under its own name and, in JSONPath states, with ``.$``; ``A/B`` is B inside A. What an expression or a
placeholder gives is unknown and not reported; ``written`` asks for the expression's own text. A look at each call that is meant.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from asl_lint.aws.repeatable_starts import REPEATABLE
from asl_lint.facts.calls import Call
from asl_lint.facts.handlers import Retrier
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.facts.values import alternatives, shown
from asl_lint.late import Any, Final, Pattern
from asl_lint.properties.call_selector import SELECTOR, argument, matches, regex_fault, selector_faults, text_of_argument
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import Pointer, is_unknown
from asl_lint.source.placeholders import has_placeholder


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("state", "call", "problem"))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    for call in facts.calls.values():
        if not matches(parameters["calls"], call) or not facts.document.is_whole(call.state.pointer):
            continue
        if call.arguments is not None and (not isinstance(call.arguments, Mapping) or is_unknown(call.arguments)):
            continue
        members = _members(call, parameters)
        if not members or (parameters.get("retried") and not _may_be_repeated(call, facts.retriers)):
            continue
        values = {"state": call.state.name, "call": str(call.name)}
        for pointer, part, problem in _problems(call, members):
            yield Match(pointer, {**values, "problem": problem}, part)


def _members(call: Call, parameters: Parameters) -> Mapping[str, Mapping[str, Any]]:
    members: Mapping[str, Mapping[str, Any]] = parameters.get("members", {})
    if not parameters.get("repeatable"):
        return members
    token = REPEATABLE.get(str(call.name))
    if token is None:
        return members
    written = {str(key).removesuffix(".$").lower() for key in call.arguments or ()}
    return members if token.lower() in written else {**members, token: {}}


def _may_be_repeated(call: Call, retriers: Mapping[int, Sequence[Retrier]]) -> bool:
    """Whether a Retrier takes an error after which the call may have been made all the same: its answer did not come.

    What waits for the work, and is retried when the work fails or takes too long, is meant to start it again.
    """
    taken = [retrier.errors for retrier in retriers.get(call.state.number, ()) if not retrier.is_off]
    if any(errors.is_complement or "States.Timeout" in errors.names for errors in taken):
        return call.pattern == ""
    return any(_LOST_ANSWER.fullmatch(name) for errors in taken for name in errors.names)


_LOST_ANSWER: Final = Pattern(r"(\w+)\.(\1|Sdk\w*|Amazon\w+|AWS\w+|Internal\w+|Service)(Exception|Error)?")
"""The names under which services report what their models do not have, faults of their own among them."""


Problem = tuple[Pointer, Any, str]


def _problems(call: Call, members: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    found = {member: argument(call, member) for member in members}
    required = [member for member, there in found.items() if there is None and members[member].get("required", True)]
    missing = [member for member in required if not _is_hidden(call, member)]
    if missing:
        at = call.pointer if call.arguments is not None else (*call.state.pointer, "Resource")
        yield at, "key", f"it is given no {alternatives(missing)}"
    for member, there in found.items():
        if there is None:
            continue
        pointer, value = there
        demand = members[member]
        if "written" in demand and re.search(demand["written"], text_of_argument(value)) is None:
            yield pointer, "value", f"{member} is {shown(value)}, which {demand['written']} does not match"
        if _is_computed(pointer, value):
            continue
        if "equals" in demand and (
            value != demand["equals"] or isinstance(value, bool) is not isinstance(demand["equals"], bool)
        ):
            yield pointer, "value", f"{member} is {shown(value)}, not {shown(demand['equals'])}"
        if "matches" in demand and not (isinstance(value, str) and re.search(demand["matches"], value)):
            yield pointer, "value", f"{member} is {shown(value)}, which {demand['matches']} does not match"
        if "entries" in demand and isinstance(value, list):
            yield from _entries(pointer, value, member, demand["entries"])


def _is_hidden(call: Call, member: str) -> bool:
    """Whether something around the member is computed, so that it may be there all the same."""
    parts = member.split("/")
    for i in range(1, len(parts)):
        found = argument(call, "/".join(parts[:i]))
        if found is not None and _is_computed(*found):
            return True
    return False


def _is_computed(pointer: Pointer, value: object) -> bool:
    if is_unknown(value) or str(pointer[-1]).endswith(".$"):
        return True
    return isinstance(value, str) and (value.startswith("{%") or has_placeholder(value))


def _entries(pointer: Pointer, entries: list[Any], member: str, demand: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with a list of objects that are told apart by a name: ``[{"Name": ..., "Value": ...}]``."""
    key = demand.get("key", "Name")
    names: dict[str, int] = {}
    for i, entry in enumerate(entries):
        name = entry.get(key) if isinstance(entry, Mapping) and not is_unknown(entry) else None
        if not isinstance(name, str) or _is_computed((key,), name):
            return  # some of the names are not known
        names.setdefault(name, i)
    missing = [name for name in demand.get("include", ()) if name not in names]
    if missing:
        yield pointer, "key", f"{member} has no entry {alternatives(missing)}"
    if demand.get("no-others"):
        for name, i in names.items():
            if name not in demand.get("include", ()):
                yield (*pointer, i, key), "value", f"{member} has an entry {name}"


def _faults(parameters: Parameters) -> Iterator[tuple[Pointer, str]]:
    for pointer, problem in selector_faults(parameters["calls"]):
        yield ("calls", *pointer), problem
    for member, demand in parameters.get("members", {}).items():
        for name in ("matches", "written"):
            if name in demand and (fault := regex_fault(demand[name])) is not None:
                yield ("members", member, name), fault


_NAME: Final[dict[str, Any]] = {"type": "string", "minLength": 1}

KIND: Final = Kind(
    name="arguments-include@1",
    summary="Calls are given some arguments, of some value or form.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "required": ["calls"],
        "anyOf": [{"required": ["members"]}, {"required": ["repeatable"]}],
        "properties": {
            "calls": {**SELECTOR, "description": "Which calls are meant."},
            "retried": {"description": "Only calls that a Retrier can make again after they have been made.", "const": True},
            "repeatable": {
                "description": "A call that starts work has the argument by which the service knows a repeated start, if there "
                "is one.",
                "const": True,
            },
            "members": {
                "description": "The arguments by name, A/B for B inside A, and what must be true of each where it is fixed.",
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"minLength": 1},
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "required": {"description": "Whether it must be there.", "type": "boolean", "default": True},
                        "equals": {"description": "The value that it has."},
                        "matches": {"description": "A regular expression (of Python) found in its text.", "type": "string"},
                        "written": {
                            "description": "A regular expression found in its text as it is written, an expression or a "
                            "placeholder too; of what is no text, in its JSON.",
                            "type": "string",
                        },
                        "entries": {
                            "description": "It is a list of objects that a member tells apart.",
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["include"],
                            "properties": {
                                "key": {**_NAME, "description": "The member that names an entry.", "default": "Name"},
                                "include": {
                                    "description": "The names of entries that must be there.",
                                    "type": "array",
                                    "uniqueItems": True,
                                    "items": _NAME,
                                },
                                "no-others": {"description": "There are no other entries.", "const": True},
                            },
                        },
                    },
                },
            },
        },
    },
    values=_values,
    check=_check,
    faults=_faults,
)
