"""Rules from YAML: read, validated whole, refused with file, line and words where anything is wrong.

Runs where rules are built, tested or explained, and where an organisation's own are loaded: about 3 ms a rule.
"""

import json
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

from asl_lint.catalog.examples import read_examples
from asl_lint.catalog.pack import rules_folder
from asl_lint.catalog.rule import CatalogError, Rule, RuleProse, WholeRule, placeholders
from asl_lint.catalog.wording import Fault, quote, schema_faults
from asl_lint.catalog.yaml_file import YamlFile, read_yaml_file
from asl_lint.late import Any, Final, cast
from asl_lint.near import near
from asl_lint.properties import KINDS
from asl_lint.source.document import Pointer

FORMAT: Final = 1
"""The format of rule files that this version reads."""

INDEX: Final = "index.yaml"
"""The file of a folder that says ``format`` and ``requires`` for all rules in it and below."""

_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}

RESERVED: Final = ("conformance", "suppression")
"""Categories that mean something to the linter itself: an organisation's rules cannot claim them."""

_SCHEMAS: Final = Path(__file__).resolve().parent.parent / "schemas"
_HEAD_KEYS: Final = ("format", "requires")
_FILES: Final[Mapping[str, Any]] = {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}
_LIST: Final[Mapping[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"format": {}, "requires": {}, "files": _FILES, "rules": {"type": "array", "minItems": 1}},
}
"""A file of several rules."""
_UNCITED: Final = ("suppression",)
"""Categories that speak of asl-lint itself, so that there is nothing to refer to."""


def read_shipped_rules(folder: str | None = None) -> tuple[WholeRule, ...]:
    """The shipped rules by category and name. Raises CatalogError for the first that is wrong."""
    folder = rules_folder() if folder is None else folder
    rules: list[WholeRule] = []
    for path in _files(folder):
        whole = _read_rule(path, _head(path, folder))
        rule = whole.rule
        category = Path(path).parent.name
        if rule.category != category:
            raise CatalogError(f'category is "{rule.category}", but the file lies in the folder "{category}"', path)
        if rule.files:
            raise CatalogError('a shipped rule is meant for every file and has no "files"', path)
        if not rule.since:
            raise CatalogError('a shipped rule needs "since", the version that brought it', path)
        if not whole.prose.references and rule.category not in _UNCITED:
            raise CatalogError('a shipped rule needs "references": where AWS or the specification says so', path)
        rules.append(whole._replace(rule=rule._replace(path=None)))
    _refuse_duplicates(rules, frozenset())
    return tuple(sorted(rules, key=lambda whole: (whole.rule.category, whole.rule.name)))


def read_own_rules(paths: Sequence[str], taken: frozenset[str] = frozenset()) -> tuple[WholeRule, ...]:
    """An organisation's rules in files and folders, by file; ``taken`` are names that they cannot have. Raises CatalogError."""
    rules: list[WholeRule] = []
    for path in paths:
        is_folder = Path(path).is_dir()
        found = list(_files(path)) if is_folder else [path]
        if not found:
            raise CatalogError("there is no rule in this folder; a rule is a file NAME.yaml", path)
        for file in found:
            for whole in _read_rules(file, _head(file, path if is_folder else str(Path(path).parent))):
                if whole.rule.category in RESERVED:
                    meaning = "what AWS refuses" if whole.rule.category == "conformance" else "the linter's own directives"
                    raise CatalogError(f'the category "{whole.rule.category}" is kept for {meaning}; choose another', file)
                rules.append(whole)
    _refuse_duplicates(rules, taken)
    return tuple(rules)


def read_prose(rule: Rule) -> RuleProse:
    """Why, fix, references and examples of a rule. Raises CatalogError."""
    if rule.path is not None:
        whole = next((one for one in _read_rules(rule.path, {"format": FORMAT}) if one.rule.name == rule.name), None)
        if whole is None:
            raise CatalogError(f'the rule "{rule.name}" is not there any more', rule.path)
        return whole.prose
    path = Path(rules_folder(), rule.category, f"{rule.name}.yaml")
    return _read_rule(str(path), {"format": FORMAT}).prose


def _files(folder: str) -> Iterator[str]:
    """The rule files of a folder and its folders, in order of their paths; hidden ones and indexes are none."""
    try:
        members = sorted(Path(folder).iterdir())
    except OSError as error:
        raise CatalogError(f"the folder cannot be read: {error.strerror}", folder) from error
    for member in members:
        if member.name.startswith("."):
            continue
        if member.is_dir():
            yield from _files(str(member))
        elif member.suffix in (".yaml", ".yml") and member.name != INDEX:
            yield str(member)


def _head(path: str, root: str) -> Mapping[str, Any]:
    """What the indexes between the root of a rule's folder and the rule say: the nearest wins, key by key."""
    folders = [Path(root), *reversed([folder for folder in Path(path).parents if Path(root) in folder.parents])]
    head: dict[str, Any] = {}
    for folder in folders:
        index = folder / INDEX
        if index.is_file():
            head |= _read_index(str(index))
    return head


@cache
def _read_index(path: str) -> Mapping[str, Any]:
    file = read_yaml_file(path)
    if not isinstance(file.value, dict):
        raise CatalogError('an index is a mapping with "format" and, if need be, "requires"', path, 1)
    for key in file.value:
        if key not in _HEAD_KEYS:
            nearest = near(str(key), _HEAD_KEYS)
            hint = f'did you mean "{nearest}"?' if nearest else 'known are "format" and "requires"'
            raise CatalogError(f'an index has no key "{key}"; {hint}', path, file.line((key,)))
    return file.value


def _read_rule(path: str, head: Mapping[str, Any]) -> WholeRule:
    """The rule of a file that holds one. ``head`` stands in for what the file itself does not say of format and requirements."""
    file = read_yaml_file(path)
    _check_head(file, head)
    whole = _whole_rule(file, ())
    stem = Path(path).stem
    if stem != whole.rule.name:
        raise CatalogError(f'the rule is named "{whole.rule.name}", but its file "{stem}"', path, file.line(("name",)))
    return whole


def _read_rules(path: str, head: Mapping[str, Any]) -> list[WholeRule]:
    """The rules of a file: one that bears its name, or all that it lists under ``rules``."""
    file = read_yaml_file(path)
    value = file.value
    if not isinstance(value, dict) or "rules" not in value:
        return [_read_rule(path, head)]
    _check_head(file, head)
    _refuse(file, schema_faults(value, _LIST))
    return [_whole_rule(file.part(("rules", i)), tuple(value.get("files", ()))) for i in range(len(value["rules"]))]


def _whole_rule(file: YamlFile, files: tuple[str, ...]) -> WholeRule:
    """One rule, validated. ``files`` are those for which it is meant, where it does not say so itself."""
    value, path = file.value, file.path
    if not isinstance(value, dict):
        problem = f"a rule is a mapping of its name, category, summary and so on, not {quote(value)}"
        raise CatalogError(problem, path, file.line(()))
    _refuse(file, schema_faults(value, _schema("rule")))
    kind = value["property"]["kind"]
    parameters = {key: given for key, given in value["property"].items() if key != "kind"}
    supplied = _check_property(file, kind, parameters)
    message = value["message"].strip()
    for name in placeholders(message):
        if name not in supplied:
            nearest = near(name, sorted(supplied))
            known = ", ".join(f"{{{other}}}" for other in sorted(supplied)) or "nothing"
            hint = f"did you mean {{{nearest}}}?" if nearest else f"it supplies {known}"
            raise CatalogError(
                f"the message uses {{{name}}}, which {kind} does not supply; {hint}", path, file.line(("message",))
            )
    preview = value.get("preview", False)
    rule = Rule(
        name=value["name"],
        category=value["category"],
        summary=value["summary"].strip(),
        severity=value["severity"],
        confidence=value.get("confidence", "high"),
        since=value.get("since", ""),
        message=message,
        kind=kind,
        parameters=parameters,
        enabled=value.get("enabled", True) and not preview,
        url=value.get("url"),
        preview=preview,
        files=tuple(value.get("files", files)),
        path=path,
    )
    prose = RuleProse(value["why"].strip(), value["fix"].strip(), tuple(value.get("references", ())), read_examples(file))
    return WholeRule(rule, prose)


def _check_head(file: YamlFile, head: Mapping[str, Any]) -> None:
    given: Mapping[str, Any] = file.value if isinstance(file.value, dict) else {"format": FORMAT}
    stated = given.get("format", head.get("format"))
    if stated is None:
        raise CatalogError(f'"format: {FORMAT}" is missing, in the rule or in {INDEX} of its folder', file.path, 1)
    if stated != FORMAT or isinstance(stated, bool):
        raise CatalogError(
            f"format {quote(stated)} is not supported; this version reads format {FORMAT}", file.path, file.line(("format",))
        )
    requires = given.get("requires", head.get("requires"))
    if requires is not None:
        from asl_lint.version import VERSION

        try:
            satisfied = satisfies(VERSION, requires)
        except ValueError as error:
            raise CatalogError(f"requires: {error}", file.path, file.line(("requires",))) from error
        if not satisfied:
            raise CatalogError(f"requires asl-lint {requires}; this is {VERSION}", file.path, file.line(("requires",)))


def satisfies(version: str, requires: object) -> bool:
    """Whether a version fits a requirement such as ``>=0.1, <2``. Raises ValueError where that is not one."""
    if not isinstance(requires, str):
        raise ValueError(f'{quote(requires)} is no requirement; write one such as ">=0.1"')
    own = _numbers(version)
    return all(_compare(own, clause.strip(), requires) for clause in requires.split(","))


def _compare(own: tuple[int, ...], clause: str, requires: str) -> bool:
    symbol = next((known for known in _OPERATORS if clause.startswith(known)), None)
    try:
        other = _numbers(clause[len(symbol) :].strip()) if symbol else None
    except ValueError:
        other = None
    if symbol is None or other is None:
        raise ValueError(f'{quote(requires)} is no requirement; write one such as ">=0.1"')
    length = max(len(own), len(other))
    left, right = own + (0,) * (length - len(own)), other + (0,) * (length - len(other))
    return _OPERATORS[symbol](left, right)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _check_property(file: YamlFile, kind_name: str, parameters: Mapping[str, Any]) -> frozenset[str]:
    """The values that the property supplies to messages, once its kind and parameters are found right."""
    if kind_name not in KINDS:
        nearest = near(kind_name, KINDS)
        versions = [known for known in KINDS if known.split("@")[0] == kind_name.split("@")[0]]
        known = ", ".join(KINDS)
        hint = f'did you mean "{versions[0] if versions else nearest}"?' if versions or nearest else f"known are {known}"
        raise CatalogError(f'there is no property kind "{kind_name}"; {hint}', file.path, file.line(("property", "kind")))
    module, attribute = KINDS[kind_name].split(":")
    kind = getattr(import_module(module), attribute)
    _refuse(file, schema_faults(parameters, kind.parameters, ("property",)))
    if kind.faults is not None:
        _refuse(file, _named(kind.faults(parameters)))
    return cast(frozenset[str], kind.values(parameters))


def _named(faults: Iterable[tuple[Pointer, str]]) -> Iterator[Fault]:
    for pointer, problem in faults:
        yield Fault(("property", *pointer), f"property.{'.'.join(str(part) for part in pointer)} {problem}")


def _refuse(file: YamlFile, faults: Iterator[Fault]) -> None:
    """Raise CatalogError with all faults, at the line of the first."""
    found = list(dict.fromkeys(faults))
    if found:
        lines = [file.line(fault.pointer) for fault in found]
        rest = [f"{file.path}:{line}: {fault.problem}" for fault, line in zip(found[1:], lines[1:], strict=True)]
        raise CatalogError("\n".join([found[0].problem, *rest]), file.path, lines[0])


def _refuse_duplicates(rules: Sequence[WholeRule], taken: frozenset[str]) -> None:
    seen: dict[str, str | None] = {}
    for whole in rules:
        rule = whole.rule
        if rule.name in taken:
            raise CatalogError(f'asl-lint itself has a rule "{rule.name}"; choose another name', rule.path)
        if rule.name in seen:
            raise CatalogError(f'there is another rule "{rule.name}", in {seen[rule.name]}', rule.path)
        seen[rule.name] = rule.path


@cache
def _schema(name: str) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], json.loads((_SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")))
