"""How long asl-lint takes beside other tools that check Amazon States Language: one file, and many, in one run.

    python benchmarks/compare.py [--tools DIR] [--files N] [--seed N] [--runs N] [--runs-many N]

Each tool gets the same definitions of the corpus. Runs are interleaved (A, B, C, A, B, C …), so that a machine whose speed drifts
is as fair to one as to another. Prints a Markdown table of medians. Installs the tools from PyPI and npm into DIR, or into a
temporary folder; what is in DIR already is used again, but asl-lint, which is built anew from this checkout.
"""

import argparse
import json
import platform
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from measure import ENVIRONMENT, HERE, Run, install_linter, measured, python_environment, run, sample

Command = Sequence[str | Path]

SOUND = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}}}
FAULTY = {"StartAt": "Nowhere", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed", "Next": 1}}}
"""Every tool must pass the one and refuse the other: else it is not at work, and its time says nothing."""


class Tool(NamedTuple):
    """One tool. ``command`` makes its command line from files; ``faulty`` is its exit code for findings.

    ``prepare`` gives the file that it reads for a definition. ``checked`` counts, from its output, the files that it has checked,
    where it tells.
    """

    name: str
    version: str
    asked: str
    command: Callable[[Sequence[Path]], Command]
    faulty: int = 1
    checked: Callable[[str], int] | None = None
    prepare: Callable[[Path], Path] = lambda file: file


class Timed(NamedTuple):
    """The runs of one tool over one file and over many."""

    one: list[Run]
    many: list[Run]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=Path, metavar="DIR", help="where to install the tools, and keep them for the next time")
    parser.add_argument("--files", type=int, default=200, help="how many definitions are many (default 200)")
    parser.add_argument("--seed", type=int, default=1, help="draws the definitions (default 1)")
    parser.add_argument("--runs", type=int, default=11, help="runs over one file (default 11)")
    parser.add_argument("--runs-many", type=int, default=5, help="runs over many files (default 5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        files = sample(options.files, options.seed, scratch)
        tools = _installed(options.tools or scratch / "tools", scratch)
        for tool in tools:
            _verify(tool, files, scratch)
            print(f"{tool.name} {tool.version} is at work", file=sys.stderr)
        timed = {tool.name: Timed([], []) for tool in tools}
        for i in range(max(options.runs, options.runs_many)):
            for tool in tools:
                for chosen, runs, wanted in (
                    (files[len(files) // 2 :][:1], timed[tool.name].one, options.runs),
                    (files, timed[tool.name].many, options.runs_many),
                ):
                    if i < wanted:
                        runs.append(measured(tool.command([tool.prepare(file) for file in chosen]), scratch))
            print(f"round {i + 1} done", file=sys.stderr)
        print(_table(tools, timed, files, options))


def _installed(folder: Path, scratch: Path) -> list[Tool]:
    folder.mkdir(parents=True, exist_ok=True)
    ours = install_linter(scratch / "ours")
    statelint, cfn_lint, packages = folder / "statelint", folder / "cfn-lint", folder / "npm" / "node_modules"
    for environment in (statelint, cfn_lint):
        if not environment.exists():
            python_environment(environment, environment.name)
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        sys.exit("asl-validator and amazon-states-language-service need node and npm")
    for package in ("asl-validator", "amazon-states-language-service"):
        if not (packages / package).exists():
            run(npm, "install", "--prefix", packages.parent, "--no-audit", "--no-fund", package)
    ENVIRONMENT["NODE_PATH"] = str(packages)

    def template(file: Path) -> Path:
        return scratch / "templates" / f"{file.name.split('.')[0]}.json"

    (scratch / "templates").mkdir()
    for file in [*scratch.glob("*.asl.json"), *_controls(scratch)]:
        template(file).write_text(json.dumps(_template(file.read_text(encoding="utf-8"))), encoding="utf-8")

    return [
        Tool(
            "asl-lint",
            _python_version(ours, "asl-lint"),
            "`asl-lint check FILE…`, all rules, no cache",
            lambda files: [ours / "asl-lint", "check", *files],
            checked=lambda output: int(re.findall(r"(?:All|in|of) ([0-9,]+) definitions", output)[-1].replace(",", "")),
        ),
        Tool(
            "statelint (PyPI)",
            _python_version(statelint / "bin", "statelint"),
            "`statelint FILE…`",
            lambda files: [statelint / "bin" / "statelint", *files],
        ),
        Tool(
            "amazon-states-language-service",
            _npm_version(packages, "amazon-states-language-service"),
            "`doValidation` of each file, by `language_service.cjs`",
            lambda files: [node, HERE / "language_service.cjs", *files],
            checked=lambda output: len(re.findall(r"^\S.*: \d+ diagnostics$", output, re.MULTILINE)),
        ),
        Tool(
            "asl-validator",
            _npm_version(packages, "asl-validator"),
            "`asl-validator --json-path FILE…`",
            lambda files: [
                node,
                packages / "asl-validator" / "dist" / "bin" / "asl-validator.js",
                *(word for file in files for word in ("--json-path", file)),
            ],
            checked=lambda output: len(re.findall(r"^. State machine definition .* is (?:in)?valid", output, re.MULTILINE)),
        ),
        Tool(
            "cfn-lint",
            _python_version(cfn_lint / "bin", "cfn-lint"),
            "`cfn-lint TEMPLATE…`, the definition as `DefinitionString` of a template made for it",
            lambda files: [cfn_lint / "bin" / "cfn-lint", *files],
            faulty=2,
            prepare=template,
        ),
    ]


def _python_version(programs: Path, package: str) -> str:
    return run(programs / "python", "-c", f"import importlib.metadata as m; print(m.version('{package}'))").strip()


def _npm_version(packages: Path, package: str) -> str:
    version: str = json.loads((packages / package / "package.json").read_text(encoding="utf-8"))["version"]
    return version


def _template(definition: str) -> dict[str, object]:
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"RoleArn": "arn:aws:iam::123456789012:role/machine", "DefinitionString": definition},
    }
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Machine": machine}}


def _controls(scratch: Path) -> list[Path]:
    folder = scratch / "controls"
    folder.mkdir(exist_ok=True)
    sound, faulty = folder / "sound.asl.json", folder / "faulty.asl.json"
    sound.write_text(json.dumps(SOUND, indent=2), encoding="utf-8")
    faulty.write_text(json.dumps(FAULTY, indent=2), encoding="utf-8")
    return [sound, faulty]


def _verify(tool: Tool, files: Sequence[Path], scratch: Path) -> None:
    """Leave the program unless the tool passes the sound control, refuses the faulty one, and checks every file."""
    sound, faulty = (tool.prepare(file) for file in _controls(scratch))
    for control, expected in ((sound, 0), (faulty, tool.faulty)):
        got = measured(tool.command([control]), scratch)
        if got.exit != expected:
            sys.exit(f"{tool.name}: exit code {got.exit} for {control.name}, expected {expected}\n{got.output[-2000:]}")
    got = measured(tool.command([tool.prepare(file) for file in files]), scratch)
    if got.exit not in (0, tool.faulty) or "Traceback" in got.output:
        sys.exit(f"{tool.name}: exit code {got.exit} for {len(files)} files\n{got.output[-2000:]}")
    if tool.checked is not None and tool.checked(got.output) != len(files):
        sys.exit(f"{tool.name}: {tool.checked(got.output)} of {len(files)} files were checked\n{got.output[-2000:]}")


def _table(tools: Sequence[Tool], timed: dict[str, Timed], files: Sequence[Path], options: argparse.Namespace) -> str:
    ours = timed[tools[0].name]
    count, size = len(files), files[len(files) // 2].stat().st_size
    rows = [
        f"| tool | version | one file | processor | peak | {count} files | processor | peak | times asl-lint | asked to do |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    for tool in tools:
        one, many = timed[tool.name]
        ratios = f"{_wall(one) / _wall(ours.one):.1f} and {_wall(many) / _wall(ours.many):.1f}"
        rows.append(f"| {tool.name} | {tool.version} | {_cells(one)} | {_cells(many)} | {ratios} | {tool.asked} |")
    node = run(str(shutil.which("node")), "--version").strip()
    return "\n".join(
        [
            *rows,
            "",
            f"Medians of {options.runs} runs over one file ({size:,} bytes, the sample's median) and {options.runs_many} over "
            f"{count} (seed {options.seed}), interleaved; in brackets the best. Python {platform.python_version()}, "
            f"node {node}, {platform.system()} on {platform.machine()}.",
        ]
    )


def _wall(runs: Sequence[Run]) -> float:
    return statistics.median(one.wall for one in runs)


def _cells(runs: Sequence[Run]) -> str:
    best = min(one.wall for one in runs)
    cpu, peak = statistics.median(one.cpu for one in runs), statistics.median(one.peak for one in runs)
    return f"{_wall(runs) * 1000:,.0f} ms ({best * 1000:,.0f}) | {cpu * 1000:,.0f} ms | {peak / 2**20:.0f} MB"


if __name__ == "__main__":
    main()
