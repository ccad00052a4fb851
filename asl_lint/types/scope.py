"""Which types the variables of an expression have where a construct stands: blocks and functions in each other.

A scope is a frame, which bindings go to; or an overlay over one: of a branch, which narrows variables and may not be taken, or of
what is evaluated for each member of a sequence.
"""

from collections.abc import Iterator

from asl_lint.expressions.jsonata.functions import SIGNATURES
from asl_lint.late import Final
from asl_lint.types.lattice import ANY, Function, Type, join
from asl_lint.types.meanings import Builtin

FRAME: Final = 0
BRANCH: Final = 1
EACH: Final = 2


class NotFollowed(Exception):  # noqa: N818 (it is an answer, not an error)
    """The expression has something whose types are not followed: nothing is known of it."""


BUILTINS: Final = {name: Type(function=Function(Builtin(name))) for name in SIGNATURES}


class Scope:
    """Names and their types; ``outer`` has the others. ``bound``: names that ``:=`` bound here."""

    __slots__ = ("bound", "kind", "names", "outer")

    def __init__(self, outer: "Scope | None", kind: int = FRAME, names: dict[str, Type] | None = None) -> None:
        self.outer = outer
        self.kind = kind
        self.names: dict[str, Type] = {} if names is None else names
        self.bound: set[str] | None = None

    def _outwards(self) -> "Iterator[Scope]":
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def lookup(self, name: str) -> Type:
        """The type of a variable, of a function of the table where nothing hides it; ANY of one that is not known."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.names.get(name)
            if found is not None:
                return found
            scope = scope.outer
        return BUILTINS.get(name, ANY)

    def is_outside(self, name: str) -> bool:
        """Whether the name is a variable from outside the expression."""
        return not any(scope.outer is not None and scope.kind != BRANCH and name in scope.names for scope in self._outwards())

    def is_bound_once(self, name: str) -> bool:
        """Whether the value that is read was bound here by ``:=``, and not given by a function's parameter or from outside."""
        for scope in self._outwards():
            if scope.kind == FRAME and name in scope.names:
                return scope.bound is not None and name in scope.bound
        return False

    def bind(self, name: str, value: Type) -> None:
        """``$name := value``. In a branch it may not happen. Raises NotFollowed where it happens for each member."""
        branch = False
        for scope in self._outwards():
            if scope.kind == EACH:
                raise NotFollowed
            if scope.kind == FRAME:
                scope.names[name] = join(scope.lookup(name), value) if branch else value
                scope.bound = (scope.bound or set()) | {name}
                return
            branch = True
            scope.names.pop(name, None)
