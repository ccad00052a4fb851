"""Compile rules/ into asl_lint/rules.pack.json and rules.prose.json; with --check, only tell whether that would change them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from asl_lint.catalog.pack import PACK_FILE, PROSE_FILE, content_hash, pack, pack_prose
from asl_lint.catalog.reading import read_shipped_rules
from asl_lint.catalog.rule import CatalogError, Explanation


def main(arguments: list[str]) -> int:
    """Build, or check by content. Exit codes: 0 done or current, 1 stale or a rule is wrong."""
    folder = Path(__file__).resolve().parent.parent / "rules"
    try:
        rules = read_shipped_rules(str(folder))
    except CatalogError as error:
        print(error, file=sys.stderr)
        return 1
    digest = content_hash(str(folder))
    explanations = {whole.rule.name: Explanation(*whole.prose[:3]) for whole in rules}
    texts = {
        Path(PACK_FILE): pack([whole.rule for whole in rules], digest),
        Path(PROSE_FILE): pack_prose(explanations, digest),
    }
    if "--check" in arguments:
        stale = [file for file, text in texts.items() if not file.is_file() or file.read_text(encoding="utf-8") != text]
        for file in stale:
            print(f"{file.name} is not what rules/ holds; run python scripts/build_rule_pack.py", file=sys.stderr)
        return 1 if stale else 0
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8", newline="\n")
        print(f"{file.name}: {len(rules)} rules, {len(text):,} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
