"""The HTML review as a file: one that fetches nothing, whose data are all there, with nothing of a definition in its markup."""

import base64
import hashlib
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from asl_lint.finding import Report
from asl_lint.report import ViewStyle, render
from asl_lint.report.document import document
from asl_lint.report.links import Links
from asl_lint.report.page.document import SCRIPTS
from asl_lint.report.page.excerpts import Sources
from tests.conftest import ROOT
from tests.report.machines import FAULTY, ORDER, hostile, report_of
from tests.report.pages import Markup, blocks, written
from tests.test_secrets_are_not_shown import definition as secretive
from tests.test_secrets_are_not_shown import leaks

BAD = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "End": True}}}
ELK = "b1032b7cfd2a57c54c6f0e8369d7665e19a579954f7cd20a6dae28f1912ea0d7"
"""SHA-256 of lib/elk.bundled.js in the npm package elkjs 0.12.1."""


def page(report: Report, then: Report | None = None, **style: Any) -> str:
    return "".join(render("html", document(report, then, None if then is None else "main"), ViewStyle(**style)))


# --- the file ---------------------------------------------------------------------------------------------------------------


def test_a_page_refers_to_nothing_outside_itself() -> None:
    for tag, attributes in Markup(page(report_of(ORDER, hostile()))).elements:
        assert tag in {"html", "head", "meta", "title", "style", "body", "noscript", "p", "script"}
        assert not {"src", "href", "srcset", "action", "style"} & set(attributes)


def test_the_policy_of_a_page_allows_its_own_scripts_and_style_and_nothing_else() -> None:
    markup = Markup(page(report_of(ORDER)))
    (policy,) = (one["content"] for tag, one in markup.elements if one.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in (policy or "").split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for tag in ("script", "style"):
        digests = [hashlib.sha256(text.encode()).digest() for kind, text in markup.texts if kind == tag]
        assert rules[f"{tag}-src"].split() == [f"'sha256-{base64.b64encode(one).decode()}'" for one in digests]


def test_nothing_of_a_definition_is_in_the_markup() -> None:
    plain, odd = page(report_of(ORDER)), page(report_of(hostile()))
    assert Markup(plain).elements == Markup(odd).elements
    assert odd.isascii() == plain.isascii()


def test_elk_is_as_its_authors_publish_it() -> None:
    folder = ROOT / "asl_lint/report/page/elk"
    content = (folder / "elk.bundled.js").read_bytes()
    assert hashlib.sha256(content).hexdigest() == ELK
    assert content.decode() in page(report_of(BAD))
    assert "Eclipse Public License - v 2.0" in (folder / "LICENSE.md").read_text(encoding="utf-8")
    assert "elkjs 0.12.1" in (ROOT / "NOTICE").read_text(encoding="utf-8")


def test_every_module_of_the_page_is_in_it() -> None:
    assert sorted(SCRIPTS) == sorted(file.name for file in (ROOT / "asl_lint/report/page/assets").glob("*.js"))


def test_no_module_writes_markup() -> None:
    for file in (ROOT / "asl_lint/report/page/assets").glob("*.js"):
        text = file.read_text(encoding="utf-8")
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "fetch(", "import("):
            assert word not in text, (file.name, word)


def test_the_same_run_gives_the_same_bytes() -> None:
    assert page(report_of(ORDER, FAULTY)) == page(report_of(ORDER, FAULTY))


# --- the data ---------------------------------------------------------------------------------------------------------------


def test_a_page_holds_all_of_each_machine() -> None:
    report = report_of(ORDER, FAULTY, BAD)
    data = blocks(page(report))
    whole = json.loads(json.dumps(document(report)))
    assert list(data) == ["overview", "machine-0", "machine-1", "machine-2"]
    for i, machine in enumerate(whole["machines"]):
        held = data[f"machine-{i}"]
        assert {name: held[name] for name in machine if name != "findings"} == {
            name: machine[name] for name in machine if name != "findings"
        }
        key = "fingerprint"
        assert sorted(one[key] for one in held["findings"]) == sorted(one[key] for one in machine["findings"])


def test_the_overview_has_a_row_for_each_machine() -> None:
    data = blocks(page(report_of(ORDER, FAULTY)))["overview"]
    order, faulty = data["machines"]
    assert (order["file"], order["states"], order["loops"]["all"]) == ("a.asl.json", 8, 1)
    assert faulty["loops"] == {"all": 1, "bounded": 0, "trap": 1}
    assert faulty["history"]["formula"] == "∞"
    found = [one["rule"] for one in faulty["findings"]]
    assert found[0] == "undefined-variable" and {"lock-not-released", "trap-loop"} < set(found)


def test_a_page_says_of_each_rule_that_found_something_why_it_matters(tmp_path: Path) -> None:
    (tmp_path / "a.asl.json").write_text(json.dumps(FAULTY))
    data = blocks(written(tmp_path, str(tmp_path / "a.asl.json")).read_text(encoding="utf-8"))
    found = {one["rule"] for one in data["machine-0"]["findings"]}
    assert found == set(data["overview"]["explanations"])
    assert all(one["why"] and one["fix"] for one in data["overview"]["explanations"].values())


def test_a_comparison_marks_what_was_added_changed_and_removed() -> None:
    now = json.loads(json.dumps(ORDER))
    now["States"]["Wait more"] = {"Type": "Wait", "Seconds": 1, "Next": "Read"}
    now["States"]["Rest"] = {"Type": "Wait", "Seconds": 60, "Next": "Wait more"}
    del now["States"]["Failed"]
    data = blocks(page(report_of(now), report_of(ORDER)))["machine-0"]
    marks = data["marks"]
    assert marks["/States/Wait more"] == marks["/States/Rest/Next"] == "added"
    assert (marks["/States/Rest"], marks["/States/Failed"]) == ("changed", "removed")
    assert "Failed" in [state["name"] for state in data["graph"]["states"]]


def test_links_lead_from_a_finding_to_its_line() -> None:
    data = blocks(page(report_of(BAD), links=Links("https://example.org/{path}#L{line}")))
    (finding,) = data["machine-0"]["findings"]
    assert finding["link"] == f"https://example.org/a.asl.json#L{finding['span']['start']['line']}"


def test_no_part_of_a_secret_is_in_a_page(tmp_path: Path) -> None:
    (tmp_path / "a.asl.json").write_text(json.dumps(secretive(), indent=2))
    text = written(tmp_path, str(tmp_path / "a.asl.json")).read_text(encoding="utf-8")
    data = blocks(text)
    assert data["machine-0"]["findings"] and any(one["lines"] for one in data["machine-0"]["findings"])
    assert leaks(text) == leaks(json.dumps(data, ensure_ascii=False)) == []


# --- lines of the file -----------------------------------------------------------------------------------------------------


def excerpt(definition: object, rule: str, indent: int | None = 2) -> list[dict[str, Any]]:
    text = json.dumps(definition, indent=indent)
    (machine,) = document(report_of(text))["machines"]
    finding = next(one for one in machine["findings"] if one["rule"] == rule)
    return Sources({"a.asl.json": text}).excerpt(finding)


def marked(lines: list[dict[str, Any]], role: str) -> list[str]:
    return [text for line in lines for text, kind in line["parts"] if kind == role]


def test_an_excerpt_marks_what_is_meant_within_its_lines() -> None:
    lines = excerpt(BAD, "unknown-field")
    assert marked(lines, "own") == ['"Odd"']
    text = json.dumps(BAD, indent=2).split("\n")
    assert {line["line"]: "".join(part for part, _ in line["parts"]) for line in lines} == {n: text[n - 1] for n in (5, 6, 7)}


def test_an_excerpt_marks_the_steps_of_a_path_and_what_else_is_named() -> None:
    lines = excerpt(FAULTY, "lock-not-released")
    assert marked(lines, "own") == ['"Failed"']
    assert '"Work"' in marked(lines, "step") and '"Acquire"' in marked(lines, "related")


def test_of_a_long_line_an_excerpt_shows_what_is_around_the_place() -> None:
    states = {f"S{i}": {"Type": "Pass", "Next": f"S{i + 1}"} for i in range(200)}
    definition = {"StartAt": "S0", "States": {**states, "S200": {"Type": "Pass", "Odd": 1, "End": True}}}
    (line,) = excerpt(definition, "unknown-field", indent=None)
    assert marked([line], "own") == ['"Odd"']
    assert len("".join(text for text, _ in line["parts"])) < 450


def test_of_a_long_place_an_excerpt_leaves_out_the_middle() -> None:
    text = "\n".join(str(i) for i in range(100))
    position = {"line": 1, "column": 1, "offset": 0}
    span = {"start": position, "end": {**position, "offset": len(text)}}
    lines = Sources({"a": text}).excerpt({"file": "a", "span": span, "path": [], "related": []})
    assert [line["line"] for line in lines] == [*range(1, 7), *range(95, 101)]


def test_a_correction_shows_the_lines_before_and_after() -> None:
    text = '{\n  "Nxt": "B",\n  "A": 1\n}'
    edit = {"span": {"start": {"offset": 5}, "end": {"offset": 8}}, "text": "Next"}
    finding = {"file": "a", "fix": {"title": "", "safe": True, "edits": [edit]}}
    assert Sources({"a": text}).correction(finding) == [["-", '  "Nxt": "B",'], ["+", '  "Next": "B",']]


def test_edits_of_one_line_are_shown_together_and_those_of_others_apart() -> None:
    places = [(0, 1), (2, 3), (8, 9)]
    edits = [{"span": {"start": {"offset": start}, "end": {"offset": end}}, "text": "x"} for start, end in places]
    finding = {"file": "a", "fix": {"title": "", "safe": True, "edits": edits}}
    assert Sources({"a": "a b\nc\nd e\n"}).correction(finding) == [["-", "a b"], ["+", "x x"], ["-", "d e"], ["+", "d x"]]


def test_there_are_no_lines_of_a_file_whose_text_was_not_kept() -> None:
    (finding,) = blocks(page(report_of(BAD)))["machine-0"]["findings"]
    assert (finding["lines"], finding["correction"]) == ([], [])


# --- size -------------------------------------------------------------------------------------------------------------------


@pytest.mark.large
def test_the_review_of_the_corpus_is_written_in_a_minute_and_in_a_gigabyte(
    corpus: Path, tmp_path: Path, record_property: Any
) -> None:
    file = tmp_path / "report.html"
    command = [sys.executable, "-m", "asl_lint", "report", str(corpus / "good"), "-o", str(file), "--no-config"]
    started = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, timeout=300)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, busy = time.monotonic() - started, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    machines = len(blocks(file.read_text(encoding="utf-8"))["overview"]["machines"])
    size = file.stat().st_size
    record_property(
        "figures",
        f"HTML review of {machines} machines: {seconds:.1f} s ({busy:.1f} s of a processor), {after.ru_maxrss // 1024} MiB, "
        f"{size / 1e6:.1f} MB, {(size - 1_646_241) / machines / 1e3:.1f} kB a machine",
    )
    assert machines >= 700
    assert busy < 60 and after.ru_maxrss < 1024 * 1024
