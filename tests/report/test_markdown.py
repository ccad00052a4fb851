"""The review as a comment: short enough whatever there is to say, the worst first, and nothing of a file is obeyed in it."""

import copy
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from asl_lint.finding import Failure, Report, Unresolved
from asl_lint.report import ViewStyle, render
from asl_lint.report.document import document
from asl_lint.report.links import Links, links_in
from asl_lint.report.markdown.comment import MOST, size
from asl_lint.report.markdown.text import code, html, prose
from asl_lint.report.markdown.words import time, way
from tests.command_line import WORRYING
from tests.output.reports import ALPHABET
from tests.report.machines import HOSTILE, ORDER, hostile, report_of

GOLDEN = Path(__file__).parent / "golden"
BAD = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "End": True}}}
TAGS = {
    "h3", "p", "ul", "li", "strong", "code", "a", "br", "details", "summary", "table", "thead", "tbody", "tr", "th", "td", "pre",
    "span",
}  # fmt: skip
"""The elements that our own text makes."""


def comment(report: Report, then: Report | None = None, links: Links | None = None) -> str:
    text = "".join(render("markdown", document(report, then, None if then is None else "main"), ViewStyle(links or Links())))
    assert size(text) <= MOST
    return text


class _Elements(HTMLParser):
    """The elements of a page, their attributes, and the text outside of code."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.prose = ""
        self._code = 0
        self.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(attrs)
        self._code += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag == "code"

    def handle_data(self, data: str) -> None:
        self.prose += "" if self._code else data


def worse(states: dict[str, Any]) -> dict[str, Any]:
    after = copy.deepcopy(ORDER)
    after["States"] |= states
    return after


def test_a_comment_is_what_it_was() -> None:
    now = worse({"More": {"Type": "Pass", "Odd": 1, "Next": "Nowhere"}, "Rest": {"Type": "Wait", "Seconds": 5, "Next": "More"}})
    text = comment(report_of(now, BAD), report_of(ORDER, BAD), Links("https://example.org/{path}#L{line}"))
    assert text == (GOLDEN / "order.md").read_text(encoding="utf-8")


def test_the_worst_machine_comes_first_and_is_open() -> None:
    text = comment(report_of(WORRYING, BAD, names=("a.asl.json", "z.asl.json")))
    assert re.findall(r"<details( open)?>\n<summary><code>(.*?)</code>", text) == [(" open", "z.asl.json"), ("", "a.asl.json")]


def test_what_is_new_comes_before_what_is_worse_and_old() -> None:
    names = ("a.asl.json", "z.asl.json")
    good = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    text = comment(report_of(BAD, WORRYING, names=names), report_of(BAD, good, names=names))
    assert re.findall(r"<summary><code>(.*?)</code>", text) == ["z.asl.json"]
    rows = re.findall(r"^\| `(.*?)` \|", text, re.MULTILINE)
    assert rows == ["z.asl.json", "a.asl.json"]


def test_what_is_unchanged_and_has_nothing_new_is_only_a_row() -> None:
    text = comment(report_of(ORDER, BAD), report_of(ORDER, BAD))
    assert "<details" not in text and "`b.asl.json`" in text


def test_nothing_found_is_said() -> None:
    good = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    assert comment(report_of(good)) == "### asl-lint: nothing found\n\n1 state machine, 1 state.\n"


def test_failures_and_machines_that_are_gone_are_told() -> None:
    report = report_of(ORDER)._replace(errors=(Failure("<b>.json", "is no *file*"),))
    text = comment(report, report_of(ORDER, BAD))
    assert "- removed: `b.asl.json` (1 state)" in text
    assert "- failure: `<b>.json`: is no \\*file\\*" in text


# --- length -----------------------------------------------------------------------------------------------------------------


def test_a_comment_on_hundreds_of_machines_is_short_enough_and_counts_what_it_leaves_out() -> None:
    wrong = {"StartAt": "A", "States": {f"S{i}": {"Type": "Pass", "Odd": i, "Next": "Nowhere"} for i in range(12)}}
    text = comment(repeated(report_of(wrong), tuple(f"flows/{i}.asl.json" for i in range(300))))
    assert size(text) > MOST // 2
    assert "state machines did not fit here" in text and "… and 260 more" in text


def repeated(report: Report, files: tuple[str, ...]) -> Report:
    """A report on one machine as it were on the same machine in each of these files."""
    return report._replace(
        files=files,
        findings=tuple(one._replace(file=file) for file in files for one in report.findings),
        descriptions=tuple(one._replace(file=file) for file in files for one in report.descriptions),
    )


def test_a_machine_with_a_thousand_findings_is_cut_short() -> None:
    wrong = {"StartAt": "A", "States": {f"S{i}": {"Type": "Pass", "Odd": i, "Next": "Nowhere"} for i in range(1_000)}}
    assert "more findings" in comment(report_of(wrong))


def test_texts_of_any_length_do_not_break_the_limit() -> None:
    long = "🚀\u0301" * 40_000
    report = report_of({"StartAt": "A", "States": {long: {"Type": long, "Next": long}}}, names=(long + ".asl.json",))
    failures = tuple(Failure(long, long) for _ in range(50))
    comment(report._replace(errors=failures), report_of(ORDER))


def test_findings_that_stand_alone_are_counted_once() -> None:
    report = report_of({"StartAt": "A", "States": {"A": {"Type": "Pass", **{f"Odd{i}": i for i in range(12)}, "End": True}}})
    alone = report._replace(findings=tuple(one._replace(machine="Other") for one in report.findings))
    assert "… and 2 more findings" in comment(alone)


def test_texts_that_grow_when_they_are_escaped_do_not_break_the_limit() -> None:
    dear = "$" * 600
    unresolved = tuple(Unresolved("t.yaml", f"M{i}", dear + ".json does not exist", None) for i in range(12))
    failures = tuple(Failure(f"{i}.json", dear) for i in range(12))
    text = comment(report_of(ORDER)._replace(unresolved=unresolved, errors=failures))
    assert "not checked: `M0`" in text and "more" in text


@pytest.mark.parametrize("text", [":smile:", "GH-12", "&12", "@somebody", "#12", "!3"])
def test_what_would_become_a_link_or_an_emoji_is_broken_up(text: str) -> None:
    assert text not in prose(f"a {text} b").replace("\\", "") and prose("a: b, c:d GH &") == "a: b, c:d GH \\&"


# --- hostile texts ----------------------------------------------------------------------------------------------------------


def test_hostile_names_are_shown_and_not_obeyed() -> None:
    now = hostile()
    for state in now["States"].values():
        state["Odd" + HOSTILE[3]] = 1
    report = report_of(now, BAD, names=(HOSTILE[13] + ".asl.json", HOSTILE[3] + ".asl.json"))
    for text in (comment(report), comment(report, report_of(ORDER, BAD))):
        found = _Elements(text)
        assert found.tags <= TAGS
        assert {name for name, _ in found.attributes} <= {"open", "class", "href"}
        assert all("alert" not in (value or "") for _, value in found.attributes)
        assert "evil.example" not in "".join(value or "" for _, value in found.attributes)


@pytest.mark.parametrize("text", HOSTILE)
def test_prose_reads_as_it_was_and_calls_nobody(text: str) -> None:
    written = prose(text)
    assert _Elements("- " + written).prose.strip() == _shown(text)
    assert not re.search(r"[@#](?=\w)|(?<!\\)www\.(?=e)|(?<!\\):(?=//)", written)


def _shown(text: str) -> str:
    from asl_lint.report.drawing.words import cut

    return re.sub(r"\s+", " ", cut(text, 500)).strip()


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.text(ALPHABET + "`*_[]()#|~$@!w./:-+0a"))
def test_any_text_is_only_text(text: str) -> None:
    found = _Elements("- x" + prose(text) + "x")
    assert found.tags <= {"ul", "li", "span"}
    assert _Elements("- " + code(text)).tags == {"ul", "li", "code"}
    assert _Elements(f"<details><summary>{html(text)}</summary></details>").tags == {"details", "summary", "code"}


@given(st.text(ALPHABET + "`|\\"))
def test_a_table_keeps_its_columns(text: str) -> None:
    rendered = MarkdownIt("commonmark").enable("table").render(f"| a | b |\n|---|---|\n| {code(text, in_table=True)} | 1 |\n")
    assert rendered.count("<td>") == 2 and "<td>1</td>" in rendered


# --- links ------------------------------------------------------------------------------------------------------------------


def test_a_link_leads_to_the_line_of_the_file() -> None:
    links = Links("https://example.org/{path}#L{line}")
    assert links.to("./a b/ü(1).asl.json", 7) == "https://example.org/a%20b/%C3%BC%281%29.asl.json#L7"
    assert links.to("../outside.json", 7) is None and links.to("/abs.json", 7) is None and Links().to("a", 1) is None


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        (
            {"GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "c0ffee", "GITHUB_SERVER_URL": "https://git.example"},
            "https://git.example/o/r/blob/c0ffee/a.json#L3",
        ),
        ({"GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "c0ffee"}, "https://github.com/o/r/blob/c0ffee/a.json#L3"),
        (
            {"CI_PROJECT_URL": "https://gitlab.example/o/r", "CI_COMMIT_SHA": "c0ffee"},
            "https://gitlab.example/o/r/-/blob/c0ffee/a.json#L3",
        ),
        (
            {"BITBUCKET_GIT_HTTP_ORIGIN": "https://bitbucket.example/o/r", "BITBUCKET_COMMIT": "c0ffee"},
            "https://bitbucket.example/o/r/src/c0ffee/a.json#lines-3",
        ),
        ({}, None),
    ],
)
def test_the_server_that_runs_us_says_where_its_files_are(environment: dict[str, str], address: str | None) -> None:
    assert links_in(environment).to("a.json", 3) == address


def test_a_path_is_the_one_in_the_repository_wherever_the_run_began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "flows").mkdir()
    monkeypatch.chdir(tmp_path / "flows")
    links = links_in({"GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "1", "GITHUB_WORKSPACE": str(tmp_path)})
    assert links.to("a.json", 3) == "https://github.com/o/r/blob/1/flows/a.json#L3"
    assert links.to("../../elsewhere.json", 3) is None


# --- words ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (0.4, "0 s"), (90, "1 min 30 s"), (3_900, "1 h 5 min"), (31_536_000, "365 d")]
)
def test_a_time_is_told_in_its_units(seconds: float, words: str) -> None:
    assert time(seconds) == words


def test_the_way_to_a_state_has_the_names_of_those_around_it() -> None:
    assert way("/States/Outer~1A/ItemProcessor/States/Inner~0B") == "Outer/A / Inner~B"


def test_a_drawing_has_what_is_gone_too() -> None:
    text = comment(report_of(worse({"Rest": {"Type": "Wait", "Seconds": 5, "Next": "Failed"}})), report_of(ORDER))
    assert "stroke-dasharray" in text.partition("```mermaid")[2].partition("```")[0]
    assert json.dumps(ORDER)  # the machine that was changed is a copy
