"""Named tuples and regular expressions of which the costly part is made when they are first used: start-up time is a feature.

A class of ``typing.NamedTuple`` costs 220 µs to define and one of these 20; a pattern some 200 µs to compile. One run defines and
names several times as many of them as it uses. What they are and how fast they are in use is the same. A property that is
computed once does without the lock that the standard library takes for it until Python 3.12. The forms of ``typing`` say nothing
to a run: that module, what it imports and what it makes of each annotation would be a tenth of the start.
"""

import functools
import re
import sys
from types import FunctionType, ModuleType

__all__ = [
    "TYPE_CHECKING", "Any", "Final", "Literal", "NamedTuple", "NoReturn", "Pattern", "Protocol", "Self", "TypeGuard", "TypeVar",
    "cached_property", "cast", "imported",
]  # fmt: skip

TYPE_CHECKING = False


def imported(module: str) -> ModuleType:
    """The module of a dotted name, as ``importlib`` gives it, which costs more to import than most of ours."""
    __import__(module)
    return sys.modules[module]


if TYPE_CHECKING:
    from functools import cached_property
    from re import compile as Pattern  # noqa: N812
    from typing import Any, Final, Literal, NamedTuple, NoReturn, Protocol, Self, TypeGuard, TypeVar, cast
else:
    from _collections import _tuplegetter  # as in collections.namedtuple

    _constructors = {}

    def _constructor(count):
        """The code that makes a tuple of so many values: one for all classes, with names of their own for the parameters."""
        if count not in _constructors:
            names = "".join(f"_{i}, " for i in range(count))
            _constructors[count] = eval(f"lambda _cls, {names}: _new(_cls, ({names}))").__code__.replace(co_name="__new__")
        return _constructors[count]

    class _Type(type):
        def __new__(mcs, name, bases, namespace):
            if not bases:
                return super().__new__(mcs, name, (tuple,), namespace)
            cls = super().__new__(mcs, name, bases, {**namespace, "__slots__": ()})
            fields = tuple(cls.__annotations__)
            cls._fields = cls.__match_args__ = fields
            cls._field_defaults = {field: namespace[field] for field in fields if field in namespace}
            cls._places = {field: i for i, field in enumerate(fields)}
            for i, field in enumerate(fields):
                setattr(cls, field, _tuplegetter(i, None))
            return cls

    class NamedTuple(metaclass=_Type):
        """``typing.NamedTuple`` with the fields, defaults and methods of a subclass, which is not to be subclassed again."""

        __slots__ = ()

        def __new__(cls, *values, **named):
            """Makes the constructor of the class, which takes this one's place, and calls it."""
            code = _constructor(len(cls._fields)).replace(
                co_varnames=("_cls", *cls._fields), co_qualname=f"{cls.__qualname__}.__new__"
            )
            made = FunctionType(code, {"_new": tuple.__new__}, "__new__", tuple(cls._field_defaults.values()))
            cls.__new__ = staticmethod(made)
            return made(cls, *values, **named)

        @classmethod
        def _make(cls, values):
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"expected {len(cls._fields)} values, got {len(made)}")
            return made

        def _replace(self, **changes):
            values, places = list(self), self._places
            for field, value in changes.items():
                if field not in places:
                    raise ValueError(f"no such field: {field}")
                values[places[field]] = value
            return tuple.__new__(type(self), values)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self._asdict().items())})"

        def __getnewargs__(self):
            return tuple(self)

    class Pattern:
        """What ``re.compile`` makes. Its methods become attributes when one is first used."""

        def __init__(self, source, flags=0):
            self.pattern, self._flags = source, flags

        def __getattr__(self, name):
            compiled = re.compile(self.pattern, self._flags)
            for method in ("match", "fullmatch", "search", "finditer", "findall", "sub", "subn", "split"):
                setattr(self, method, getattr(compiled, method))
            return getattr(compiled, name)

    class cached_property(functools.cached_property):  # noqa: N801 (its name there)
        """``functools.cached_property``. Two threads may both compute a value; the later one is kept."""

        def __get__(self, instance, owner=None):
            if instance is None:
                return self
            found = instance.__dict__[self.attrname] = self.func(instance)
            return found

    class _Form:
        """Any form of ``typing``, whatever it is given."""

        __slots__ = ()

        def __getitem__(self, _):
            return self

        def __call__(self, *_, **__):
            return self

        def __or__(self, _):
            return self

        __ror__ = __or__

    Any = Final = Literal = NoReturn = Self = TypeGuard = TypeVar = _Form()

    class Protocol:
        """A base class that has nothing but its name."""

        __slots__ = ()

        def __class_getitem__(cls, _):
            return cls

    def cast(_, value):
        """The value."""
        return value
