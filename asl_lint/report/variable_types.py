"""The types of variables in words: over the whole machine, where a state is entered, and as a state sets them."""

from collections.abc import Callable, Iterable

from asl_lint.facts.machine_facts import Facts
from asl_lint.late import Final
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer, format_pointer
from asl_lint.types.display import shown_type
from asl_lint.types.lattice import NOTHING, Type, join, join_all

_DEPTH: Final = 2
_ONE_LINE: Final = 1_000_000


class VariableTypes:
    """The types of one machine's variables, None where nothing is known of one."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._conceal: Callable[[str], str] = str if facts.secrets is None else facts.secrets.conceal
        self._words: dict[int, tuple[Type, str | None]] = {}
        self._set: dict[Pointer, Type] = {}
        """What each Assign that is ever made gives, by the place of its member."""
        assignments = facts.variables.assignments
        types = facts.types if assignments else None
        for one in assignments:
            found = None if types is None else types.assigned(one)
            if found is not None:
                self._set[one.pointer] = found
        variables = facts.variables
        self._all = {name: self._joined(one.pointer for one in variables.assignments_of(name)) for name in variables.bits}

    def of(self, name: str) -> str | None:
        """All values that a variable is ever set to."""
        return self._shown(self._all.get(name, NOTHING))

    def narrower_before(self, state: State, names: Iterable[str]) -> dict[str, str]:
        """What variables are where a state is entered, those of which less is possible there than in the whole machine."""
        found: dict[str, str] = {}
        before = self._facts.types.before(state)
        if before is None:
            return found
        for name in names:
            here = before.variables.get(name)
            text = None if here is None else self._shown(here.defined())
            if text is not None and text != self.of(name):
                found[name] = text
        return found

    def after(self) -> list[dict[str, object]]:
        """For each state that sets some what it sets them to, by whatever way it is left."""
        found: dict[Pointer, dict[str, Type]] = {}
        for one in self._facts.variables.assignments:
            if one.pointer in self._set:
                types = found.setdefault(one.state.pointer, {})
                types[one.name] = join(types.get(one.name, NOTHING), self._set[one.pointer])
        return [
            {"state": format_pointer(state), "types": {name: self._shown(type_) for name, type_ in types.items()}}
            for state, types in found.items()
        ]

    def _joined(self, places: Iterable[Pointer]) -> Type:
        return join_all(self._set[place] for place in places if place in self._set)

    def _shown(self, type_: Type) -> str | None:
        if type_.anything or type_.is_nothing:
            return None
        known = self._words.get(id(type_))
        if known is None:  # kept with the type, so that its id stays its own
            known = self._words[id(type_)] = type_, shown_type(type_, _DEPTH, _ONE_LINE, self._conceal)
        return known[1]
