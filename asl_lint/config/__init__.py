"""The settings of a run: what each checked file's nearest ``asl-lint.toml`` or ``pyproject.toml`` says, as an immutable value.

The nearest file wins whole, nothing is merged; a ``pyproject.toml`` without ``[tool.asl-lint]`` is passed over. Three stat calls
a folder; TOML and the table of settings (``options``) are imported only where a file is found.
"""
# ruff: noqa: PTH100, PTH109, PTH116, PTH118, PTH119, PTH120, PTH123
# (Strings and os.path, as in source.discover.)

import os
import stat
from collections.abc import Mapping

from asl_lint.finding import Severity
from asl_lint.late import Literal, NamedTuple
from asl_lint.source.discover import DEFAULT_EXCLUDE, Selection
from asl_lint.source.globs import name_pattern, patterns
from asl_lint.source.read import describe, refused_kind

MachineType = Literal["standard", "express"]

CONFIG_FILES = (".asl-lint.toml", "asl-lint.toml", "pyproject.toml")
"""The names of configuration files; in one folder the earlier wins."""

_LARGEST_FILE = 4 * 1024 * 1024
_SCOPES = ("Branches", "ItemProcessor", "Iterator")


class ConfigProblem(NamedTuple):
    """One fault of a configuration file; ``line`` counts from 1, None where no line is to blame."""

    message: str
    line: int | None = None


class ConfigError(Exception):
    """A configuration that cannot be used. As a string: a line ``file:line: message`` for each of ``problems``."""

    def __init__(self, message: str, file: str, line: int | None = None, others: tuple[ConfigProblem, ...] = ()) -> None:
        super().__init__(message, file, line, others)
        self.message = message
        self.file = file
        self.line = line
        self.problems = (ConfigProblem(message, line), *others)

    def __str__(self) -> str:
        return "\n".join(
            f"{self.file}: {problem.message}" if problem.line is None else f"{self.file}:{problem.line}: {problem.message}"
            for problem in self.problems
        )


class StateIgnore(NamedTuple):
    """Rules that are silent at a state (a glob of its name) or below a JSON pointer, in the files of a glob (None: in all)."""

    file: str | None
    place: str
    rules: tuple[str, ...]


class Config(NamedTuple):
    """Every setting with its default; ``options.OPTIONS`` describes them. Globs of files are relative to ``root``.

    ``root`` is an absolute folder, empty for the current one; ``file`` is where the settings were read. ``rules``, ``baseline``,
    ``templates`` and the files of substitutions, roles and schemas are absolute. ``select`` None is the default set.
    """

    root: str = ""
    file: str | None = None
    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = {}
    fail_on: Severity = "warning"
    machine_type: MachineType | None = None
    machine_types: Mapping[str, MachineType] = {}
    substitutions: str | Mapping[str, object] | None = None
    per_file_substitutions: Mapping[str, str | Mapping[str, object]] = {}
    templates: tuple[str, ...] = ()
    role: str | None = None
    per_file_role: Mapping[str, str] = {}
    input_schema: str | None = None
    per_file_input_schema: Mapping[str, str] = {}
    per_file_ignores: Mapping[str, tuple[str, ...]] = {}
    per_state_ignores: tuple[StateIgnore, ...] = ()
    require_suppression_reason: bool = True
    baseline: str | None = None
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    extend_include: tuple[str, ...] = ()
    respect_gitignore: bool = True
    force_exclude: bool = False
    rules: tuple[str, ...] = ()

    def selection(self) -> Selection:
        """The part that ``discover`` needs."""
        root = (self.root or os.getcwd()).replace(os.sep, "/")
        exclude = self.exclude + self.extend_exclude
        return Selection(root, exclude, self.extend_include, self.respect_gitignore, self.force_exclude)

    def is_selected(self, rule: str, category: str, by_default: bool) -> bool:
        """Whether a rule runs. Its name decides before its category, that before ``ALL``; ``ignore`` before ``select``.

        ``by_default``: the rule is in the default set.
        """
        selected = self.named()
        for name in (rule, category, "ALL"):
            if name in self.ignore:
                return False
            if name in selected:
                return True
        return by_default and self.select is None

    def named(self) -> tuple[str, ...]:
        """The rules and categories that somebody asked for."""
        return (self.select or ()) + self.extend_select

    def severity_of(self, rule: str, category: str, own: Severity) -> Severity:
        """The severity of a rule's findings; ``own`` is the rule's."""
        return self.severity.get(rule) or self.severity.get(category) or self.severity.get("ALL") or own

    def machine_type_of(self, path: str) -> MachineType | None:
        """The type of the state machines in a file: the last glob of ``machine-types`` that matches, else ``machine-type``."""
        result = self.machine_type
        for glob, machine_type in self.machine_types.items():
            if self.covers(glob, path):
                result = machine_type
        return result

    def substitutions_of(self, path: str) -> Mapping[str, object] | None:
        """What the deployment of a file fills in: ``substitutions``, and over it every glob that matches.

        None where nothing is said of the file. Raises ConfigError for a file of substitutions that cannot be used.
        """
        said = [] if self.substitutions is None else [self.substitutions]
        said += [one for glob, one in self.per_file_substitutions.items() if self.covers(glob, path)]
        if not said:
            return None
        from asl_lint.config.substitutions import load_substitutions

        found: dict[str, object] = {}
        for one in said:
            found |= load_substitutions(one) if isinstance(one, str) else one
        return found

    def role_of(self, path: str) -> str | None:
        """The file with the policies of a machine's role: the last glob of ``per-file-role`` that matches, else ``role``."""
        return self._named_for(path, self.role, self.per_file_role)

    def input_schema_of(self, path: str) -> str | None:
        """The file with the schema of an execution's input: the last glob of ``per-file-input-schema``, else ``input-schema``."""
        return self._named_for(path, self.input_schema, self.per_file_input_schema)

    def _named_for(self, path: str, result: str | None, by_glob: Mapping[str, str]) -> str | None:
        for glob, file in by_glob.items():
            if self.covers(glob, path):
                result = file
        return result

    def ignored_in(self, path: str) -> tuple[str, ...]:
        """The rules and categories that ``per-file-ignores`` silences in a file, each once, in the order of the settings."""
        rules = (rule for glob, rules in self.per_file_ignores.items() if self.covers(glob, path) for rule in rules)
        return tuple(dict.fromkeys(rules))

    def ignored_at(self, path: str, pointer: str) -> tuple[str, ...]:
        """The rules and categories that ``per-state-ignores`` silences at a place (RFC 6901) of a definition in a file.

        A name silences what belongs to the state itself, not the states inside it; a pointer silences all that is below it.
        """
        if not self.per_state_ignores:
            return ()
        parts = tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
        state = _state_at(parts)
        rules = (
            rule
            for entry in self.per_state_ignores
            if (entry.file is None or self.covers(entry.file, path))
            and (_leads_to(entry.place, parts) if entry.place.startswith("/") else state and _is_named(entry.place, state))
            for rule in entry.rules
        )
        return tuple(dict.fromkeys(rules))

    def rule_references(self) -> list[tuple[str, str]]:
        """Each name of a rule or category in the settings, with the setting that has it; whether it exists is not known here."""
        lists = (("select", self.select or ()), ("extend-select", self.extend_select), ("ignore", self.ignore))
        references = [(setting, name) for setting, names in lists for name in names]
        references += [("severity", name) for name in self.severity]
        references += [(f'per-file-ignores."{glob}"', name) for glob, names in self.per_file_ignores.items() for name in names]
        for entry in self.per_state_ignores:
            file = "" if entry.file is None else f'."{entry.file}"'
            references += [(f'per-state-ignores{file}."{entry.place}"', name) for name in entry.rules]
        return references

    def covers(self, glob: str, path: str) -> bool:
        """Whether a glob of files, relative to ``root``, takes a path."""
        absolute = os.path.abspath(path).replace(os.sep, "/")
        return patterns((glob,)).covers(self.selection().relative(absolute))


class Configurations:
    """The configuration of each folder, read once: the nearest file's, or the one that holds for all."""

    def __init__(self, everywhere: Config | None = None) -> None:
        self._everywhere = everywhere
        self._known: dict[str, Config] = {}

    def of_folder(self, folder: str) -> Config:
        """The configuration of an absolute folder. Raises ConfigError."""
        if self._everywhere is not None:
            return self._everywhere
        folder = folder.rstrip("/") or "/"
        passed: list[str] = []
        while folder not in self._known:
            passed.append(folder)
            config = _configuration_in(folder)
            parent = os.path.dirname(folder)
            if config is not None or parent == folder:
                self._known[folder] = config or Config()
                break
            folder = parent
        for inner in passed:
            self._known[inner] = self._known[folder]
        return self._known[folder]

    def of_file(self, path: str) -> Config:
        """The configuration of a file, or of one that would have this path. Raises ConfigError."""
        return self.of_folder(os.path.dirname(os.path.abspath(path)))


def load_config(file: str, root: str | None = None) -> Config:
    """The settings of a configuration file. Globs are relative to ``root``, by default the file's folder. Raises ConfigError.

    The name decides about the form: ``pyproject.toml`` has a table ``[tool.asl-lint]``, any other file is that table.
    """
    try:
        reason = refused_kind(os.stat(file).st_mode)
    except (OSError, ValueError) as error:
        raise ConfigError(describe(error), file) from None
    if reason is not None:
        raise ConfigError(reason, file)
    config = _read(file, root)
    if config is None:
        raise ConfigError("has no table [tool.asl-lint]", file)
    return config


def _configuration_in(folder: str) -> Config | None:
    for name in CONFIG_FILES:
        file = os.path.join(folder, name)
        try:
            is_file = stat.S_ISREG(os.stat(file).st_mode)
        except (OSError, ValueError):
            continue
        config = _read(file, None) if is_file else None
        if config is not None:
            return config
    return None


def _read(file: str, root: str | None) -> Config | None:
    """The settings of a regular file; None for a pyproject.toml without the table."""
    try:
        with open(file, "rb") as stream:
            content = stream.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise ConfigError(describe(error), shown_path(file)) from None
    is_project = os.path.basename(file) == "pyproject.toml"
    # Most pyproject.toml do not speak of us: they need not be parsed, nor be right.
    if is_project and not any(name in content.lower() for name in (b"asl-lint", b"asl_lint", b"asllint")):
        return None
    if len(content) > _LARGEST_FILE:
        raise ConfigError(f"is larger than {_LARGEST_FILE // 1024 // 1024} MiB", shown_path(file))
    from asl_lint.config.toml import parse_config

    return parse_config(content, file, shown_path(file), is_project=is_project, root=root)


def shown_path(file: str) -> str:
    """A file's path as a message shows it: relative if it is below the current folder."""
    return os.path.abspath(file).removeprefix(os.getcwd().rstrip(os.sep) + os.sep)


def _state_at(parts: tuple[str, ...]) -> str | None:
    """The name of the innermost state that a pointer's parts lead into."""
    state: str | None = None
    at = 0
    while parts[at : at + 1] == ("States",) and at + 1 < len(parts):
        state = parts[at + 1]
        at += 2
        if at < len(parts) and parts[at] in _SCOPES:
            at += 2 if parts[at] == "Branches" else 1
    return state


def _leads_to(pointer: str, parts: tuple[str, ...]) -> bool:
    """Whether ``parts`` are at or below ``pointer``, whose parts may be globs."""
    prefix = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    return len(prefix) <= len(parts) and all(_is_named(glob, part) for glob, part in zip(prefix, parts, strict=False))


def _is_named(glob: str, name: str) -> bool:
    return glob == name or name_pattern(glob).fullmatch(name) is not None
