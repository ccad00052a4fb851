"""Checking texts and files: the library's own entry, and what the command line calls.

Each file is checked alone, so that any ``concurrent.futures.Executor`` can share the work: a pool of processes, or the
executor of an engine that runs on many machines. What a worker gets and gives back are plain values.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from asl_lint.catalog import Rule, load_rules
from asl_lint.config import Config, ConfigError, Configurations, MachineType
from asl_lint.engine import Describe, Outcome, Selection, check
from asl_lint.facts.machine_facts import Workflow
from asl_lint.finding import Failure, Finding, Report, Severity, Unresolved
from asl_lint.late import TYPE_CHECKING, Final, Literal, NamedTuple
from asl_lint.model.machine import STATE_TYPES
from asl_lint.near import near
from asl_lint.schemas.input_schema import declared_input
from asl_lint.source.discover import Discovery, discover, is_named_definition
from asl_lint.source.read import is_definition, is_terraform, looks_like_template, read_source
from asl_lint.source.reading import read_document

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from asl_lint.facts.given_role import GivenRole
    from asl_lint.templates import Deployed

BATCH = 50
"""Files that one task of an executor checks: enough that handing over costs little, few enough that all workers stay busy."""


class Task(NamedTuple):
    """One file to check. ``certain``: it was named, or its name says that it is a definition.

    ``is_doubtful``: that it was named is all that speaks for it. ``substitutions``: what its deployment fills in, None where
    nobody said; ``alone``: they are said for no other file.
    ``root``: the folder below which a template may name files; None: its repository. ``implied``: a template that only the
    settings name, for the definitions of the run. ``role``: the file with its role's policies. ``describe``: see ``Selection``.
    """

    path: str
    certain: bool
    config: Config
    machine_type: MachineType | None
    keep_source: bool
    substitutions: Mapping[str, object] | None = None
    alone: bool = False
    root: str | None = None
    implied: bool = False
    role: str | None = None
    is_doubtful: bool = False
    describe: Describe | None = None

    @property
    def selection(self) -> Selection:
        """The rules for it, and what is asked about it besides."""
        selection = selection_of(self.config)
        return selection if self.describe is None else selection.asking(self.describe)


class FileResult(NamedTuple):
    """What became of one file: nothing (``outcome`` None: it is no definition), an outcome, or a failure to read it.

    ``deployed`` are the machines of a template instead: each is a definition of its own, in the template or in another file.
    ``machines`` were checked for the outcome. ``is_whole``: a template that could be read to its end.
    """

    file: str
    outcome: Outcome | None = None
    failure: Failure | None = None
    source: str | None = None
    deployed: "tuple[Deployed, ...]" = ()
    implied: bool = False
    machines: int = 1
    is_whole: bool = True


def check_text(
    text: str,
    *,
    name: str = "definition",
    config: Config | None = None,
    machine_type: MachineType | None = None,
    substitutions: Mapping[str, object] | None = None,
) -> Report:
    """Check one definition that is at hand as text, JSON or YAML.

    ``name`` is what findings call it; its ending tells JSON from YAML. Without ``config`` the default settings hold.
    ``substitutions`` are the values of ``${Name}`` that its deployment fills in; without it the settings say them.
    Raises ConfigError and CatalogError for settings or rules of one's own that cannot be used.
    """
    config = config or Config()
    selection = selection_of(config)
    kind = machine_type or config.machine_type_of(name)
    if substitutions is None:
        substitutions = config.substitutions_of(name)
    outcome = _check(
        text.removeprefix("\ufeff"),
        name,
        selection,
        kind,
        _Deployment(substitutions, alone=True, role=_role(config.role_of(name)), config=config),
    )
    sources = {name: _shown(text.removeprefix("\ufeff"), outcome)} if outcome.findings else {}
    damaged = frozenset(() if outcome.is_whole else (name,))
    return Report(
        (name,), outcome.findings, outcome.suppressed, outcome.not_evaluated, outcome.failures, sources, damaged=damaged
    )  # fmt: skip


def check_paths(
    paths: Sequence[str],
    *,
    config: Config | None = None,
    executor: "Executor | None" = None,
    machine_type: MachineType | None = None,
) -> Report:
    """Check the definitions that files, folders and globs hold, in the order in which they are found.

    With ``config`` it holds for every file; without, the nearest configuration file of each does. ``executor`` shares the work;
    its workers must reach the same paths. Raises ConfigError and CatalogError.
    """
    plan = plan_paths(paths, Configurations(config), machine_type)
    return plan.report(plan.results(executor))


class Plan(NamedTuple):
    """The files of a run, before any of them is read."""

    discovery: Discovery
    tasks: tuple[Task, ...]

    def results(self, executor: "Executor | None" = None) -> Iterator[FileResult]:
        """What becomes of each file, in order, computed here or by the workers of an executor."""
        return map(check_file, self.tasks) if executor is None else shared(self.tasks, executor)

    def report(self, results: Iterable[FileResult]) -> Report:
        """All results as one report."""
        return _report(self.discovery, results)


def plan_paths(
    paths: Sequence[str],
    configurations: Configurations,
    machine_type: MachineType | None = None,
    *,
    keep_sources: bool = False,
    root: str | None = None,
    describe: Describe | None = None,
) -> Plan:
    """What a run over these paths has to do. ``keep_sources`` keeps the text of files with findings, for formats that show it.

    ``describe`` is asked about every machine, in whichever process it is checked.

    Raises ConfigError and CatalogError for settings and rules that cannot be used, before anything is checked.
    """
    discovery = discover(paths, lambda folder: configurations.of_folder(folder).selection(), root)
    alone = len(discovery.files) == 1
    tasks: list[Task] = []
    for found in discovery.files:
        config = configurations.of_file(found.path)
        substitutions = config.substitutions_of(found.path)
        role = config.role_of(found.path)
        is_doubtful = found.certain and not is_named_definition(found.path, config.selection())
        tasks.append(
            Task(
                found.path, found.certain, config, machine_type, keep_sources, substitutions, alone, root, role=role,
                is_doubtful=is_doubtful,
            )
        )  # fmt: skip
    for role in dict.fromkeys(task.role for task in tasks):
        _role(role)
    known = {os.path.realpath(task.path) for task in tasks} if any(task.config.templates for task in tasks) else set()
    for used in {id(task.config): task.config for task in tasks}.values():
        selection_of(used)
        named = [template for template in used.templates if os.path.realpath(template) not in known]
        tasks += [Task(name, True, used, machine_type, keep_sources, root=root, implied=True) for name in named]
    return Plan(discovery, tuple(tasks) if describe is None else tuple(task._replace(describe=describe) for task in tasks))


def check_file(task: Task) -> FileResult:
    """Check one file. Never raises for what the file is or holds."""
    path = task.path
    content = read_source(path, task.certain)
    if content is None:
        return FileResult(path)
    if isinstance(content, Failure):
        return FileResult(path, failure=content)
    machine_type = task.machine_type or task.config.machine_type_of(path)
    document_name = path.replace("\\", "/")
    if is_terraform(path) or looks_like_template(content):
        found = _check_template(content, document_name, task, machine_type)
        if found is not None:
            return found
    if task.implied:
        return FileResult(path, failure=Failure(path, "is no template that declares a state machine"), implied=True)
    deployment = _Deployment(task.substitutions, task.alone, _role(task.role), task.config)
    if task.is_doubtful and not ("StartAt" in content or "States" in content or _is_state(content, document_name)):
        return FileResult(path, failure=Failure(path, _HOLDS_NONE))
    outcome = _check(content, document_name, task.selection, machine_type, deployment, path, task.certain)
    if outcome is _NO_DEFINITION:
        return FileResult(path)
    keep = task.keep_source and (outcome.findings or outcome.suppressed)
    return FileResult(path, outcome, source=content if keep else None)


def _check_template(content: str, name: str, task: Task, machine_type: MachineType | None) -> FileResult | None:
    """What became of the machines of a template; None if the text is none."""
    from asl_lint.source.boundary import root_of
    from asl_lint.templates import Run, check_template, read_template

    root = root_of(task.path, task.root)
    template = read_template(content, name, root)
    if template is None:
        return None
    kind = _TYPES.get(machine_type)
    run = Run(task.selection, kind, _role(task.role), task.config)
    deployed = tuple(check_template(template, task.path, root, run))
    if not deployed and task.certain:
        why = Failure(task.path, "holds no state machine: it is a template that declares none")
        return FileResult(task.path, failure=why, implied=task.implied, is_whole=template.is_whole)
    shows = [one for one in deployed if one.outcome is not None and (one.outcome.findings or one.outcome.suppressed)]
    if not task.keep_source:
        deployed = tuple(one._replace(source=None) for one in deployed)
    keep = task.keep_source and (any(_speaks_of(one, task.path) for one in shows) or any(one.deployment for one in deployed))
    source = content if keep else None
    return FileResult(task.path, source=source, deployed=deployed, implied=task.implied, is_whole=template.is_whole)


def _speaks_of(deployed: "Deployed", file: str) -> bool:
    """Whether a finding is shown in a file: that of the definition, or the template with its role."""
    findings = deployed.outcome.findings if deployed.outcome is not None else ()
    return deployed.file == file or any(finding.file == file for finding in findings)


def check_batch(tasks: Sequence[Task]) -> list[FileResult]:
    """Check some files: what one task of an executor does."""
    return [check_file(task) for task in tasks]


def _is_state(content: str, name: str) -> bool:
    """Whether a text is a state alone: whoever names it will be told what it lacks."""
    value = read_document(content, name).value
    return isinstance(value, dict) and value.get("Type") in STATE_TYPES


_NO_DEFINITION = Outcome(())
_HOLDS_NONE: Final = "holds no state machine: it has no StartAt and States, and is no template that declares one"
_TYPES: Mapping[MachineType | None, Literal["STANDARD", "EXPRESS"]] = {"standard": "STANDARD", "express": "EXPRESS"}
"""As the command line and the configuration spell the type of a machine -> as the service does."""


class _Deployment(NamedTuple):
    """What fills in the placeholders, whether it is said for this one definition, its role, and the settings."""

    substitutions: Mapping[str, object] | None
    alone: bool
    role: "GivenRole | None" = None
    config: Config = Config()


def _check(
    content: str,
    name: str,
    selection: Selection,
    machine_type: MachineType | None,
    deployment: _Deployment,
    file: str | None = None,
    certain: bool = True,
) -> Outcome:
    try:
        document = read_document(content, name)
        if not certain and not is_definition(document.value):
            return _NO_DEFINITION
        schema, failures = declared_input(deployment.config, file or name)
        workflow = Workflow(file or name, document, _TYPES.get(machine_type), role=deployment.role, input_schema=schema)
        if deployment.substitutions is not None:
            workflow = _deployed(workflow, deployment.substitutions, deployment.alone)
        outcome = check(workflow, selection)
        return outcome._replace(failures=(*outcome.failures, *failures)) if failures else outcome
    except Exception as fault:  # a mistake of ours: it is told, and costs no finding of another file
        return Outcome((), failures=(Failure(file or name, f"internal fault: {type(fault).__name__}: {fault}"),))


def _role(file: str | None) -> "GivenRole | None":
    """The role whose policies a file holds. Raises ConfigError for one that cannot be used."""
    if file is None:
        return None
    from asl_lint.aws.role_file import load_role
    from asl_lint.facts.given_role import GivenRole

    return GivenRole(load_role(file))


def _deployed(workflow: Workflow, substitutions: Mapping[str, object], alone: bool) -> Workflow:
    """The workflow with the known values in place of their placeholders."""
    from asl_lint.source.substitution import fill

    declared = dict.fromkeys(substitutions) if alone else {}
    return workflow._replace(document=fill(workflow.document, substitutions), substitutions=substitutions, declared=declared)


def shared(tasks: Sequence[Task], executor: "Executor", batch: int = BATCH) -> Iterator[FileResult]:
    """The results of all tasks in their order, computed by the executor's workers, so many files at a time."""
    futures: list[Future[list[FileResult]]] = [
        executor.submit(check_batch, tasks[i : i + batch]) for i in range(0, len(tasks), batch)
    ]
    try:
        for future in futures:
            yield from future.result()
    finally:
        for future in futures:
            future.cancel()


def _report(discovery: Discovery, results: Iterable[FileResult]) -> Report:
    files: list[str] = []
    findings: list[Finding] = []
    outcomes: list[Outcome] = []
    unresolved: list[Unresolved] = []
    machines = 0
    errors = list(discovery.failures)
    sources: dict[str, str] = {}
    damaged: set[str] = set()
    held = list(results)
    for result in _each_life(discovery, held):
        if not result.is_whole or not (result.outcome is None or result.outcome.is_whole):
            damaged.add(result.file)
        if result.failure is not None:
            errors.append(result.failure)
        unresolved += [_without_secrets(one.unresolved) for one in result.deployed if one.unresolved is not None]
        if result.source is not None:
            sources[result.file] = _shown(result.source, result.outcome)
        if result.outcome is None:
            continue
        files.append(result.file)
        machines += result.machines
        outcomes.append(result.outcome)
        findings += result.outcome.findings
    # A schema that many definitions share is told once.
    errors += dict.fromkeys(failure for outcome in outcomes for failure in outcome.failures)
    told = [*files, *(failure.file for failure in errors), *(one.file for one in unresolved)]
    errors += discovery.without_definitions([*told, *(one.file for one in held if any(d.outcome for d in one.deployed))])
    return Report(
        tuple(files),
        tuple(findings),
        tuple(one for outcome in outcomes for one in outcome.suppressed),
        tuple(one for outcome in outcomes for one in outcome.not_evaluated),
        tuple(errors),
        sources,
        tuple(unresolved),
        machines,
        tuple(one for outcome in outcomes for one in outcome.descriptions),
        damaged=frozenset(damaged),
    )


def _shown(source: str, outcome: Outcome | None) -> str:
    """The text of a file as formats may show it."""
    from asl_lint.source.secrets import masked

    return masked(source, () if outcome is None else outcome.secrets)


def _without_secrets(unresolved: Unresolved) -> Unresolved:
    """The reason quotes the template, of which nobody has looked at every value."""
    from asl_lint.source.secrets import masked

    return unresolved._replace(reason=masked(unresolved.reason))


def _each_life(discovery: Discovery, held: Sequence[FileResult]) -> Iterator[FileResult]:
    """The results with the machines of templates in place: a definition that a template names is judged in that life only."""
    lives: dict[str, list[Deployed]] = {}
    any_deployed = any(result.deployed for result in held)
    found = {os.path.realpath(file.path) for file in discovery.files} if any_deployed else set()
    for result in held:
        for one in result.deployed:
            if one.outcome is not None and (not result.implied or os.path.realpath(one.file) in found):
                lives.setdefault(os.path.realpath(one.file), []).append(one)
            if one.deployment is not None and not result.implied:
                told = one._replace(file=result.file, source=None, outcome=one.deployment)
                lives.setdefault(os.path.realpath(result.file), []).append(told)
    if not lives:
        yield from (result for result in held if not result.implied or result.failure is not None)
        return
    for result in held:
        if result.implied and result.failure is None:
            continue
        own = lives.get(os.path.realpath(result.file))
        yield result if own is None else _life(result.file, own, result)
        for one in result.deployed:
            place = os.path.realpath(one.file)
            if place not in found and place in lives:
                yield _life(one.file, lives.pop(place), FileResult(one.file))


def _life(file: str, lives: "Sequence[Deployed]", result: FileResult) -> FileResult:
    """All that the machines with a definition in one file gave; what is found in several of them is told once."""
    findings: dict[tuple[object, ...], Finding] = {}
    outcomes = [one.outcome for one in lives if one.outcome is not None]
    own = {one.file for one in lives}

    def named(finding: Finding) -> Finding:
        return finding._replace(file=file) if finding.file in own else finding

    for finding in (named(finding) for outcome in outcomes for finding in outcome.findings):
        findings.setdefault((finding.file, finding.rule, finding.span, finding.pointer, finding.message), finding)
    merged = Outcome(
        tuple(sorted(findings.values(), key=lambda finding: (finding.span.start.offset, finding.span.end.offset, finding.rule))),
        tuple(one._replace(finding=named(one.finding)) for outcome in outcomes for one in outcome.suppressed),
        tuple(one._replace(file=file) for outcome in outcomes for one in outcome.not_evaluated),
        tuple(
            one._replace(file=file) if os.path.realpath(one.file) == os.path.realpath(file) else one
            for outcome in outcomes
            for one in outcome.failures
        ),
        tuple(dict.fromkeys(span for outcome in outcomes for span in outcome.secrets)),
        tuple(one._replace(file=file) for outcome in outcomes for one in outcome.descriptions),
        all(outcome.is_whole for outcome in outcomes),
    )
    source = next((one.source for one in lives if one.source is not None), result.source)
    kept = source if merged.findings or merged.suppressed else None
    machines = sum(one.outcome is not None and one.outcome is not one.deployment for one in lives)
    return result._replace(outcome=merged, failure=None, source=kept, machines=machines)


# --- which rules a configuration selects ------------------------------------------------------------------------------------

_selections: list[tuple[Config, Selection]] = []
"""The settings that were used so far, each once, the last used first. A worker gets a copy of the settings with every task."""


def selection_of(config: Config) -> Selection:
    """The rules that a configuration selects, and what it says of them; computed once a configuration and process.

    Raises ConfigError for a name that is no rule's and no category's, CatalogError for a rule of one's own that is wrong.
    """
    for i, (known, selection) in enumerate(_selections):
        if known is config or known == config:
            if i:
                _selections.insert(0, _selections.pop(i))
            return selection
    selection = _select(config)
    _selections.insert(0, (config, selection))
    return selection


def _select(config: Config) -> Selection:
    rules = load_rules(config.rules)
    names = {rule.name for rule in rules}
    _refuse_unknown_names(config, names | {rule.category for rule in rules} | {"ALL"})
    selected = tuple(rule for rule in rules if config.is_selected(rule.name, rule.category, rule.enabled and not rule.preview))
    severities: Mapping[str, Severity] = {
        rule.name: config.severity_of(rule.name, rule.category, rule.severity) for rule in selected
    }
    ignores = bool(config.per_file_ignores or config.per_state_ignores)
    return Selection(
        selected,
        frozenset(names),
        severities if config.severity else {},
        _ignored(config, {rule.name: rule for rule in rules}) if ignores else None,
        config.require_suppression_reason,
        _applies(config) if any(rule.files for rule in selected) else None,
        frozenset(rule.name for rule in selected if not {rule.name, rule.category}.isdisjoint(config.named())),
        by_cause=True,
    )


def _refuse_unknown_names(config: Config, known: set[str]) -> None:
    for setting, name in config.rule_references():
        if name not in known:
            near_name = near(name, sorted(known))
            hint = f'; did you mean "{near_name}"?' if near_name else ""
            raise ConfigError(f'{setting} names "{name}", which is no rule and no category{hint}', config.file or "settings")


def _applies(config: Config) -> Callable[[Rule, Workflow], bool]:
    return lambda rule, workflow: not rule.files or any(config.covers(glob, workflow.file) for glob in rule.files)


def _ignored(config: Config, rules: Mapping[str, Rule]) -> Callable[[Finding, Workflow], str | None]:
    def ignored(finding: Finding, workflow: Workflow) -> str | None:
        names = (finding.rule, rules[finding.rule].category, "ALL")
        if any(name in names for file in {workflow.file, finding.file} for name in config.ignored_in(file)):
            return "per-file-ignores"
        if any(name in names for name in config.ignored_at(workflow.file, finding.pointer)):
            return "per-state-ignores"
        return None

    return ignored
