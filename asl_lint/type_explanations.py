"""Answers to "what is known of the value at this place, and from where": for ``explain-type``."""

from collections.abc import Iterator

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.sites import Site
from asl_lint.facts.type_origins import Origin, Origins
from asl_lint.late import NamedTuple
from asl_lint.model.machine import State
from asl_lint.near import near
from asl_lint.source.document import Pointer, format_pointer, parse_pointer
from asl_lint.types.lattice import Type

_NEAREST = 3
_SHOWN = 12
"""States that are named where another one was asked for."""


class Explained(NamedTuple):
    """One value in words, its type (None: the place is never reached), where it is, and where the type comes from."""

    what: str
    type: Type | None
    pointer: Pointer
    origins: tuple[Origin, ...] = ()


class NotFoundError(Exception):
    """What was asked for is not there; the message says what is near."""


def explain_type(facts: Facts, place: str, variable: str | None = None, expression: str | None = None) -> list[Explained]:
    """What is known at a pointer: of an expression or a field, of a state's values, of one variable, or of another expression.

    Raises NotFoundError where the pointer leads nowhere, or there is no such variable, or the expression cannot be read.
    """
    pointer = _resolved(facts, place)
    state = _state_of(facts, pointer)
    if state is None:
        if pointer:
            raise NotFoundError(f"{place} is no part of a state; types are known at states and what is in them")
        return [Explained("the input of the execution", facts.input_type, ())]
    if variable is not None:
        return [_variable(facts, state, pointer, variable)]
    if expression is not None:
        return [_expression(facts, state, pointer, expression)]
    if pointer == state.pointer:
        return list(_values(facts, state))
    found = [_site(facts, site) for site in facts.sites if site.pointer[: len(pointer)] == pointer]
    if not found:
        raise NotFoundError(f"nothing is evaluated at {place}; ask for the state ({format_pointer(state.pointer)}) or a field")
    return found


def _resolved(facts: Facts, place: str) -> Pointer:
    try:
        wanted = parse_pointer(place)
    except ValueError:
        wanted = None
    known = {format_pointer(pointer): pointer for pointer in facts.document.pointers()}
    if wanted is not None and format_pointer(wanted) in known:
        return known[format_pointer(wanted)]
    states = {state.name: state.pointer for state in facts.machine.states}
    if place in states:
        return states[place]
    nearest: list[str] = []
    names = [*known, *states]
    while len(nearest) < _NEAREST and (found := near(place, names)) is not None:
        nearest.append(found)
        names.remove(found)
    hint = f"; near it {'are' if len(nearest) > 1 else 'is'} {', '.join(nearest)}" if nearest else ""
    if not nearest and wanted:
        above = [format_pointer(wanted[:i]) for i in range(len(wanted), 0, -1)]
        deepest = next((one for one in above if one in known), "")
        hint = f"; there is {deepest}" if deepest else ""
    if not hint and not place.startswith("/"):
        shown = [*list(states)[:_SHOWN], *(["…"] if len(states) > _SHOWN else [])]
        raise NotFoundError(f'there is no state "{place}"' + (f"; its states are {', '.join(shown)}" if shown else ""))
    raise NotFoundError(f"{place} leads nowhere{hint}")


def _state_of(facts: Facts, pointer: Pointer) -> State | None:
    found = [state for state in facts.machine.states if pointer[: len(state.pointer)] == state.pointer]
    return max(found, key=lambda state: len(state.pointer), default=None)


def _values(facts: Facts, state: State) -> Iterator[Explained]:
    """Input, variables, result and output of a state."""
    before = facts.types.before(state)
    yield Explained("its input", None if before is None else before.input, state.pointer, Origins(facts).of_input(state))
    if before is None:
        return
    for name, type_ in before.variables.items():
        if not type_.is_undefined:
            yield Explained(f"${name}", type_, state.pointer, Origins(facts).of_variable(state, name))
    result = facts.types.result(state)
    if result is not None:
        yield Explained("its result", result, state.pointer, Origins(facts).of_result(state))
    if state.type != "Fail":
        yield Explained("its output", facts.types.output(state), state.pointer)


def _variable(facts: Facts, state: State, pointer: Pointer, name: str) -> Explained:
    name = name.removeprefix("$")
    if name not in facts.variables.bits:
        found = near(name, facts.variables.bits)
        raise NotFoundError(f"no state sets ${name}" + (f"; did you mean ${found}?" if found else ""))
    site = facts.types.site(pointer)
    view = None if site is None else facts.types.environment(site)
    type_ = facts.types.variable(state, name) if view is None else view.variables.get(name)
    return Explained(f"${name}", type_, pointer, Origins(facts).of_variable(state, name))


def _site(facts: Facts, site: Site) -> Explained:
    return Explained(site.text, facts.types.type_of(site), site.pointer, Origins(facts).of_site(site))


def _expression(facts: Facts, state: State, pointer: Pointer, text: str) -> Explained:
    """Another expression, as if it stood at the place."""
    owner, field, holder = _standing(facts, state, pointer)
    if state.language == "JSONata":
        inner = text.strip().removeprefix("{%").removesuffix("%}")
        site = Site("jsonata", f"{{%{inner}%}}", (*pointer, "?"), state, owner, field, holder)
        errors = site.jsonata[1]
        if errors:
            raise NotFoundError(f"the expression cannot be read: {errors[0].message}")
    else:
        site = Site("dynamic", text, (*pointer, "?"), state, owner, field, holder)
        if site.path.errors:
            raise NotFoundError(f"the path cannot be read: {site.path.errors[0].message}")
    return Explained(text, facts.types.type_of(site), pointer, Origins(facts).of_site(site))


def _standing(facts: Facts, state: State, pointer: Pointer) -> tuple[str, str, Pointer]:
    """The owner, the field and the holder of what would stand at a pointer in a state; at the state itself as in its Output."""
    at = facts.types.site(pointer)
    if at is not None:
        return at.owner, at.field, at.holder
    inside = pointer[len(state.pointer) :]
    for name, owner in (("Catch", "Catcher"), ("Choices", "ChoiceRule")):
        if len(inside) > 1 and inside[0] == name:
            field = "Output" if name == "Catch" else "Condition"
            return owner, str(inside[2]) if len(inside) > 2 else field, pointer[: len(state.pointer) + 2]
    is_jsonata = state.language == "JSONata"
    field = "Output" if is_jsonata and state.type != "Choice" else "Arguments" if is_jsonata else "Parameters"
    return str(state.type), str(inside[0]) if inside else field, state.pointer
