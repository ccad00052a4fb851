"""Drawings: what they show, that they never change by themselves, and that no name in a file is obeyed."""

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.output.characters import visible
from asl_lint.report.drawing import FORMATS, Drawing, draw
from asl_lint.report.drawing.dot import quoted
from asl_lint.report.drawing.layout import GAP, Size, layered
from asl_lint.report.drawing.mermaid import escape
from asl_lint.report.drawing.words import cut
from tests.output.reports import ALPHABET
from tests.report.machines import HOSTILE, ORDER, graph_of, hostile

GOLDEN = Path(__file__).parent / "golden"
ENDINGS = {"mermaid": "mmd", "dot": "dot", "svg": "svg"}
NODES, EDGES = 8, 10
"""States of ORDER; its transitions, and the beginnings of its four scopes."""

MERMAID = re.compile(
    r"""%%\ [^\n{]*
    | flowchart\ TD
    | \ \ start\(\("start"\)\)
    | \ \ n\d+(?:\[\[?|\{\{|\(\[?)"[^"\n]*<br/><small>[^"<>\n]*</small>"(?:\]?\]|\}\}|\]?\))
    | \ \ subgraph\ g\d+\["[^"<>\n]*"\]
    | \ \ end
    | \ \ (?:start|n\d+)\ (?:-->|-\.->|-\.-)(?:\|"[^"<>\n]*"\|)?\ n\d+
    | \ \ (?:classDef\ \w+|linkStyle\ \d+)\ [\w:\#,-]+
    | \ \ class\ n\d+(?:,n\d+)*\ \w+""",
    re.VERBOSE,
)
"""Every line that we write in Mermaid."""
TEXT = r'"(?:[^"\\\n]|\\.)*"'
DOT = re.compile(
    rf"""digraph\ {TEXT}\ \{{ | \ \ (?:graph|node|edge)\ \[[^\n]*\] | \ \ \}} | \}}
    | \ \ subgraph\ cluster_\d+\ \{{ | \ \ label={TEXT}
    | \ \ (?:start|n\d+)(?:\ ->\ n\d+)?(?:\ \[(?:\w+=(?:{TEXT}|[\w.]+)\ ?)+\])?""",
    re.VERBOSE,
)
"""Every line that we write in DOT."""


def drawing(definition: Any = ORDER, **changes: Any) -> Drawing:
    return Drawing("a.asl.json", graph_of(definition))._replace(**changes)


@pytest.mark.parametrize("format", FORMATS)
def test_a_drawing_is_what_it_was(format: str) -> None:
    marks = {"/States/Read": "error", "/States/Rest": "added", "/States/Ship": "changed"}
    file = GOLDEN / f"order.{ENDINGS[format]}"
    assert draw(format, drawing(marks=marks)) == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_definition_is_drawn(format: str) -> None:
    assert draw(format, drawing({}))
    assert draw(format, drawing({"StartAt": "Nowhere", "States": {"A": {"Next": 5}, "B": 7}}))


# --- Mermaid ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("definition", [ORDER, hostile()], ids=["order", "hostile"])
def test_every_line_of_mermaid_is_one_that_we_mean(definition: Any) -> None:
    text = draw("mermaid", drawing(definition, title=HOSTILE[5], marks={"/States/Read": "error"}))
    assert [line for line in text.removesuffix("\n").split("\n") if not MERMAID.fullmatch(line)] == []


def test_mermaid_has_every_state_and_every_arrow() -> None:
    lines = draw("mermaid", drawing()).split("\n")
    assert sum(bool(re.match(r"  n\d+[\[({]", line)) for line in lines) == NODES
    assert sum(bool(re.search(r" (-->|-\.->|-\.-)(\|.*\|)? n\d+$", line)) for line in lines) == EDGES


def test_scopes_lie_inside_the_scopes_around_them() -> None:
    depth, deepest = 0, 0
    for line in draw("mermaid", drawing()).split("\n"):
        depth += line.startswith("  subgraph") - (line == "  end")
        deepest = max(deepest, depth)
    assert (depth, deepest) == (0, 2)


@given(st.text(ALPHABET))
def test_what_mermaid_would_obey_is_written_as_a_number(text: str) -> None:
    written = escape(text)
    assert not re.search(r'["<>`{}|\\:;%&@\n]', re.sub(r"#\d+;", "", written))
    assert re.sub(r"#(\d+);", lambda found: chr(int(found[1])), written) == visible(text)


# --- DOT --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("definition", [ORDER, hostile()], ids=["order", "hostile"])
def test_every_line_of_dot_is_one_that_we_mean(definition: Any) -> None:
    text = draw("dot", drawing(definition, title=HOSTILE[0]))
    assert [line for line in text.removesuffix("\n").split("\n") if not DOT.fullmatch(line)] == []


@given(st.text(ALPHABET))
def test_what_graphviz_would_obey_is_escaped(text: str) -> None:
    written = quoted(text)
    assert re.fullmatch(TEXT, written)
    inside = re.sub(r"\\(.)", r"\1", written[1:-1]).replace("&amp;", "&")
    assert inside == visible(text)


@pytest.mark.parametrize("definition", [ORDER, hostile()], ids=["order", "hostile"])
def test_graphviz_reads_what_we_write(definition: Any) -> None:
    if shutil.which("dot") is None:
        pytest.skip("Graphviz is not there to read it")
    text = draw("dot", drawing(definition))
    done = subprocess.run(["dot", "-Tplain"], input=text, capture_output=True, encoding="utf-8", check=True)
    kinds = Counter(line.partition(" ")[0] for line in done.stdout.split("\n"))
    states = len(graph_of(definition)["states"])
    assert kinds["node"] == states + 1


# --- SVG --------------------------------------------------------------------------------------------------------------------

NAMESPACE = {"": "http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("definition", [ORDER, hostile()], ids=["order", "hostile"])
def test_an_svg_is_xml_with_every_state_and_nothing_that_runs(definition: Any) -> None:
    graph = graph_of(definition)
    root = ElementTree.fromstring(draw("svg", drawing(definition, title=HOSTILE[1])))
    assert {one.tag.removeprefix("{http://www.w3.org/2000/svg}") for one in root.iter()} <= {
        "svg", "style", "defs", "marker", "path", "text", "g", "title", "rect", "circle",
    }  # fmt: skip
    assert not any(name.startswith("on") or "href" in name for one in root.iter() for name in one.attrib)
    titles = {one.text for one in root.iterfind(".//g/title", NAMESPACE)}
    assert {visible(state["name"]) for state in graph["states"]} <= titles


def boxes(svg: str) -> dict[str, tuple[float, float, float, float]]:
    """The boxes of states by name: left, top, right, bottom."""
    found = {}
    for group in ElementTree.fromstring(svg).iterfind(".//g", NAMESPACE):
        rect, title = group.find("rect", NAMESPACE), group.find("title", NAMESPACE)
        if rect is not None and title is not None:
            x, y, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
            found[str(title.text)] = (x, y, x + width, y + height)
    return found


def test_a_state_is_inside_the_box_of_the_state_that_holds_it_and_below_the_one_before() -> None:
    found = boxes(draw("svg", drawing()))
    for outer, inner in (("Ship", "Both"), ("Both", "Pack"), ("Both", "Bill")):
        (left, top, right, bottom), (x, y, to_x, to_y) = found[outer], found[inner]
        assert left < x and top < y and to_x < right and to_y < bottom
    assert found["Read"][3] < found["Decide"][1] and found["Decide"][3] < found["Ship"][1]


def test_what_stands_for_colours_is_on_the_marked_states_only() -> None:
    svg = draw("svg", drawing(marks={"/States/Rest": "added"}))
    assert svg.count('class="s added"') == 1 and svg.count('class="s"') == NODES - 1


# --- layout -----------------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_no_two_nodes_overlap_and_arrows_go_down_but_where_they_close_a_cycle(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 14))
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    arrows, handlers = data.draw(st.lists(ends, max_size=30)), data.draw(st.lists(ends, max_size=10))
    sizes = [Size(float(data.draw(st.integers(10, 300))), float(data.draw(st.integers(10, 100)))) for _ in range(count)]
    found = layered(sizes, arrows, handlers)
    for i in range(count):
        (x, y), (width, height) = found.places[i], sizes[i]
        assert x >= -0.1 and x + width <= found.size.width + 0.1
        assert y >= -0.1 and y + height <= found.size.height + 0.1
        for j in range(i):
            (other_x, other_y), (other_width, other_height) = found.places[j], sizes[j]
            apart = max(x - other_x - other_width, other_x - x - width)
            below = max(y - other_y - other_height, other_y - y - height)
            assert apart >= GAP - 0.1 or below > 0


def test_an_acyclic_machine_is_drawn_downwards() -> None:
    arrows = [(0, 1), (1, 2), (0, 2), (2, 3), (1, 3)]
    places = layered([Size(10, 10)] * 4, arrows, []).places
    assert all(places[a].y < places[b].y for a, b in arrows)


def test_hundreds_of_states_that_catch_to_one_handler_are_drawn_at_once() -> None:
    count = 1_000
    found = layered([Size(90, 44)] * count, [(i, i + 1) for i in range(count - 2)], [(i, count - 1) for i in range(count - 1)])
    assert found.size.width < 400
    assert len({place.y for place in found.places}) == count - 1  # the handler stands beside the second state


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_cut_to_the_cells_that_there_are(name: str) -> None:
    from asl_lint.output.characters import width

    assert width(cut(name, 20)) <= 20 and visible(cut(name, 1_000)) == cut(name, 1_000)
