"""Names: of states, which are unique in the whole machine, and labels of distributed Maps."""

from collections.abc import Iterator, Mapping

from asl_lint.facts.match import Match, Place
from asl_lint.late import Final
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.document import Pointer, is_unknown
from asl_lint.source.placeholders import has_placeholder

Observed = tuple[str, Match]

LONGEST_LABEL: Final = 40
LONGEST_VARIABLE: Final = 80
_NOT_IN_LABELS: Final = '?*<>{}[]:;,\\|^~$#%&`"'
"""Characters that no label has, besides white space and control characters (D: state-map-distributed)."""


def name_faults(machine: StateMachine) -> Iterator[Observed]:
    """Observations about names of states and labels."""
    states: dict[str, State] = {}
    labels: dict[str, State] = {}
    for state in machine.states:
        earlier = states.setdefault(state.name, state)
        if earlier is not state:
            related = (Place(earlier.pointer, "the other one is here", "key"),)
            yield "duplicate-state-name", Match(state.pointer, {"state": state.name}, "key", related=related)
        if not state.name or not state.name.isprintable():
            yield from _state_name(state)
        if state.is_language_known:
            for holder, pointer in _assigning(state):
                yield from _variable_names(state, holder["Assign"], pointer)
        if state.type == "Map" and isinstance(state.body.get("Label"), str):
            yield from _label(state, labels)


def _named(character: str) -> str:
    if character == " ":
        return "a blank"
    if character.isprintable() and not character.isspace():
        return f'"{character}"'
    return f"the character U+{ord(character):04X}"


def _state_name(state: State) -> Iterator[Observed]:
    name, problem = state.name, None
    if not name:
        problem = "it is empty"
    elif not name.isprintable() and (control := next((c for c in name if _is_control(c)), None)):
        problem = f"it holds the control character U+{ord(control):04X}"
    if problem:
        yield "invalid-state-name", Match(state.pointer, {"state": name, "problem": problem}, "key", sure=False)


def _is_control(character: str) -> bool:
    """Whether a character is of Unicode's category Cc, which is closed."""
    return character < " " or "\x7f" <= character <= "\x9f"


def _assigning(state: State) -> list[tuple[Mapping[str, object], Pointer]]:
    """What of a state, its rules and its Catchers has an ``Assign`` (S: Variables), and where that is."""
    body = state.body
    found: list[tuple[Mapping[str, object], Pointer]] = [(body, state.pointer)] if "Assign" in body else []
    for field in ("Choices", "Catch"):
        members = body.get(field)
        if isinstance(members, list):
            for i, member in enumerate(members):
                if isinstance(member, dict) and "Assign" in member:
                    found.append((member, (*state.pointer, field, i)))
    return found


def _variable_names(state: State, assigned: object, pointer: Pointer) -> Iterator[Observed]:
    if not isinstance(assigned, dict) or is_unknown(assigned):
        return
    for key in assigned:
        name = key.removesuffix(".$") if state.language == "JSONPath" else key
        problem = None if has_placeholder(name) else _variable_problem(name)
        if problem:
            hint = f'variables are assigned without a "$": "{name[1:]}"' if name[:1] == "$" and name[1:].isidentifier() else None
            yield "invalid-variable-name", Match((*pointer, "Assign", key), {"name": name, "problem": problem}, "key", help=hint)


def _variable_problem(name: str) -> str | None:
    if name == "states":
        return "it is reserved for what the service provides"
    if len(name) > LONGEST_VARIABLE:
        return f"it has {len(name)} characters, and {LONGEST_VARIABLE} are allowed"
    if not name:
        return "it is empty"
    if name.isidentifier():
        return None
    bad = next((c for i, c in enumerate(name) if not ("a" + c if i else c).isidentifier()), name[0])
    where = "begins with" if name[0] == bad and not bad.isidentifier() and ("a" + bad).isidentifier() else "holds"
    return f"it {where} {_named(bad)}; a name is a letter or _, then letters, digits and _"


def _label(state: State, labels: dict[str, State]) -> Iterator[Observed]:
    label: str = state.body["Label"]
    pointer = (*state.pointer, "Label")
    if has_placeholder(label):
        return
    distributed = any(scope.is_distributed for scope in state.scopes)
    problem = None
    bad = next((c for c in label if c in _NOT_IN_LABELS or c.isspace() or _is_control(c)), None)
    if not label:
        problem = "it is empty"
    elif len(label) > LONGEST_LABEL:
        problem = f"it has {len(label)} characters, and {LONGEST_LABEL} are allowed"
    elif bad is not None:
        problem = f"it holds {_named(bad)}"
    if problem:
        # Whether the label of an inline Map is looked at is not known.
        yield "invalid-label", Match(pointer, {"label": label, "problem": problem}, sure=distributed)
    earlier = labels.setdefault(label, state)
    if earlier is not state:
        related = (Place((*earlier.pointer, "Label"), "the other one is here"),)
        sure = distributed and any(scope.is_distributed for scope in earlier.scopes)
        yield "duplicate-label", Match(pointer, {"label": label}, related=related, sure=sure)
