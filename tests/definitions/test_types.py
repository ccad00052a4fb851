"""Every value of every scenario is of the type that is said of its point: what expressions read, and what they give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from asl_lint.facts.sites import Site
from asl_lint.facts.types import Types
from asl_lint.types.membership import holds, is_known
from tests.definitions.rehearsal.interpreter import Evaluation, Interpreter
from tests.definitions.rehearsal.scenario import definition, files, read, rehearse
from tests.definitions.rehearsal.services import Tables
from tests.properties.definitions import facts

MACHINES = {path: read(path) for path in files()}
Sites = Mapping[tuple[str, str], list[Site]]


@cache
def typed(machine: str) -> tuple[Types, Sites]:
    """The types of a definition, and its sites by the name of the state and the expression."""
    of = facts(definition(machine))
    sites: dict[tuple[str, str], list[Site]] = defaultdict(list)
    for site in of.sites:
        if site.kind == "jsonata":
            sites[site.state.name, site.expression.strip()].append(site)
    return of.types, sites


def outside(types: Types, site: Site, evaluation: Evaluation) -> list[str]:
    """What an evaluation read or gave that is not of its type at a site."""
    view = types.environment(site)
    if view is None:
        return [f"{site.pointer} is evaluated"]
    read_there = {f"${name}": (view.variables[name], value) for name, value in evaluation.variables.items()}
    parts = {"input": view.input, "context": view.context, "result": view.result, "errorOutput": view.error}
    read_there |= {name: (parts[name], value) for name, value in evaluation.states.items()}
    if not evaluation.failed:
        read_there["its value"] = types.type_of(site), evaluation.value
    return [
        f"{site.pointer}: {what} is {value!r:.600}, not {type_!r:.1500}"
        for what, (type_, value) in read_there.items()
        if type_ is None or not holds(type_, value)
    ]


@pytest.mark.parametrize("path", MACHINES, ids=lambda path: path.name)
def test_every_value_is_of_its_type(path: Any, tables: Tables, record_property: Any) -> None:
    points = known = 0
    machine = MACHINES[path][0].machine
    types, sites = typed(machine)
    interpreter = Interpreter(definition(machine))
    for scenario in MACHINES[path]:
        runs, _ = rehearse(scenario, interpreter, tables)
        for evaluation in (one for run in runs for one in run.evaluations):
            there = sites[evaluation.states["context"]["State"]["Name"], evaluation.code.strip()]
            assert there, evaluation.code
            faults = [outside(types, site, evaluation) for site in there]
            assert [] in faults, faults[0]
            points += 1
            type_ = types.type_of(there[0])
            known += type_ is not None and is_known(type_)
    record_property(
        "figures", f"types of {machine}: {points} values of scenarios in their types, {100 * known // points} % known"
    )
