"""How long the execution that runs a state may last."""

import json
from typing import Any

import pytest

from asl_lint.facts.machine_facts import Facts, MachineType, Workflow
from asl_lint.facts.time_limits import ends_after, execution_type, timeout
from asl_lint.source.json_text import read_json
from asl_lint.source.text import Text

REST: dict[str, Any] = {"StartAt": "Rest", "States": {"Rest": {"Type": "Wait", "Seconds": 5, "End": True}}}


def facts(definition: dict[str, Any], machine_type: MachineType | None = None) -> Facts:
    return Facts(Workflow("a.asl.json", read_json(Text(json.dumps(definition))), machine_type))


def around(config: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A Map with a processor of this configuration around the Wait."""
    return {
        "StartAt": "Each",
        "States": {"Each": {"Type": "Map", "ItemProcessor": {"ProcessorConfig": config, **REST}, "End": True}},
        **more,
    }


DISTRIBUTED = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}


@pytest.mark.parametrize(
    ("definition", "machine_type", "expected"),
    [
        (REST, None, None),
        (REST, "EXPRESS", "EXPRESS"),
        (around(DISTRIBUTED), "STANDARD", "EXPRESS"),
        (around({**DISTRIBUTED, "ExecutionType": "STANDARD"}), None, "STANDARD"),
        (around({**DISTRIBUTED, "ExecutionType": "${Type}"}), "STANDARD", None),
        (around({"Mode": "INLINE"}), "EXPRESS", "EXPRESS"),
    ],
)
def test_a_distributed_map_names_the_type_of_its_iterations(
    definition: dict[str, Any], machine_type: MachineType | None, expected: str | None
) -> None:
    found = facts(definition, machine_type)
    assert execution_type(found, found.machine.states[-1]) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(60, 60), (0, None), ("${Seconds}", None), (True, None)])
def test_a_time_out_counts_where_it_is_a_number_of_seconds(seconds: object, expected: float | None) -> None:
    assert timeout(facts({**REST, "TimeoutSeconds": seconds})) == expected


@pytest.mark.parametrize(
    ("definition", "machine_type", "expected"),
    [
        (REST, None, None),
        (REST, "EXPRESS", 300),
        ({**REST, "TimeoutSeconds": 60}, "EXPRESS", 60),
        ({**REST, "TimeoutSeconds": 600}, "EXPRESS", 300),
        (around(DISTRIBUTED, TimeoutSeconds=600), None, 300),
        (around(DISTRIBUTED, TimeoutSeconds=60), None, 60),
    ],
)
def test_what_ends_first_ends_the_execution(
    definition: dict[str, Any], machine_type: MachineType | None, expected: float | None
) -> None:
    found = facts(definition, machine_type)
    assert ends_after(found, found.machine.states[-1]) == expected
