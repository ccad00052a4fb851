"""Make sam_policies.json and sam_connectors.json of asl_lint/aws: the statements of SAM's policy templates, and of its connectors
from a state machine, with ``${Parameter}`` where a parameter goes.

From the pinned aws-sam-translator. With --check, only tell whether that would change the file.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import samtranslator

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from asl_lint.source.template_texts import TemplateTexts

FOLDER = Path(__file__).resolve().parent.parent / "asl_lint" / "aws"
PACKAGE = Path(samtranslator.__file__).parent
STATE_MACHINE = "AWS::StepFunctions::StateMachine"
FUNCTIONS = re.compile(r"%\{(\w+)\.(\w+)\}")


def main(arguments: list[str]) -> int:
    """Build, or check. Exit codes: 0 done or current, 1 stale."""
    stale = 0
    for name, table in (("sam_policies.json", _policies()), ("sam_connectors.json", _connectors())):
        file = FOLDER / name
        text = json.dumps(table, separators=(",", ":"), sort_keys=True) + "\n"
        if "--check" not in arguments:
            file.write_text(text, encoding="utf-8", newline="\n")
            print(f"{name}: {len(table)} entries, {len(text):,} characters")
        elif not file.is_file() or file.read_text(encoding="utf-8") != text:
            print(f"{name} is not what its source holds; run python scripts/build_sam_policies.py", file=sys.stderr)
            stale = 1
    return stale


def _policies() -> dict[str, Any]:
    """Policy template -> its statements."""
    source = PACKAGE / "policy_templates_data" / "policy_templates.json"
    templates = json.loads(source.read_text(encoding="utf-8"))["Templates"]
    return {name: [_statement(one) for one in template["Definition"]["Statement"]] for name, template in templates.items()}


def _connectors() -> dict[str, Any]:
    """Type of what a state machine is connected to -> permission (Read, Write) -> statements."""
    source = PACKAGE / "model" / "connector_profiles" / "profiles.json"
    profiles = json.loads(source.read_text(encoding="utf-8"))["Permissions"][STATE_MACHINE]
    table: dict[str, Any] = {}
    for kind, profile in profiles.items():
        properties = profile["Properties"]
        if profile["Type"] != "AWS_IAM_ROLE_MANAGED_POLICY" or not properties["SourcePolicy"]:
            raise SystemExit(f"a connector to {kind} gives no policy to the role of the state machine")
        categories = properties["AccessCategories"]
        table[kind] = {name: [_statement(one) for one in held["Statement"]] for name, held in categories.items()}
    return table


def _statement(statement: dict[str, Any]) -> dict[str, Any]:
    texts = TemplateTexts({})

    def listed(value: Any) -> list[str]:
        found = [texts.text(one) for one in (value if isinstance(value, list) else [value])]
        return ["${?unknown}" if one is None else FUNCTIONS.sub(r"${\1\2}", one) for one in found]

    made = {"Effect": statement["Effect"], "Action": listed(statement["Action"]), "Resource": listed(statement["Resource"])}
    return {**made, "Condition": True} if statement.get("Condition") else made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
