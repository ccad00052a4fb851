"""What is wrong with a JSONata expression as far as the service reads it when a machine is created; exact to the character."""

from collections.abc import Callable, Container, Iterator
from typing import Final

from asl_lint.expressions.jsonata.errors import TOO_DEEP, Error
from asl_lint.expressions.jsonata.functions import SIGNATURES
from asl_lint.expressions.jsonata.meaning import faults
from asl_lint.expressions.jsonata.nodes import Expression
from asl_lint.expressions.jsonata.walk import TopLevelName, states_references, top_level_names
from asl_lint.facts.match import Match
from asl_lint.facts.sites import OFFSET, Site
from asl_lint.near import near
from asl_lint.source.placeholders import has_placeholder
from asl_lint.source.text import Span

Observed = tuple[str, Match]

_CONSTANTS: Final = {"true": "true", "false": "false", "none": "null", "null": "null", "undefined": "null"}


def jsonata_faults(site: Site, assigned: Callable[[], Container[str]]) -> Iterator[Observed]:
    """Observations about one JSONata site: syntax, what it refers to, and what goes wrong whatever the data.

    ``assigned`` gives the names of the machine's variables.
    """
    expression = site.expression
    if has_placeholder(expression):
        return  # what the deployment puts in may be any part of the expression
    tree, errors = site.jsonata
    for error in errors:
        values = {"problem": _as_clause(error.message), "code": error.code}
        # Beyond its own bounds the parser does not know what the service would say.
        sure = error.code != TOO_DEEP
        yield (
            "invalid-jsonata",
            Match(site.pointer, values, within=_inside(error), help=_as_clause(error.help) or None, sure=sure),
        )
    if not errors:
        yield from _references(site, tree)
        yield from _meaning(site, tree, assigned)


def _as_clause(sentence: str) -> str:
    """As messages begin here: a word in lower case, unless it is a name."""
    return sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() or sentence[1:2] == " " else sentence


def _inside(place: Error | TopLevelName | Span) -> Span:
    start, end = (place.start, place.end) if isinstance(place, Error | Span) else place.span
    # Where something is missing there is nothing to underline: the character that follows stands for it.
    return Span(OFFSET + start, OFFSET + max(end, start + 1))


def _references(site: Site, tree: Expression) -> Iterator[Observed]:
    """References that need an input document, and members of ``$states`` that this field does not have."""
    for name in top_level_names(tree):
        read = "$states.input" if name.name.startswith("$") else f"$states.input.{name.name}"
        constant = _CONSTANTS.get(name.name.lower())
        hint = f"write {constant}" if constant else f"the state's input is {read}"
        if name.name in SIGNATURES and tree.text[name.span.end : name.span.end + 1] == "(":
            hint = f"the function is ${name.name}"
        if name.name == "States":
            hint = "intrinsic functions are for JSONPath states; JSONata has functions of its own"
        values = {"reference": name.name, "problem": "there is no input document to read it from"}
        yield "unsupported-reference", Match(site.pointer, values, within=_inside(name), help=hint, sure=name.sure)
    for reference in states_references(tree):
        if reference.members:
            unavailable = _unavailable(site, reference.members[0])
            if unavailable is not None:
                said, other, sure = unavailable
                values = {"reference": f"$states.{reference.members[0]}", "problem": said}
                within = _inside(Span(reference.span.start, reference.places[0].end))
                yield "unsupported-reference", Match(site.pointer, values, within=within, help=other, sure=sure)


_CODES: Final = {
    "unknown-function": "unknown-function",
    "argument": "wrong-argument",
    "operand": "wrong-operand",
    "never-equal": "never-equal",
    "text-as-filter": "text-as-filter",
}


def _meaning(site: Site, tree: Expression, assigned: Callable[[], Container[str]]) -> Iterator[Observed]:
    for fault in faults(tree):
        problem, hint = fault.problem, fault.help
        if fault.kind == "unknown-function" and fault.subject[1:] in assigned():
            problem, hint = "a variable holds a value, never a function", None
        values = {"subject": fault.subject, "problem": problem}
        yield _CODES[fault.kind], Match(site.pointer, values, within=_inside(fault.span), help=hint, sure=fault.certain)


def _unavailable(site: Site, member: str) -> tuple[str, str | None, bool] | None:
    """Why a member of ``$states`` cannot be read in a field, a hint, and whether that is sure (S, F: facts of the language)."""
    results = site.field in ("Output", "Assign")
    if member in ("input", "context"):
        return None
    if member == "result":
        if results and site.owner in ("Task", "Parallel", "Map"):
            return None
        return "only Output and Assign of a Task, Parallel or Map have a result, and not those of a Catcher", None, True
    if member == "errorOutput":
        if results and site.owner == "Catcher":
            return None
        return "only Output and Assign of a Catcher have an error", None, True
    near_name = near(member, ("input", "context", "result", "errorOutput"))
    hint = f"did you mean $states.{near_name}?" if near_name else "there are input, context, result and errorOutput"
    return "$states has no such member", hint, False
