"""Paths, for any text: total, within bounds, linear; and the same as an independent implementation finds in real documents."""

import re
import time
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from asl_lint.expressions.jsonpath import MOST_ERRORS, Path, Step, parse_path, path_within
from asl_lint.expressions.jsonpath.scanning import mask

PIECES = st.sampled_from(
    ["$", "$$", "$x", ".", "..", "a", "b c", "[", "]", "(", ")", "'", '"', "\\", "*", "?", "@", ",", ":", "-", "0", "12", " ",
     "\n", "=~", "/", "==", "{", "}", "${X}", "{{resolve:a}}", "é", "\u0301", "\ue000", "\ud800", "length()", "[0]",
     "['a']", "[?(@.a)]"]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(), st.lists(PIECES, max_size=30).map("".join), st.lists(PIECES, max_size=20).map(lambda p: "$" + "".join(p))
)

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ue000"), max_size=8).filter(
    lambda name: "${" not in name and "{{" not in name
)
PLAIN_NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,8}", fullmatch=True)


def quoted(name: str) -> str:
    return "'" + re.sub(r"(['\\])", r"\\\1", name) + "'"


def bracketed(names: list[str]) -> tuple[str, Step]:
    kind = "member" if len(names) == 1 else "members"
    return f"[{', '.join(map(quoted, names))}]", Step(kind, 0, 0, tuple(names))  # type: ignore[arg-type]


INDICES = st.integers(-999, 999)
STEPS = st.one_of(
    PLAIN_NAMES.map(lambda name: (f".{name}", Step("member", 0, 0, (name,)))),
    st.lists(NAMES, min_size=1, max_size=3).map(bracketed),
    NAMES.filter(bool).map(lambda name: ("." + re.sub(r"([\W_])", r"\\\1", name), Step("member", 0, 0, (name,)))),
    INDICES.map(lambda index: (f"[{index}]", Step("index", 0, 0, (), (index,)))),
    st.lists(INDICES, min_size=2, max_size=4).map(
        lambda some: (f"[{','.join(map(str, some))}]", Step("indices", 0, 0, (), tuple(some)))
    ),
    st.tuples(st.none() | INDICES, st.none() | INDICES).map(
        lambda ends: ("[" + ":".join("" if end is None else str(end) for end in ends) + "]", Step("slice", 0, 0, (), ends))
    ),
    st.sampled_from([("[*]", Step("wildcard", 0, 0)), (".*", Step("wildcard", 0, 0)), (".[*]", Step("wildcard", 0, 0))]),
    NAMES.map(lambda name: (f"[?(@.a == {quoted(name)})]", Step("filter", 0, 0, (), (), f"?(@.a == {quoted(name)})"))),
)


@given(TEXTS)
@example("$[?(=~/")
@example("$.a\\")
@example("[" * 100)
@settings(deadline=None, max_examples=250)
def test_any_text_is_read_with_errors_inside_it(text: str) -> None:
    path = parse_path(text)
    assert 0 <= path.start <= path.end <= len(text)
    assert len(path.errors) <= MOST_ERRORS
    for error in path.errors:
        assert 0 <= error.start <= error.end <= len(text)
        assert error.message and "\n" not in error.message
    end = path.start
    for step in path.steps:
        assert end <= step.start < step.end <= path.end
        end = step.end
    reason = path.not_reference
    assert reason is None or 0 <= reason.start <= reason.end <= len(text)
    assert path.root != "none" or path.errors


@given(st.sampled_from(["$", "$$", "$total"]), st.lists(STEPS, max_size=6))
@settings(deadline=None, max_examples=150)
def test_a_path_that_is_written_from_steps_is_read_as_them(root: str, written: list[tuple[str, Step]]) -> None:
    text = root + "".join(part for part, _ in written)
    path = parse_path(text)
    assert path.errors == ()
    assert [step._replace(start=0, end=0) for step in path.steps] == [step for _, step in written]
    assert "".join(text[step.start : step.end] for step in path.steps) == text[len(root) :]


def test_a_path_of_names_alone_is_read_as_any_other() -> None:
    pieces = ["$", "$$", "$x", "$_1", ".a", ".1", ".b-c", "._é", ".\u0301", "\u0301", ".", " ", "\n", "[0]", "${X}"]
    for parts in product(pieces, repeat=3):
        text = "".join(parts)
        assert parse_path(text) == path_within(text, mask(text), 0, len(text))


@given(st.lists(STEPS, max_size=5))
@settings(deadline=None, max_examples=100)
def test_a_reference_path_names_nothing_but_single_places(written: list[tuple[str, Step]]) -> None:
    path = parse_path("$" + "".join(part for part, _ in written))
    single = all(step.kind == "member" or (step.kind == "index" and (step.indices[0] or 0) >= 0) for _, step in written)
    assert path.is_reference == single


REFERENCE = re.compile(
    r"""\$(?:\$|[A-Za-z_][A-Za-z0-9_]*)?(?:\.?\[(?:'(?:[^'\\]|\\.)*'|[0-9]+)\]|\.(?:[^\\@,:?*.\[\]()'"\s]|\\.)+)*""", re.DOTALL
)
"""A second definition of a Reference Path, as one pattern: what both the specification allows and nothing unsure."""


def test_short_texts_are_reference_paths_exactly_where_a_pattern_says_so() -> None:
    for length in range(5):
        for characters in product(".a[]'0*-\\", repeat=length):
            text = "$" + "".join(characters)
            path = parse_path(text)
            assert (not path.errors and path.is_reference) == bool(REFERENCE.fullmatch(text)), text


def _select(path: Path, document: Any) -> list[Any]:
    """What the steps of a path find in a document: a plain evaluator over the parser's result."""
    found = [document]
    for step in path.steps:
        found = [value for node in found for value in _children(step, node)]
    return found


def _children(step: Step, node: Any) -> Iterator[Any]:
    if step.kind in ("member", "members") and isinstance(node, dict):
        yield from (node[name] for name in step.names if name in node)
    elif step.kind == "wildcard" and isinstance(node, (dict, list)):
        yield from node.values() if isinstance(node, dict) else node
    elif step.kind in ("index", "indices") and isinstance(node, list):
        yield from (node[index] for index in step.indices if index is not None and -len(node) <= index < len(node))
    elif step.kind == "slice" and isinstance(node, list):
        yield from node[slice(*step.indices)]


LETTERS = st.sampled_from("abc")
DOCUMENTS = st.recursive(
    st.integers(0, 9), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(LETTERS, inner, max_size=3), max_leaves=25
)
NOTATIONS = st.one_of(
    LETTERS.map("['{}']".format),
    LETTERS.map(".{}".format),
    st.integers(0, 3).map("[{}]".format),
    st.tuples(st.sampled_from(["", "0", "1"]), st.sampled_from(["", "1", "3"])).map("[{0[0]}:{0[1]}]".format),
    st.sampled_from(["[*]", ".[*]", ".*", ".[0]", "['a','b']"]),
)


@given(st.lists(NOTATIONS, max_size=4).map(lambda parts: "$" + "".join(parts)), DOCUMENTS)
@settings(deadline=None, max_examples=150)
def test_a_path_finds_what_an_independent_implementation_finds(text: str, document: Any) -> None:
    other = pytest.importorskip("jsonpath_ng", reason="jsonpath-ng is the reference of this comparison")
    expected = [match.value for match in other.parse(text).find(document)]
    # The order in which a wildcard visits an object's members is nobody's promise.
    assert sorted(_select(parse_path(text), document), key=repr) == sorted(expected, key=repr)


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "[" * n,
        lambda n: "$" + "[" * n,
        lambda n: "$.a" + "[" * n + "]" * n,
        lambda n: "$.f" + "(" * n,
        lambda n: "$" + ".a" * n,
        lambda n: "$" + "['a']" * n,
        lambda n: "$" + "[$a]" * n,
        lambda n: "$['" + "\\'" * n,
        lambda n: "$[" + "'a'," * n,
        lambda n: "$[" + "1," * n,
        lambda n: "$[" + "9" * n + "]",
        lambda n: "$" + "[?(@.a=~/" * n,
        lambda n: "$[?(" + "'" * n,
        lambda n: "$" + "." * n,
        lambda n: "$." + "\\" * n,
        lambda n: "$." + "a b" * n,
        lambda n: " " * n + "$",
        lambda n: "${" * n,
        lambda n: "${a}" * n,
    ],
)
def test_the_time_for_a_huge_path_is_linear(make: Callable[[int], str]) -> None:
    def seconds(text: str) -> float:
        parse_path.cache_clear()
        start = time.process_time()
        path = parse_path(text)
        assert path.not_reference is None or path.not_reference.message
        return time.process_time() - start

    small = min(seconds(make(5_000)) for _ in range(3))
    # Eight times the text: four times the time that this takes at the same speed, and more than a coarse clock's tick.
    assert seconds(make(40_000)) < 32 * small + 0.2
