"""What holds for every format: it takes any report, steers no terminal, is fast, and loads only what it needs."""

import re
import subprocess
import sys
import time
import unicodedata

import pytest
from hypothesis import given, settings

from asl_lint.finding import Report
from asl_lint.output import FORMATS, render

from .reports import DEFINITION, report_on, reports, style, unknown_field, whole_report


@pytest.mark.parametrize("format", FORMATS)
@given(report=reports())
@settings(deadline=None, max_examples=50)
def test_any_report_can_be_written(format: str, report: Report) -> None:
    for width in (1, 80):
        for verbose in (False, True):
            output = "".join(render(format, report, style(width=width, verbose=verbose)))
            assert output.endswith("\n")
            assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in output.replace("\n", ""))
            output.encode("utf-8")


@given(report=reports())
@settings(deadline=None, max_examples=50)
def test_colours_and_hyperlinks_are_the_only_escape_sequences(report: Report) -> None:
    output = "".join(render("text", report, style(colour=True, hyperlinks=True, verbose=True)))
    rest = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;;[!-~]*\x1b\\", "", output)
    assert "\x1b" not in rest
    assert rest == "".join(render("text", report, style(verbose=True)))


@pytest.mark.parametrize("format", FORMATS)
def test_a_report_is_written_the_same_twice(format: str) -> None:
    assert list(render(format, whole_report(), style())) == list(render(format, whole_report(), style()))


@pytest.mark.parametrize("format", FORMATS)
def test_a_narrow_encoding_can_take_it(format: str) -> None:
    "".join(render(format, whole_report(), style())).encode("ascii", "backslashreplace")


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(KeyError):
        render("html", whole_report(), style())


@pytest.mark.parametrize("format", ["json", "concise"])
def test_ten_thousand_findings_take_less_than_a_second(format: str) -> None:
    report = report_on(DEFINITION, *[unknown_field()] * 10_000)
    started = time.process_time()
    assert sum(map(len, render(format, report, style()))) > 500_000
    assert time.process_time() - started < 1


HEAVY = (
    "jsonschema", "networkx", "jsonata", "yaml", "click", "dataclasses", "tomllib", "importlib.metadata", "importlib.resources",
    "concurrent.futures", "urllib.parse", "hashlib", "xml", "unicodedata",
)  # fmt: skip


def loaded(statement: str) -> list[str]:
    script = f"import sys; before = set(sys.modules); {statement}; print(*sorted(set(sys.modules) - before))"
    return subprocess.run(
        [sys.executable, "-I", "-c", _with_path(script)], capture_output=True, text=True, check=True
    ).stdout.split()


def _with_path(script: str) -> str:
    return f"import sys; sys.path[:] = {sys.path!r}; {script}"


@pytest.mark.parametrize("module", ["json_format", "text_format", "concise_format", "statistics_format"])
def test_the_usual_formats_load_nothing_heavy(module: str) -> None:
    modules = loaded(f"import asl_lint.output.{module}")
    assert [name for name in modules if name.startswith(HEAVY)] == []


def test_the_json_format_loads_no_other_format() -> None:
    modules = loaded("import asl_lint.output.json_format")
    assert [name for name in modules if name.startswith("asl_lint.output.")] == [
        "asl_lint.output.json_format",
        "asl_lint.output.style",
    ]


def test_asking_for_the_formats_loads_none() -> None:
    assert [name for name in loaded("import asl_lint.output") if name.endswith("_format")] == []
