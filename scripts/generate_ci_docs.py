"""Writes what docs/github.md shows of the action's inputs and outputs, and docs/gitlab.md of the template's variables.

The words between stand in the pages themselves; only what lies between two marks is written. With ``--check`` nothing is written,
and the exit code is 1 if a part is not what it would be.
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

ROOT = Path(__file__).resolve().parent.parent
ACTION: Final = ROOT / "action.yml"
TEMPLATE: Final = ROOT / "ci" / "gitlab.yml"
_PART = re.compile(r"<!-- begin: (\w+) -->\n(.*?)<!-- end -->\n", re.DOTALL)
_VARIABLE = re.compile(r"^    (\w+): (\"[^\"]*\")\s*# (.*)$", re.MULTILINE)


def parts() -> dict[Path, dict[str, str]]:
    """What stands between the marks of each page, by their names."""
    action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    found = _VARIABLE.findall(TEMPLATE.read_text(encoding="utf-8"))
    variables = [(name, json, f"{words[0].upper()}{words[1:]}.") for name, json, words in found]
    return {
        ROOT / "docs" / "github.md": {"inputs": _inputs(action["inputs"]), "outputs": _outputs(action["outputs"])},
        ROOT / "docs" / "gitlab.md": {"variables": _table(("variable", "default", "means"), variables)},
    }


def _inputs(inputs: Mapping[str, Any]) -> str:
    rows = [(name, f'"{one["default"]}"' if one["default"] else "", one["description"]) for name, one in inputs.items()]
    return _table(("input", "default", "means"), rows)


def _outputs(outputs: Mapping[str, Any]) -> str:
    return _table(("output", "is"), [(name, one["description"]) for name, one in outputs.items()])


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    cells = [(f"`{row[0]}`", *map(_cell, row[1:])) for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in (head, *cells)]
    lines.insert(1, "|" + "---|" * len(head))
    return "\n".join([*lines, ""])


def _cell(text: str) -> str:
    """Words, or a value in its quotes."""
    return f"`{text}`" if text[:1] == '"' else " ".join(text.split()).replace("|", "\\|")


def page(text: str, wanted: Mapping[str, str]) -> str:
    """A page with every part as it must be. Raises ValueError where one has no place."""
    missing = wanted.keys() - {found[1] for found in _PART.finditer(text)}
    if missing:
        raise ValueError(f"no place for {', '.join(sorted(missing))}")
    return _PART.sub(lambda found: f"<!-- begin: {found[1]} -->\n{wanted[found[1]]}<!-- end -->\n", text)


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        print("usage: generate_ci_docs.py [--check]", file=sys.stderr)
        return 2
    stale = 0
    for file, wanted in parts().items():
        there = file.read_text(encoding="utf-8")
        made = page(there, wanted)
        if made != there and arguments:
            print(f"{file.relative_to(ROOT)} is not up to date: run scripts/generate_ci_docs.py", file=sys.stderr)
            stale += 1
        elif made != there:
            file.write_text(made, encoding="utf-8")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
