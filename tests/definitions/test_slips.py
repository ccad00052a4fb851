"""Slips in the five definitions that only types show: misspelt members of answers, misspelt statuses, statuses left out.

Each is told at the place of the slip: at the expression, or, of a status that a Choice forgets, at the way that it then takes.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from asl_lint.expressions.jsonata import parse
from asl_lint.expressions.jsonata.nodes import Binary, Filter, Name, Node, String, Variable
from asl_lint.expressions.jsonata.nodes import Path as PathNode
from asl_lint.expressions.jsonata.walk import walk
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.type_faults import type_faults
from asl_lint.source.document import Pointer
from tests.mutation.mutants import misspelt, states, texts
from tests.properties.definitions import facts

FOLDER: Final = Path(__file__).parents[2] / "docs" / "step_functions_jsonata"
DEFINITIONS: Final = sorted(FOLDER.glob("sfn_*.json"))
_OPEN: Final = ("Item", "Attributes", "Payload", "Body", "Output")
"""Members below which the data of a table, a function, an object or another execution lie, whose members no API lists."""


class Slip(NamedTuple):
    """A slip in a definition: where it is told, where which value stands then (None: the member is gone), and in words."""

    pointer: Pointer
    place: Pointer
    value: str | None
    words: str


def evaluated(state: dict[str, Any], pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    """The expressions of a state."""
    return ((at, text) for at, text in texts(state, pointer) if text.startswith("{%"))


def slipped(definition: dict[str, Any], slip: Slip) -> dict[str, Any]:
    """The definition with the slip; what it does not change is shared."""
    made = copy.copy(definition)
    holder: Any = made
    for part in slip.place[:-1]:
        holder[part] = copy.copy(holder[part])
        holder = holder[part]
    if slip.value is None:
        del holder[slip.place[-1]]
    else:
        holder[slip.place[-1]] = slip.value
    return made


def spliced(text: str, node: Node, new: str) -> str:
    return text[: node.start + 2] + new + text[node.end + 2 :]


def expressions(definition: dict[str, Any]) -> Iterator[tuple[Pointer, str, list[Node]]]:
    for pointer, state, _ in states(definition):
        for at, text in evaluated(state, pointer):
            yield at, text, list(walk(parse(text[2:-2])[0]))


def misspelt_members(definition: dict[str, Any]) -> Iterator[Slip]:
    """Every member that is read from an answer or an error, and that somebody lists.

    Of a Map that tolerates failures nobody does: for a child that failed there is an object with how it ended.
    """
    tolerant = {at for at, state, _ in states(definition) if any(field.startswith("Tolerated") for field in state)}
    for pointer, text, nodes in expressions(definition):
        if any(pointer[: len(at) + 1] == (*at, "Assign") for at in tolerant):
            continue
        for path in nodes:
            if not isinstance(path, PathNode) or not isinstance(path.steps[0], Variable) or path.steps[0].name != "states":
                continue
            names = [_name(step) for step in path.steps[1:]]
            if names[0] is None or names[0].value not in ("result", "errorOutput"):
                continue
            for node in names[1:]:
                if node is None:
                    break
                yield Slip(pointer, pointer, spliced(text, node, misspelt(node.value)), node.value)
                if node.value in _OPEN:
                    break


def _name(step: Node) -> Name | None:
    while isinstance(step, Filter):
        step = step.expression
    return step if isinstance(step, Name) else None


def misspelt_statuses(definition: dict[str, Any]) -> Iterator[Slip]:
    for pointer, text, nodes in expressions(definition):
        for node in nodes if pointer[-1] == "Condition" else ():
            if isinstance(node, Binary) and node.operator in ("=", "!=") and isinstance(node.right, String) and node.right.value:
                made = spliced(text, node.right, f"'{misspelt(node.right.value)}'")
                yield Slip(pointer, pointer, made, node.right.value)


def statuses_left_out(definition: dict[str, Any]) -> Iterator[Slip]:
    """Each side of an ``or`` that compares with a status, and each rule that takes one or several and goes on."""
    for pointer, text, nodes in expressions(definition):
        for node in nodes if pointer[-1] == "Condition" else ():
            if isinstance(node, Binary) and node.operator == "or":
                for kept, gone in ((node.left, node.right), (node.right, node.left)):
                    if isinstance(gone, Binary) and isinstance(gone.right, String):
                        made = spliced(text, node, text[kept.start + 2 : kept.end + 2])
                        yield Slip(pointer[:-3], pointer, made, text[gone.start + 2 : gone.end + 2])
        if pointer[-1] == "Condition" and any(isinstance(node, String) and node.value == "Executing" for node in nodes):
            yield Slip(pointer[:-3], pointer[:-1], None, text)


def told(definition: dict[str, Any]) -> set[Pointer]:
    found: Facts = facts(definition)
    return {match.pointer for _, match in type_faults(found, ())}


def of(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.stem)
def test_nothing_is_told_of_a_definition_without_slips(path: Path) -> None:
    assert told(of(path)) == set()


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.stem)
@pytest.mark.parametrize("slips", [misspelt_members, misspelt_statuses], ids=lambda slips: slips.__name__)
def test_a_misspelt_name_is_told_where_it_stands(path: Path, slips: Any, record_property: Any) -> None:
    whole = of(path)
    made = list(slips(whole))
    assert made
    assert [(slip.pointer, slip.words) for slip in made if slip.pointer not in told(slipped(whole, slip))] == []
    record_property("figures", f"{path.stem}: {len(made)} {slips.__name__.replace('_', ' ')}, all told in their place")


@pytest.mark.parametrize("path", DEFINITIONS, ids=lambda path: path.stem)
def test_a_status_that_is_left_out_is_told_at_its_choice(path: Path, record_property: Any) -> None:
    whole = of(path)
    made = list(statuses_left_out(whole))
    assert made
    missed = [slip for slip in made if not any(at[: len(slip.pointer)] == slip.pointer for at in told(slipped(whole, slip)))]
    assert [(slip.pointer, slip.words) for slip in missed] == []
    record_property("figures", f"{path.stem}: {len(made)} statuses left out, all told at their Choice")
