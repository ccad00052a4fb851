"""Write docs/rules/ from rules/; with --check, only tell which pages would change."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from asl_lint.catalog.reading import read_shipped_rules
from asl_lint.catalog.rule import CatalogError
from asl_lint.rule_docs import pages


def main(arguments: list[str]) -> int:
    """Write, or check by content. Exit codes: 0 done or current, 1 stale or a rule is wrong."""
    root = Path(__file__).resolve().parent.parent
    folder = root / "docs" / "rules"
    try:
        wanted = dict(pages(read_shipped_rules(str(root / "rules"))))
    except CatalogError as error:
        print(error, file=sys.stderr)
        return 1
    there = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}
    changed = [name for name in wanted if there.get(name) != wanted[name]]
    extra = [name for name in there if name not in wanted]
    if "--check" in arguments:
        for name in changed + extra:
            print(f"docs/rules/{name} is not what rules/ says; run python scripts/generate_rule_docs.py", file=sys.stderr)
        return 1 if changed or extra else 0
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        (folder / name).write_text(wanted[name], encoding="utf-8", newline="\n")
    for name in extra:
        (folder / name).unlink()
    print(f"docs/rules: {len(wanted)} pages, {len(changed)} written, {len(extra)} removed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
