"""Compile rules/ into asl_lint/rules.pack.json; with --check, only tell whether that would change anything."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from asl_lint.catalog.pack import PACK_FILE, content_hash, pack
from asl_lint.catalog.reading import read_shipped_rules
from asl_lint.catalog.rule import CatalogError


def main(arguments: list[str]) -> int:
    """Build, or check by content. Exit codes: 0 done or current, 1 stale or a rule is wrong."""
    folder = Path(__file__).resolve().parent.parent / "rules"
    try:
        rules = [whole.rule for whole in read_shipped_rules(str(folder))]
    except CatalogError as error:
        print(error, file=sys.stderr)
        return 1
    text = pack(rules, content_hash(str(folder)))
    target = Path(PACK_FILE)
    if "--check" in arguments:
        if target.is_file() and target.read_text(encoding="utf-8") == text:
            return 0
        print(f"{target.name} is not what rules/ holds; run python scripts/build_rule_pack.py", file=sys.stderr)
        return 1
    target.write_text(text, encoding="utf-8", newline="\n")
    print(f"{target.name}: {len(rules)} rules, {len(text):,} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
