"""What a page shows to be copied is read by what will read it: settings, rules, definitions, files of CI servers, programs."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from asl_lint.catalog import load_own_rules
from asl_lint.config import load_config
from asl_lint.rule_tests import run_examples
from tests.command_line import enter
from tests.conftest import ROOT
from tests.documentation.pages import DOCS, Block, blocks, name_of, written_pages

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))
HOOKS = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
THIS = "<the address of this repository>"
SELF_MADE = DOCS / "property-kinds.md"
"""Its rules are files of their own, which other tests run."""


def shown(*languages: str) -> list[Any]:
    return [
        pytest.param(block, id=f"{name_of(page)}:{block.line}")
        for page in written_pages()
        for block in blocks(page, *languages)
        if page != SELF_MADE or block.language != "yaml"
    ]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(tmp_path, monkeypatch)


@pytest.mark.parametrize("block", shown("toml"))
def test_settings_are_taken(block: Block) -> None:
    file = Path("pyproject.toml" if "[tool.asl-lint]\n" in block.text and "# [tool" not in block.text else "asl-lint.toml")
    file.write_text(block.text, encoding="utf-8")
    load_config(str(file))


@pytest.mark.parametrize("block", shown("json"))
def test_json_is_json(block: Block) -> None:
    text = block.text if block.text.lstrip()[0] in "[{" else f"{{{block.text}}}"
    json.loads(text)


@pytest.mark.parametrize("block", shown("python"))
def test_programs_run(block: Block) -> None:
    exec(compile(block.text, "page", "exec"), {"__name__": "page"})


@pytest.mark.parametrize("block", shown("yaml"))
def test_yaml_is_what_it_is_for(block: Block) -> None:
    value = yaml.load(block.text, _Loader)
    kinds = [check for asked, check in _KINDS.items() if asked in value]
    assert kinds, "no test knows what this is for"
    kinds[0](block, value)


class _Loader(yaml.SafeLoader):
    """Takes the short forms of CloudFormation, which asl-lint itself reads where a command is shown."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


def _is_rule(block: Block, value: Mapping[str, Any]) -> None:
    folder = Path("rules")
    folder.mkdir()
    (folder / f"{value['name']}.yaml").write_text(block.text, encoding="utf-8")
    results = list(run_examples(load_own_rules([str(folder)])))
    assert results and [result.title for result in results if result.problems] == []


def _is_part_of_a_rule(block: Block, value: Mapping[str, Any]) -> None:
    whole = {
        "format": 1, "name": "shown", "category": "shown", "summary": "Shown", "severity": "warning", "message": "shown",
        "why": "It is shown.", "fix": "Nothing.", **value,
        "examples": {
            "bad": [{"definition": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, "expect": [{"at": ""}]}],
            "good": [{"definition": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}}],
        },
    }  # fmt: skip
    Path("shown.yaml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    load_own_rules(["shown.yaml"])


def _is_pre_commit(block: Block, value: Mapping[str, Any]) -> None:
    for repository in value["repos"]:
        assert repository["repo"] == THIS
        assert {hook["id"] for hook in repository["hooks"]} <= HOOKS


def _is_workflow(block: Block, value: Mapping[str, Any]) -> None:
    jobs = value["jobs"].values() if "jobs" in value else [value]
    steps = [step for job in jobs for step in job["steps"]]
    own = [step for step in steps if step.get("uses", "").startswith(THIS)]
    assert own
    for step in own:
        assert set(step.get("with", {})) <= set(ACTION["inputs"])
        used = set(re.findall(rf"steps\.{step['id']}\.outputs\.([\w-]+)", block.text)) if "id" in step else set()
        assert used <= set(ACTION["outputs"])


def _is_pipeline(block: Block, value: Mapping[str, Any]) -> None:
    assert [one["file"] for one in value["include"]] == ["/ci/gitlab.yml"]
    for name, job in value.items():
        if name != "include":
            assert set(job["variables"]) <= set(GITLAB[name]["variables"])


def _is_definition(block: Block, value: Mapping[str, Any]) -> None:
    assert block.title, "a definition or a template is shown with its name, so that a command can be run on it"


_KINDS = {
    "examples": _is_rule,
    "property": _is_part_of_a_rule,
    "repos": _is_pre_commit,
    "jobs": _is_workflow,
    "steps": _is_workflow,
    "include": _is_pipeline,
    "StartAt": _is_definition,
    "Resources": _is_definition,
}
"""The key that tells what a file is -> what it must be."""
