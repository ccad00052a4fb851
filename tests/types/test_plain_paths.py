"""The short way through ``$variable.field.field`` finds what the way for all paths finds."""

from collections.abc import Mapping
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.expressions.jsonata import parse
from asl_lint.expressions.jsonata.nodes import Path
from asl_lint.expressions.jsonata.walk import walk
from asl_lint.types import jsonata, paths
from asl_lint.types.jsonata import Inferred, infer
from asl_lint.types.lattice import ANY, NOTHING, NULL, SOMETHING, STRING, Type, Undefined, join, literal, object_of

SCALARS = st.sampled_from([STRING, NULL, literal(5), literal("a"), literal(True), SOMETHING, ANY, join(STRING, NULL)])


def _object(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    members = st.dictionaries(st.sampled_from("abc"), inner, min_size=1)
    return st.builds(lambda found, rest: object_of(found, rest), members, st.sampled_from([ANY, literal(1).or_undefined()]))


def _maybe(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    return st.builds(lambda found, how: found.or_undefined(how), inner, st.sampled_from(Undefined))


TYPES = st.recursive(_maybe(SCALARS), lambda inner: _maybe(_object(inner)), max_leaves=12)


def _general(text: str, variables: Mapping[str, Type]) -> Inferred:
    with patch.object(jsonata, "_plain_path", lambda tree, names: None), patch.object(jsonata, "straight_path", lambda *_: None):
        return infer(parse(text)[0], variables)


@settings(deadline=None)
@given(TYPES, st.lists(st.sampled_from("abc"), min_size=1, max_size=4))
def test_a_short_way_gives_the_types_of_the_long_one(value: Type, names: list[str]) -> None:
    text = ".".join(["$v", *names])
    tree, _ = parse(text)
    assert isinstance(tree.body, Path)
    short, general = infer(tree, {"v": value}), _general(text, {"v": value})
    assert short.type == general.type
    assert [fault.kind for fault in short.faults] == [fault.kind for fault in general.faults]


@settings(deadline=None)
@given(TYPES, st.lists(st.sampled_from("abc"), min_size=1, max_size=4))
def test_a_short_way_inside_an_expression_gives_the_types_of_the_long_one(value: Type, names: list[str]) -> None:
    text = f"[{'.'.join(['$v', *names])}]"
    tree, _ = parse(text)
    general = _general(text, {"v": value})
    short = infer(tree, {"v": value})
    assert short.type == general.type
    assert [fault.kind for fault in short.faults] == [fault.kind for fault in general.faults]


def test_a_member_that_may_be_missing_needs_no_long_way() -> None:
    tree, _ = parse("$v.a.b")
    value = object_of({"a": object_of({"b": STRING}).or_undefined(Undefined.UNSAID)})
    with patch.object(paths, "path_value", side_effect=AssertionError("the long way was taken")):
        found = infer(tree, {"v": value})
    assert found.type == STRING.or_undefined(Undefined.UNSAID)
    assert [found.of(node) for node in walk(tree.body)][-1] != NOTHING
