"""Whether checking a JSON file imports only what that needs: start-up time is a feature.

Runs the command on one definition under ``-X importtime`` and fails if a module of the list is imported, with who is heaviest.
``python scripts/check_startup.py [--show N]``
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

HEAVY = (
    "asyncio", "click", "concurrent.futures", "contextlib", "dataclasses", "difflib", "email", "encodings.utf_8_sig", "hashlib",
    "importlib.metadata", "importlib.resources", "jsonata", "jsonschema", "multiprocessing", "networkx", "pathspec", "tomllib",
    "tree_sitter", "tree_sitter_hcl", "typing", "unicodedata", "urllib", "xml", "yaml", "zipfile",
)  # fmt: skip
"""What the check of a JSON definition without JSONata rules of one's own has no use for."""

NEEDLESS = (
    "asl_lint.baseline", "asl_lint.expressions.dynamodb", "asl_lint.expressions.jsonata", "asl_lint.facts.graph",
    "asl_lint.facts.locks", "asl_lint.facts.loops", "asl_lint.facts.nesting", "asl_lint.facts.polls", "asl_lint.facts.secrets",
    "asl_lint.facts.types", "asl_lint.facts.variables", "asl_lint.source.json_spans", "asl_lint.source.yaml_text",
    "asl_lint.types",
)  # fmt: skip
"""Of our own: what only definitions with expressions, loops, variables or locks need."""

DEFINITION = """{
  "StartAt": "Wait",
  "States": {
    "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Nowhere"},
    "Done": {"Type": "Succeed"}
  }
}
"""


CALLING = """{
  "StartAt": "Get",
  "States": {
    "Get": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "TimeoutSeconds": 9, "Next": "Nowhere",
      "Parameters": {"TableName": "orders", "Key": {"id": {"S.$": "$.id"}}}, "ResultSelector": {"item.$": "$.Item.id"}},
    "Done": {"Type": "Pass", "InputPath": "$.item", "End": true}
  }
}
"""
OF_JSONATA = ("asl_lint.expressions.jsonata", "asl_lint.types.conditions", "asl_lint.types.faults", "asl_lint.types.jsonata")
"""What a definition in JSONPath has no use for, though the types of its values are known."""


def imported(file: Path) -> list[tuple[int, str]]:
    """Microseconds (own) and name of every module that a check of the file imports."""
    command = [sys.executable, "-X", "importtime", "-c", "from asl_lint.start import main; main()", "check", file.name]
    run = subprocess.run(command, capture_output=True, text=True, cwd=file.parent, check=False)
    if run.returncode != 1 or "unknown-transition-target" not in run.stdout:
        sys.exit(f"the check itself went wrong (exit {run.returncode}): {run.stdout[-500:]}{run.stderr[-500:]}")
    rows = [line.removeprefix("import time:").split("|") for line in run.stderr.splitlines() if line.startswith("import time:")]
    return [(int(own), name.strip()) for own, _, name in rows if own.strip().isdigit()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=int, default=0, help="list the N dearest modules")
    show: int = parser.parse_args().show
    cases = (DEFINITION, (*HEAVY, *NEEDLESS)), (CALLING, (*HEAVY, *OF_JSONATA))
    return max(_checked(definition, forbidden, show) for definition, forbidden in cases)


def _checked(definition: str, forbidden: tuple[str, ...], show: int) -> int:
    """1 where the check of a definition imports something that it must not."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "one.asl.json"
        file.write_text(definition, encoding="utf-8")
        modules = imported(file)
    for own, name in sorted(modules, reverse=True)[:show]:
        print(f"{own / 1000:8.2f} ms  {name}")
    guilty = sorted({name for _, name in modules if any(name == one or name.startswith(one + ".") for one in forbidden)})
    print(f"start-up: {len(modules)} modules, {sum(own for own, _ in modules) / 1000:.0f} ms of imports")
    if guilty:
        print("these must not be imported by a plain check: " + ", ".join(guilty))
    return 1 if guilty else 0


if __name__ == "__main__":
    sys.exit(main())
