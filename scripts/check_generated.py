"""Whether every generated file is what its generator makes now. ``--write`` brings them up to date instead."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

GENERATORS = (
    ("scripts/build_service_index.py",),
    ("-m", "asl_lint.schemas.build"),
    ("scripts/build_iam_actions.py",),
    ("scripts/build_sam_policies.py",),
    ("scripts/build_managed_policies.py",),
    ("scripts/build_rule_pack.py",),
    ("scripts/generate_ci_docs.py",),
    ("scripts/generate_command_docs.py",),
    ("scripts/generate_config_docs.py",),
    ("scripts/generate_property_docs.py",),
    ("scripts/generate_rule_docs.py",),
)
"""What makes a file; each takes ``--check``. The order matters: the pages of the rules are made with the pack."""


def main(arguments: list[str]) -> int:
    options = [] if "--write" in arguments else ["--check"]
    stale = 0
    for generator in GENERATORS:
        run = subprocess.run([sys.executable, *generator, *options], cwd=ROOT, check=False)
        stale += run.returncode != 0
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
