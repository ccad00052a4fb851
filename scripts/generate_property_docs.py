"""Writes what docs/property-kinds.md shows of each property kind: its parameters, its messages, a rule of docs/example-rules/.

The words between stand in the page itself; only what lies between two marks is written. With ``--check`` nothing is written, and
the exit code is 1 if a part is not what it would be, or a kind has no place.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from asl_lint.catalog import load_own_rules  # noqa: E402
from asl_lint.catalog.rule import Rule  # noqa: E402
from asl_lint.engine import kind_named  # noqa: E402
from asl_lint.facts.observations import OBSERVATIONS  # noqa: E402
from asl_lint.properties import KINDS  # noqa: E402
from asl_lint.properties.call_selector import SELECTOR  # noqa: E402
from asl_lint.properties.event_selector import EVENT  # noqa: E402

PAGE = ROOT / "docs" / "property-kinds.md"
EXAMPLES = ROOT / "docs" / "example-rules"
_PART = re.compile(r"<!-- begin: (\S+) -->\n(.*?)<!-- end -->\n", re.DOTALL)
_MANY: Final = 12
"""Values that a table does not list any more."""
_TYPES: Final = {
    "string": "text", "integer": "a whole number", "number": "a number", "boolean": "`true` or `false`", "object": "a mapping",
    "array": "a list",
}  # fmt: skip


def page(text: str) -> str:
    """The page with every part as it must be. Raises ValueError where a kind has none."""
    wanted = parts()
    missing = wanted.keys() - {found[1] for found in _PART.finditer(text)}
    if missing:
        raise ValueError(f"no place for {', '.join(sorted(missing))}")
    return _PART.sub(lambda found: f"<!-- begin: {found[1]} -->\n{wanted[found[1]]}<!-- end -->\n", text)


def parts() -> dict[str, str]:
    """What stands between the marks, by their names."""
    rules = sorted((whole.rule for whole in load_own_rules([str(EXAMPLES)])), key=lambda rule: rule.name)
    found = {"kinds": _contents(), "codes": _codes()}
    found["calls"] = _table(SELECTOR["anyOf"][-1], frozenset())
    found["events"] = _table(EVENT, frozenset())
    for name in KINDS:
        shown = next(rule for rule in rules if rule.kind == name)
        found[name] = _kind(name, shown)
    return found


def _contents() -> str:
    rows = [f"| [`{name}`](#{name.replace('@', '')}) | {kind_named(name).summary.removesuffix('.')} |" for name in KINDS]
    return "\n".join(["| kind | what must be so |", "|---|---|", *rows, ""])


def _codes() -> str:
    rows = [f"| `{code}` | {', '.join(f'`{{{value}}}`' for value in values)} |" for code, values in OBSERVATIONS.items()]
    return "\n".join(["| code | messages may use |", "|---|---|", *rows, ""])


def _kind(name: str, example: Rule) -> str:
    kind = kind_named(name)
    schema = kind.parameters
    demands = [option["required"][0] for option in schema.get("anyOf", ())]
    asked = f"At least one of {_listed(demands, 'and')} is given.\n\n" if demands else ""
    values = _listed([f"{{{value}}}" for value in sorted(kind.values(example.parameters))], "and")
    text = (EXAMPLES / f"{example.name}.yaml").read_text(encoding="utf-8")
    return f"{_table(schema, frozenset(schema.get('required', ())))}\n{asked}Messages may use {values}.\n\n```yaml\n{text}```\n"


def _table(schema: Mapping[str, Any], required: frozenset[str]) -> str:
    rows = [f"| `{name}` | {takes} | {default} | {means} |" for name, takes, default, means in _rows(schema, required, "")]
    return "\n".join(["| parameter | takes | default | means |", "|---|---|---|---|", *rows, ""])


def _rows(schema: Mapping[str, Any], required: frozenset[str], prefix: str) -> Iterator[tuple[str, str, str, str]]:
    for name, one in schema["properties"].items():
        path = f"{prefix}{name}"
        default = "required" if name in required else f"`{_yaml(one['default'])}`" if "default" in one else ""
        yield path, _takes(one), default, one["description"].replace("|", "\\|")
        if one.get("properties") is EVENT["properties"]:
            continue
        many = next((one[key] for key in ("additionalProperties", "items") if isinstance(one.get(key), Mapping)), {})
        inner, below = (one, ".") if "properties" in one else (many, ".*.")
        if "properties" in inner:
            yield from _rows(inner, frozenset(inner.get("required", ())), path + below)


def _takes(schema: Mapping[str, Any]) -> str:
    """The values that a schema takes, in words."""
    if schema.get("anyOf") is SELECTOR["anyOf"]:
        return "[calls](#calls)"
    if schema.get("properties") is EVENT["properties"]:
        return "[an event](#events)"
    if "const" in schema:
        return f"`{_yaml(schema['const'])}`"
    if "enum" in schema:
        return _listed([_yaml(value) for value in schema["enum"]], "or")
    types = schema.get("type", ())
    if types == "array":
        return _takes_list(schema.get("items", {}))
    if "additionalProperties" in schema and types == "object" and "properties" not in schema:
        return "a mapping by name"
    words = " or ".join(_TYPES[name] for name in ([types] if isinstance(types, str) else types)) or "any value"
    for bound, said in (("minimum", "at least"), ("exclusiveMinimum", "more than")):
        if bound in schema:
            words += f", {said} {schema[bound]}"
    return words


def _takes_list(items: Mapping[str, Any]) -> str:
    if "enum" in items:
        return "a list of names" if len(items["enum"]) > _MANY else f"a list of {_takes(items)}"
    return {"string": "a list of texts", "object": "a list of mappings"}.get(items.get("type", ""), "a list of values")


def _listed(names: list[str], last: str) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


def _yaml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        print("usage: generate_property_docs.py [--check]", file=sys.stderr)
        return 2
    there = PAGE.read_text(encoding="utf-8")
    try:
        wanted = page(there)
    except ValueError as fault:
        print(f"{PAGE.relative_to(ROOT)}: {fault}", file=sys.stderr)
        return 1
    if there == wanted:
        return 0
    if arguments:
        print(f"{PAGE.relative_to(ROOT)} is not up to date: run scripts/generate_property_docs.py", file=sys.stderr)
        return 1
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
