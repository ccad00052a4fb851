"""The catalogue of rules: what there is, read from one compiled pack; an organisation's own rules read from YAML beside it.

``load_rules`` costs well under a millisecond for the shipped rules and imports neither a YAML reader nor jsonschema.
"""

from collections.abc import Mapping, Sequence

from asl_lint.catalog.pack import shipped_explanations, shipped_rules
from asl_lint.catalog.rule import CatalogError, Example, Expectation, Explanation, Rule, RuleProse, WholeRule, fill

__all__ = [
    "CatalogError",
    "Example",
    "Expectation",
    "Explanation",
    "Rule",
    "RuleProse",
    "WholeRule",
    "fill",
    "load_explanations",
    "load_own_rules",
    "load_prose",
    "load_rules",
]


def load_rules(extra: Sequence[str] = ()) -> tuple[Rule, ...]:
    """The shipped rules by category and name, then those of the files and folders ``extra``, in that order.

    Raises CatalogError for a rule that cannot be used, and for two rules of one name.
    """
    shipped = shipped_rules()
    if not extra:
        return shipped
    return shipped + tuple(whole.rule for whole in load_own_rules(extra))


def load_own_rules(paths: Sequence[str]) -> tuple[WholeRule, ...]:
    """An organisation's rules of files and folders, whole. Raises CatalogError as ``load_rules`` does."""
    from asl_lint.catalog.reading import read_own_rules

    return read_own_rules(paths, frozenset(rule.name for rule in shipped_rules()))


def load_explanations(extra: Sequence[str] = ()) -> Mapping[str, Explanation]:
    """Why, fix and references of each rule, by name. Raises CatalogError as ``load_rules`` does."""
    shipped = shipped_explanations()
    if not extra:
        return shipped
    return {**shipped, **{whole.rule.name: Explanation(*whole.prose[:3]) for whole in load_own_rules(extra)}}


def load_prose(rule: Rule) -> RuleProse:
    """What people read of a rule, from its YAML file. Raises CatalogError where the file cannot be read."""
    from asl_lint.catalog.reading import read_prose

    return read_prose(rule)
