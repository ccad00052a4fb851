"""The window and the month rule of the definitions, against the same rules in Python, over any time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sfnx import testing

from tests.definitions.rehearsal.clock import EPOCH
from tests.definitions.rehearsal.edges import states
from tests.definitions.rehearsal.scenario import definition

TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))
MINUTES = st.lists(st.integers(0, 59), min_size=1, max_size=6)


def _resolved(machine: str, variables: dict[str, Any]) -> Any:
    return testing.value(states(definition(machine))["ResolvePipelineRuntimeParams"]["Assign"], variables, {})


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@settings(deadline=None)
@given(TIMES, MINUTES)
def test_a_window_begins_at_the_latest_policy_minute_strictly_before_its_end(moment: datetime, minutes: list[int]) -> None:
    source = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    resolved = _resolved(
        "sfn_ndr_15m_features_inference.json",
        {
            "window_minutes": minutes,
            "source_ts_iso": _iso(source),
            "bucket": "b",
            "batch_prefix": "p/",
            "project_name": "p",
            "feature_spec_version": "v",
        },
    )
    before = source.replace(second=0, microsecond=0)
    while before.minute not in minutes or before >= source:
        before -= timedelta(minutes=1)
    assert resolved["batch_start_ts_iso"] == _iso(before)
    assert resolved["batch_end_ts_iso"] == _iso(source)


@settings(deadline=None)
@given(TIMES)
def test_a_month_ends_where_the_next_begins(moment: datetime) -> None:
    first = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    resolved = _resolved("sfn_ndr_monthly_fg_b_baselines.json", {"reference_month": first.strftime("%Y-%m")})
    assert resolved["month_start_ts_iso"] == _iso(first)
    assert resolved["month_end_ts_iso"] == _iso((first + timedelta(days=32)).replace(day=1))


@settings(deadline=None)
@given(TIMES)
def test_without_a_month_it_is_the_one_before_the_start(moment: datetime) -> None:
    branch = definition("sfn_ndr_monthly_fg_b_baselines.json")["States"]["ReadIncomingMessage"]["Branches"][0]
    message = {"project_name": "p", "feature_spec_version": "v"}
    frame = {"input": {"message": message}, "context": {"Execution": {"StartTime": _iso(moment)}}}
    parsed = testing.value(branch["States"]["ParseIncomingProjectContext"]["Output"], {}, frame)
    assert isinstance(parsed, dict)
    assert parsed["reference_month"] == (moment.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


@settings(deadline=None)
@given(TIMES, st.integers(-23 * 60, 23 * 60))
def test_a_timestamp_becomes_utc_milliseconds_in_any_zone(moment: datetime, offset: int) -> None:
    branch = definition("sfn_ndr_prediction_publication.json")["States"]["ReadIncomingMessage"]["Branches"][0]
    sign, minutes = "-" if offset < 0 else "+", abs(offset)
    local = EPOCH + (moment - EPOCH) + timedelta(minutes=offset)
    text = f"{local.isoformat(timespec='seconds').removesuffix('+00:00')}{sign}{minutes // 60:02}:{minutes % 60:02}"
    message = {
        "project_name": "p",
        "feature_spec_version": "v",
        "batch_start_ts_iso": text,
        "batch_end_ts_iso": "2300-01-01T00:00:00Z",
    }
    parsed = testing.value(branch["States"]["ParseIncomingProjectContext"]["Output"], {}, {"input": {"message": message}})
    assert isinstance(parsed, dict)
    assert parsed["batch_start_ts_iso"] == _iso(moment.replace(microsecond=0))
