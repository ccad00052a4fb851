"""Named tuples and patterns whose costly part is made late are what they would be if it were made at once."""

import importlib
import pickle
import pkgutil
import re
import subprocess
import sys
import typing
from collections.abc import Callable

import pytest

import asl_lint
from asl_lint.late import Any, Final, Literal, NamedTuple, Pattern, Protocol, TypeVar, cached_property, cast


class Late(NamedTuple):
    first: int
    second: "str | None" = None
    third: tuple[int, ...] = ()


class Eager(typing.NamedTuple):
    first: int
    second: "str | None" = None
    third: tuple[int, ...] = ()


def test_a_named_tuple_is_made_by_position_by_name_and_by_default() -> None:
    assert Late(1) == Late(first=1) == (1, None, ()) == Eager(1)
    assert Late(1, third=(2,)) == (1, None, (2,))


@pytest.mark.parametrize("values", [(), (1, "a", (), 4)])
def test_it_takes_neither_too_few_nor_too_many_values(values: tuple[typing.Any, ...]) -> None:
    with pytest.raises(TypeError):
        Late(*values)
    with pytest.raises(TypeError):
        Late._make([1])


def test_it_does_what_the_eager_one_does() -> None:
    late, eager = Late(1, "a"), Eager(1, "a")
    assert repr(late) == repr(eager).replace("Eager", "Late")
    assert late._asdict() == eager._asdict()
    assert late._replace(second="b") == eager._replace(second="b")
    assert isinstance(late._replace(second="b"), Late)
    assert hash(late) == hash(eager)
    assert (Late._fields, Late._field_defaults, Late.__match_args__) == (
        Eager._fields,
        Eager._field_defaults,
        Eager.__match_args__,
    )
    with pytest.raises(ValueError, match="fourth"):
        late._replace(fourth=1)  # type: ignore[call-arg]


def test_it_cannot_be_changed_nor_hold_more() -> None:
    with pytest.raises(AttributeError):
        Late(1).first = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Late(1).fourth = 2  # type: ignore[attr-defined]


def test_it_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Late(1, "a"))) == Late(1, "a")
    assert type(pickle.loads(pickle.dumps(Late(1)))) is Late


def test_a_pattern_does_what_the_compiled_one_does() -> None:
    late, eager = Pattern("(a)(b)?", re.IGNORECASE), re.compile("(a)(b)?", re.IGNORECASE)
    assert (late.pattern, late.groups, late.flags) == (eager.pattern, eager.groups, eager.flags)
    assert late.findall("abA") == eager.findall("abA")
    assert late.sub("x", "abA") == "xx"
    found = late.fullmatch("AB")
    assert found is not None and found.groups() == ("A", "B")


def test_every_pattern_of_the_package_can_be_compiled() -> None:
    seen = 0
    for found in pkgutil.walk_packages(asl_lint.__path__, "asl_lint."):
        if found.name == "asl_lint.__main__":
            continue
        for value in vars(importlib.import_module(found.name)).values():
            if type(value).__name__ == "Pattern" and type(value).__module__ == "asl_lint.late":
                assert value.match("") or not value.match("")
                seen += 1
    assert seen


def test_a_cached_property_is_computed_once_for_each_object() -> None:
    class Counted:
        def __init__(self, first: int) -> None:
            self.asked: list[int] = [first]

        @cached_property
        def total(self) -> int:
            """The sum."""
            self.asked.append(len(self.asked))
            return sum(self.asked)

    one, other = Counted(1), Counted(5)
    assert (one.total, one.total, other.total) == (2, 2, 6)
    assert (one.asked, Counted.total.__doc__) == ([1, 1], "The sum.")


def test_the_forms_of_typing_are_those_of_typing_for_a_checker_and_nothing_for_a_run() -> None:
    code = "import sys, asl_lint.run; print('typing' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
    assert cast(int, "1") == "1"

    class Named(Protocol):
        name: str

    one = TypeVar("one")
    for form in (Any, Final, Literal["a"], Literal["a"] | None, dict[str, Any], Callable[[Any], one], Named):
        assert form is not None
