"""What the README claims in numbers; that its commands print what it shows is a matter of ``tests/documentation``."""

import re

from asl_lint.catalog import load_rules
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_counts_the_rules() -> None:
    assert re.findall(r"\[(\d+) rules\]", README) == [str(len(load_rules()))]


def test_every_link_of_the_readme_leads_to_a_file() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (ROOT / target).is_file(), target
