"""What is known at a point of a machine: the types of the state's input and of the variables, and what a site there can read."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import compress
from operator import is_not

from asl_lint.expressions.jsonpath import Path, parse_path
from asl_lint.late import Final, NamedTuple
from asl_lint.types.lattice import ANY, SOMETHING, Type, join, object_of, widen

Variables = Mapping[str, Type]


class Environment(NamedTuple):
    """Before a state: the type of its input, and those of the variables by name; one that is not there is ANY."""

    input: Type
    variables: Variables


UNKNOWN: Final = Environment(SOMETHING, {})
"""Nothing is known."""


class View(NamedTuple):
    """What a site can read. ``input`` is what ``$states.input`` is; in a JSONPath state what ``$`` is in that field."""

    input: Type
    context: Type
    variables: Variables
    result: Type | None = None
    error: Type | None = None

    def start_of(self, path: Path) -> Type:
        """What a path starts at; ANY for the context object, of which other rules tell."""
        if path.root == "variable":
            return self.variables.get(path.variable or "", ANY)
        return self.input if path.root == "input" else ANY

    @property
    def names(self) -> dict[str, Type]:
        """The variables of a JSONata expression, ``states`` among them."""
        states = {"input": self.input, "context": self.context}
        if self.result is not None:
            states["result"] = self.result
        if self.error is not None:
            states["errorOutput"] = self.error
        return {**self.variables, "states": object_of(states)}


def join_environments(one: Environment, other: Environment) -> Environment:
    """What is known where either may be so."""
    if one is other:
        return one
    return Environment(join(one.input, other.input), _each(one.variables, other.variables, join))


def widen_environments(before: Environment, after: Environment) -> Environment:
    """The join at the head of a loop, so that it comes to an end."""
    return Environment(widen(before.input, after.input), _each(before.variables, after.variables, widen))


def _each(one: Variables, other: Variables, combine: Callable[[Type, Type], Type]) -> Variables:
    if one is other:
        return one
    if list(one) == list(other):  # of what most variables are, one way says the same object as the other
        changed = list(compress(one, map(is_not, one.values(), other.values())))
        return {**one, **{name: combine(one[name], other[name]) for name in changed}} if changed else one
    return {name: combine(type_, other[name]) for name, type_ in one.items() if name in other}


@lru_cache(maxsize=4096)
def parsed_path(text: str) -> Path:
    """A path as it is parsed; the same ones are asked for at each visit of a state, and by many states."""
    return parse_path(text)
