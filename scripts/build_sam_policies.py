"""Make asl_lint/aws/sam_policies.json: the statements of SAM's policy templates, with ``${Parameter}`` where a parameter goes.

From the pinned aws-sam-translator. With --check, only tell whether that would change the file.
"""

import json
import sys
from pathlib import Path
from typing import Any

import samtranslator

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from asl_lint.source.template_texts import TemplateTexts

FILE = Path(__file__).resolve().parent.parent / "asl_lint" / "aws" / "sam_policies.json"
SOURCE = Path(samtranslator.__file__).parent / "policy_templates_data" / "policy_templates.json"


def main(arguments: list[str]) -> int:
    """Build, or check. Exit codes: 0 done or current, 1 stale."""
    templates = json.loads(SOURCE.read_text(encoding="utf-8"))["Templates"]
    table = {name: [_statement(one) for one in template["Definition"]["Statement"]] for name, template in templates.items()}
    text = json.dumps(table, separators=(",", ":"), sort_keys=True) + "\n"
    if "--check" in arguments:
        if FILE.is_file() and FILE.read_text(encoding="utf-8") == text:
            return 0
        print(f"{FILE.name} is not what its source holds; run python scripts/build_sam_policies.py", file=sys.stderr)
        return 1
    FILE.write_text(text, encoding="utf-8", newline="\n")
    print(f"{FILE.name}: {len(table)} templates, {len(text):,} characters")
    return 0


def _statement(statement: dict[str, Any]) -> dict[str, Any]:
    texts = TemplateTexts({})

    def listed(value: Any) -> list[str]:
        found = [texts.text(one) for one in (value if isinstance(value, list) else [value])]
        return ["${?unknown}" if one is None else one for one in found]

    made = {"Effect": statement["Effect"], "Action": listed(statement["Action"]), "Resource": listed(statement["Resource"])}
    return {**made, "Condition": True} if statement.get("Condition") else made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
