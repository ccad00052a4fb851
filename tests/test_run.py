"""The library: texts and paths in, reports out, here, in other processes, or on an organisation's own cluster."""

import inspect
import json
import pickle
import subprocess
import sys
import typing
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import asl_lint
from asl_lint import Config, Finding, Report, check_paths, check_text, load_config, run
from asl_lint.config import ConfigError, Configurations
from asl_lint.run import BATCH, check_file, plan_paths
from tests.conftest import ROOT

GOOD = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
BAD = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "End": True}}}


def write(folder: Path, **files: Any) -> None:
    """Writes definitions; ``__`` in a name is a slash, ``_asl`` an ending."""
    for name, value in files.items():
        path = folder / (name.replace("__", "/").replace("_asl", ".asl") + ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value, indent=2), encoding="utf-8")


def names(report: Report) -> list[str]:
    return [Path(file).name for file in report.files]


def rules(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]


# --- texts ------------------------------------------------------------------------------------------------------------------


def test_a_text_is_checked() -> None:
    text = json.dumps(BAD)
    report = check_text(text)
    assert rules(report) == ["unknown-field"]
    assert report.files == ("definition",)
    assert report.sources == {"definition": text}
    assert report.findings[0].file == "definition"


def test_a_text_that_passes_keeps_no_source() -> None:
    assert check_text(json.dumps(GOOD)) == Report(("definition",))


@pytest.mark.parametrize("name", ["a.asl.yaml", "a.yml", "definition"])
def test_a_yaml_text_is_known_by_its_name_or_its_first_character(name: str) -> None:
    text = "StartAt: A\nStates:\n  A: {Type: Pass, Odd: 1, End: true}\n"
    assert rules(check_text(text, name=name)) == ["unknown-field"]


def test_a_byte_order_mark_of_a_text_does_not_count() -> None:
    with_mark, without = check_text("\ufeff" + json.dumps(BAD)), check_text(json.dumps(BAD))
    assert with_mark == without


def test_the_settings_of_a_text_are_those_that_are_given() -> None:
    text = json.dumps(BAD)
    assert rules(check_text(text, config=Config(ignore=("conformance",)))) == []
    assert check_text(text, config=Config(severity={"unknown-field": "info"})).findings[0].severity == "info"
    (one,) = check_text(text, name="old/a.json", config=Config(per_file_ignores={"old/*": ("unknown-field",)})).suppressed
    assert (one.by, one.reason) == ("configuration", "per-file-ignores")
    state_ignores = (asl_lint.config.StateIgnore(None, "A", ("ALL",)),)  # type: ignore[attr-defined]
    (one,) = check_text(text, config=Config(per_state_ignores=state_ignores)).suppressed
    assert (one.by, one.reason) == ("configuration", "per-state-ignores")


def test_the_machine_type_is_an_argument_or_a_setting() -> None:
    definition = {
        "StartAt": "A",
        "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": True,
                         "TimeoutSeconds": 600, "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}}},
    }  # fmt: skip
    text = json.dumps(definition)
    assert rules(check_text(text)) == []
    assert rules(check_text(text, machine_type="express")) == ["unsupported-by-express"]
    assert rules(check_text(text, config=Config(machine_type="express"))) == ["unsupported-by-express"]
    assert rules(check_text(text, config=Config(machine_type="express"), machine_type="standard")) == []


def test_a_name_that_is_no_rule_is_refused_with_the_near_one() -> None:
    with pytest.raises(ConfigError, match=r'ignore names "unknown-feild".*did you mean "unknown-field"\?'):
        check_text("{}", config=Config(ignore=("unknown-feild",)))


def test_many_texts_leave_nothing_behind() -> None:
    check_text(json.dumps(GOOD))
    before = len(run._selections)
    for i in range(50):
        check_text(json.dumps(GOOD))
        check_text(json.dumps(GOOD), config=Config(machine_types={"a": "express"}))
        assert len(run._selections) <= before + 1, i


# --- files, folders, globs --------------------------------------------------------------------------------------------------


def test_files_folders_and_globs_are_found_each_file_once(tmp_path: Path) -> None:
    write(tmp_path, b_asl=BAD, a_asl=GOOD, sub__c_asl=BAD, sub__plain=BAD, sub__other={"no": "machine"})
    folder = str(tmp_path)
    assert names(check_paths([folder])) == ["a.asl.json", "b.asl.json", "c.asl.json", "plain.json"]
    assert names(check_paths([f"{folder}/**/c*", f"{folder}/b.asl.json", folder])) == [
        "c.asl.json",
        "b.asl.json",
        "a.asl.json",
        "plain.json",
    ]


def test_a_named_file_is_checked_if_it_can_be_meant_and_a_found_one_only_if_it_is_a_definition(tmp_path: Path) -> None:
    write(tmp_path, other={"StartAt": "A"}, state={"Type": "Pass", "End": True}, a_asl=GOOD)
    assert names(check_paths([str(tmp_path)])) == ["a.asl.json"]
    for name in ("other.json", "state.json"):
        named = check_paths([str(tmp_path / name)])
        assert names(named) == [name]
        assert "missing-field" in rules(named)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '{"name": "package"}'),
        ("a.json", ""),
        ("a.json", "[1]"),
        ("a.yaml", "service: orders\nprovider: {name: aws}\n"),
        ("a.yaml", "Resources:\n  Bucket: {Type: AWS::S3::Bucket}\n"),
        ("a.yaml", "Resources:\n  Bucket: {Type: AWS::S3::Bucket} # no AWS::Serverless::StateMachine\n"),
        ("a.tf", 'resource "aws_s3_bucket" "b" {}'),
        ("a.tf.json", '{"locals": {}}'),
        ("README.md", "# Orders"),
    ],
)
def test_a_named_file_without_a_machine_is_one_failure(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    report = check_paths([str(tmp_path / name)])
    (failure,) = report.errors
    assert failure.message.startswith("holds no state machine: it ")
    assert (report.findings, report.files) == ((), ())


def test_what_is_a_definition_by_its_name_or_the_settings_is_checked_whatever_it_holds(tmp_path: Path) -> None:
    for name in ("a.asl.json", "b.json"):
        (tmp_path / name).write_text("{}")
        report = check_paths([str(tmp_path / name)], config=Config(extend_include=("b.json",), root=str(tmp_path)))
        assert rules(report) == ["missing-field", "missing-field"]


def test_paths_that_cannot_be_used_are_errors_and_the_others_are_checked(tmp_path: Path) -> None:
    write(tmp_path, a_asl=BAD)
    (tmp_path / "empty").mkdir()
    missing, empty = str(tmp_path / "missing.json"), str(tmp_path / "empty")
    report = check_paths([missing, empty, str(tmp_path / "*.nope"), str(tmp_path / "a.asl.json")])
    assert rules(report) == ["unknown-field"]
    assert [(error.file, error.message) for error in report.errors] == [
        (missing, "does not exist"),
        (str(tmp_path / "*.nope"), "matches no file"),
        (empty, "holds no state machine definition"),
    ]


def test_each_file_has_its_nearest_configuration(tmp_path: Path) -> None:
    write(tmp_path, a_asl=BAD, sub__b_asl=BAD, sub__deep__c_asl=BAD)
    (tmp_path / "sub" / "asl-lint.toml").write_text('ignore = ["unknown-field"]\n')
    (tmp_path / "sub" / "deep" / "pyproject.toml").write_text('[tool.asl-lint]\nseverity = {unknown-field = "info"}\n')
    report = check_paths([str(tmp_path)])
    assert [(Path(finding.file).name, finding.severity) for finding in report.findings] == [
        ("a.asl.json", "error"),
        ("c.asl.json", "info"),
    ]


def test_a_configuration_that_is_given_holds_for_every_file(tmp_path: Path) -> None:
    write(tmp_path, a_asl=BAD, sub__b_asl=BAD)
    (tmp_path / "sub" / "asl-lint.toml").write_text('ignore = ["unknown-field"]\n')
    assert len(check_paths([str(tmp_path)], config=Config()).findings) == 2
    (tmp_path / "my.toml").write_text('select = ["syntax-error"]\n')
    assert check_paths([str(tmp_path)], config=load_config(str(tmp_path / "my.toml"))).findings == ()


def test_a_configuration_that_is_wrong_stops_the_run_before_anything_is_checked(tmp_path: Path) -> None:
    write(tmp_path, a_asl=BAD, sub__b_asl=BAD)
    (tmp_path / "sub" / "asl-lint.toml").write_text('ignore = ["unknown-feild"]\n')
    with pytest.raises(ConfigError, match="unknown-feild"):
        check_paths([str(tmp_path)])
    with pytest.raises(ConfigError, match="unknown-feild"):
        plan_paths([str(tmp_path)], Configurations())


def test_sources_are_kept_only_where_they_are_asked_for(tmp_path: Path) -> None:
    write(tmp_path, a_asl=BAD, b_asl=GOOD)
    assert check_paths([str(tmp_path)]).sources == {}
    plan = plan_paths([str(tmp_path)], Configurations(), keep_sources=True)
    assert [Path(file).name for file in plan.report(plan.results()).sources] == ["a.asl.json"]


# --- executors --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of more files than one task of an executor takes, some of them faulty, one of them no text."""
    folder = tmp_path_factory.mktemp("fleet")
    for i in range(BATCH * 2 + 7):
        (folder / f"{i:03}.asl.json").write_text(json.dumps(BAD if i % 10 == 0 else GOOD), encoding="utf-8")
    (folder / "bytes.asl.json").write_bytes(b"\xff\xfe{\x00}\x00")
    return folder


@pytest.fixture(scope="module")
def alone(fleet: Path) -> Report:
    report = check_paths([str(fleet)])
    assert len(report.files) == BATCH * 2 + 7 and len(report.findings) == 11 and len(report.errors) == 1
    return report


def test_threads_give_the_same_report(fleet: Path, alone: Report) -> None:
    with ThreadPoolExecutor(3) as pool:
        assert check_paths([str(fleet)], executor=pool) == alone


def test_processes_give_the_same_report(fleet: Path, alone: Report) -> None:
    with ProcessPoolExecutor(2) as pool:
        assert check_paths([str(fleet)], executor=pool) == alone


def test_a_cluster_gives_the_same_report(fleet: Path, alone: Report) -> None:
    distributed = pytest.importorskip("distributed", reason="needs the extra: pip install 'asl-lint[dask]'")
    import dask

    quiet = {"distributed.worker.daemon": False, "distributed.logging.distributed": "error"}
    with (
        dask.config.set(quiet),
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        executor = client.get_executor()
        assert isinstance(executor, Executor)
        assert check_paths([str(fleet)], executor=executor) == alone


def test_what_is_not_needed_any_more_is_cancelled(fleet: Path) -> None:
    class Slow(Executor):
        """Computes the first task at once, and no other."""

        def __init__(self) -> None:
            self.futures: list[Future[Any]] = []

        def submit(self, work: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
            future: Future[Any] = Future()
            if not self.futures:
                future.set_result(work(*arguments, **named))
            self.futures.append(future)
            return future

    executor = Slow()
    results = typing.cast("Iterator[Any]", plan_paths([str(fleet)], Configurations()).results(executor))
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert [future.cancelled() for future in executor.futures] == [False, True, True]


def test_tasks_and_results_can_be_sent_to_another_machine(tmp_path: Path) -> None:
    comment = "asl-lint: ignore[unknown-field] why"
    write(tmp_path, a_asl={**BAD, "Odd": 1, "States": {"A": {**BAD["States"]["A"], "Comment": comment}}}, b_asl="{")  # type: ignore[index]
    (tmp_path / "asl-lint.toml").write_text('[per-state-ignores]\n"Z*" = ["ALL"]\n')
    for task in plan_paths([str(tmp_path)], Configurations(), keep_sources=True).tasks:
        assert pickle.loads(pickle.dumps(task)) == task
        result = check_file(task)
        assert pickle.loads(pickle.dumps(result)) == result
    report = check_paths([str(tmp_path)])
    assert report.findings and report.suppressed
    assert pickle.loads(pickle.dumps(report)) == report


# --- the public names -------------------------------------------------------------------------------------------------------


def test_the_public_names_are_few_and_there() -> None:
    assert asl_lint.__all__ == sorted(asl_lint.__all__)
    for name in asl_lint.__all__:
        assert getattr(asl_lint, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'check_file'"):
        _ = asl_lint.check_file  # type: ignore[attr-defined]


def test_the_public_functions_have_the_signatures_that_are_documented() -> None:
    paths = inspect.signature(check_paths)
    assert list(paths.parameters) == ["paths", "config", "executor", "machine_type"]
    text = inspect.signature(check_text)
    assert list(text.parameters) == ["text", "name", "config", "machine_type", "substitutions"]
    for signature in (paths, text):
        first, *others = signature.parameters.values()
        assert first.kind is first.POSITIONAL_OR_KEYWORD
        assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in others)
    assert typing.get_type_hints(check_text)["return"] is Report
    assert typing.get_type_hints(Report)["findings"] == tuple[Finding, ...]
    assert (ROOT / "asl_lint" / "py.typed").is_file()


def test_importing_the_package_imports_no_checker() -> None:
    code = "import sys, asl_lint; print([m for m in sys.modules if m.startswith('asl_lint.')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_type_checker_sees_the_public_names(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="needs the extra: pip install 'asl-lint[dev]'")
    from mypy import api

    program = tmp_path / "program.py"
    program.write_text(
        "import asl_lint\nfrom asl_lint import Config, check_text\n"
        "report = check_text('{}', config=Config(fail_on='info'))\n"
        "severities: list[str] = [finding.severity for finding in report.findings]\n"
        "reveal_type(asl_lint.check_paths(['.']))\n"
        "check_text(1)\n"
    )
    arguments = [str(program), "--strict", "--follow-imports=silent", f"--cache-dir={tmp_path}", "--config-file="]
    stdout, _, status = api.run(arguments)
    assert status == 1
    assert 'Revealed type is "tuple[' in stdout and "fallback=asl_lint.finding.Report" in stdout, stdout
    assert stdout.count("error:") == 1 and ':6: error: Argument 1 to "check_text"' in stdout, stdout
