"""The bounds of a run in the review, as ``facts.budgets`` has them."""

import pytest

from tests.conftest import ROOT
from tests.report.machines import ORDER
from tests.report.test_document import compared, described_folder, machine_of


def test_bounds_tell_why_there_is_none() -> None:
    machine = machine_of()
    assert machine["history"]["max"] is None and machine["history"]["formula"] == "∞"
    assert [cause["pointer"] for cause in machine["history"]["causes"]] == ["/States/Read"]
    assert machine["duration"]["max"] == 3600  # its TimeoutSeconds
    assert machine["cost"]["max"] is None


def test_a_run_that_has_bounds_has_a_price() -> None:
    machine = machine_of({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": True}}})
    assert (machine["history"]["min"], machine["history"]["max"]) == (6, 6)
    assert machine["transitions"]["max"] > 0
    assert machine["cost"]["max"] == pytest.approx(machine["transitions"]["max"] * 0.000025)


def test_a_longer_timeout_is_a_bound_that_grew() -> None:
    found = compared(ORDER, {**ORDER, "TimeoutSeconds": 7200})
    assert [(one["what"], one["before"], one["after"]) for one in found["bounds"]] == [("duration", 3600, 7200)]


@pytest.mark.large
def test_the_histories_of_the_five_definitions_have_bounds() -> None:
    machines = described_folder(ROOT / "docs/step_functions_jsonata")
    assert all(machine["history"]["max"] < 25_000 for machine in machines)
