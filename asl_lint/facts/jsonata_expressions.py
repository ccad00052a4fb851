"""What is wrong with a JSONata expression as far as the service reads it when a machine is created; exact to the character."""

import re
from collections.abc import Iterable, Iterator

from asl_lint.expressions.jsonata.errors import TOO_DEEP, Error
from asl_lint.expressions.jsonata.functions import SIGNATURES
from asl_lint.expressions.jsonata.meaning import faults
from asl_lint.expressions.jsonata.nodes import Block, Condition, Expression, Name, Node, String
from asl_lint.expressions.jsonata.operations import OF_STATES
from asl_lint.expressions.jsonata.telling import told
from asl_lint.expressions.jsonata.walk import TopLevelName, states_references, top_level_names, walk
from asl_lint.facts.match import Match, Place
from asl_lint.facts.sites import OFFSET, Site
from asl_lint.facts.values import shown
from asl_lint.late import TYPE_CHECKING, Final, Pattern
from asl_lint.near import near
from asl_lint.source.placeholders import PLACEHOLDER, has_placeholder
from asl_lint.source.text import Span

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]

_CONSTANTS: Final = {"true": "true", "false": "false", "none": "null", "null": "null", "undefined": "null"}


_SHOWN: Final = 50
"""Characters of a condition that a message quotes at most."""


def hiding_names(facts: "Facts") -> tuple[str, ...]:
    """The variables of the machine that are named as functions, which they hide wherever they can be read."""
    return tuple(name for name in facts.variable_names if name in SIGNATURES)


def jsonata_faults(site: Site, facts: "Facts", hiding: tuple[str, ...] = ()) -> Iterable[Observed]:
    """Observations about one JSONata site: syntax, what it refers to, and what goes wrong whatever the data.

    ``hiding`` are the machine's variables that are named as functions.
    """
    tree, errors = site.jsonata
    if tree.plain:
        return _unavailable_members(site, tree) if "$states" in tree.text else ()
    if has_placeholder(tree.text) and (errors or not _only_texts_are_open(tree)):
        return ()  # what the deployment puts in may be any part of the expression
    return _faults(site, tree, errors, facts, hiding)


def _faults(
    site: Site, tree: Expression, errors: tuple[Error, ...], facts: "Facts", hiding: tuple[str, ...]
) -> Iterator[Observed]:
    for error in told(tree.text, errors) if errors else ():
        values = {"problem": _as_clause(error.message), "code": error.code}
        # Beyond its own bounds the parser does not know what the service would say.
        sure = error.code != TOO_DEEP
        yield (
            "invalid-jsonata",
            Match(site.pointer, values, within=_inside(error), help=_as_clause(error.help) or None, sure=sure),
        )
    if not errors:
        yield from _references(site, tree)
        if "$states" in tree.text:
            yield from _unavailable_members(site, tree)
        yield from _meaning(site, tree, facts, hiding)
        if "?" in tree.text:
            yield from _missing_else(site, tree)
        if "${$" in tree.text or "{%" in tree.text:
            yield from _templates(site, tree)


def _only_texts_are_open(tree: Expression) -> bool:
    """Whether every placeholder stands inside a text, a name between backquotes or a comment, so that the rest is as written."""
    closed = [node.span for node in walk(tree) if type(node) is String or type(node) is Name]
    closed += [comment.span for comment in tree.comments]
    return all(
        any(span.start < found.start() and found.end() < span.end for span in closed) for found in PLACEHOLDER.finditer(tree.text)
    )


def _as_clause(sentence: str) -> str:
    """As messages begin here: a word in lower case, unless it is a name."""
    return sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() or sentence[1:2] == " " else sentence


def _inside(place: Error | TopLevelName | Span) -> Span:
    start, end = (place.start, place.end) if isinstance(place, Error | Span) else place.span
    # Where something is missing there is nothing to underline: the character that follows stands for it.
    return Span(OFFSET + start, OFFSET + max(end, start + 1))


def _references(site: Site, tree: Expression) -> Iterator[Observed]:
    """References that need an input document."""
    for name in top_level_names(tree):
        values = {"reference": name.name, "problem": "there is no input document to read it from"}
        hint = _instead(name, tree.text)
        yield "unsupported-reference", Match(site.pointer, values, within=_inside(name), help=hint, sure=name.sure)


def _unavailable_members(site: Site, tree: Expression) -> Iterator[Observed]:
    """Members of ``$states`` that this field does not have."""
    for reference in states_references(tree):
        if reference.members and reference.members[0] not in _ALWAYS_THERE:
            unavailable = _unavailable(site, reference.members[0])
            if unavailable is not None:
                said, other, sure = unavailable
                values = {"reference": f"$states.{reference.members[0]}", "problem": said}
                within = _inside(Span(reference.span.start, reference.places[0].end))
                yield "unsupported-reference", Match(site.pointer, values, within=within, help=other, sure=sure)


def _instead(name: TopLevelName, text: str) -> str:
    """What was probably meant by a name without a context."""
    before, after = text[: name.span.start].rstrip(), text[name.span.end :].lstrip()
    if name.name == "States":
        return "intrinsic functions are for JSONPath states; JSONata has functions of its own"
    if name.name in SIGNATURES and after[:1] == "(":
        return f"the function is ${name.name}"
    if after[:1] == ":" and after[:2] != ":=" and before[-1:] in ("{", ","):
        return f"the key of an object is a text: '{name.name}'"
    if name.name == "states" or (name.name.isidentifier() and re.search(rf"\${name.name}(?!\w)", text)):
        return f"the variable is ${name.name}"
    constant = _CONSTANTS.get(name.name.lower())
    if constant:
        return f"write {constant}"
    if text[name.span.start - 1 : name.span.start] == "-" and (text[name.span.start - 2 : name.span.start - 1].isalnum()):
        field = _WORD_BEFORE.search(text, 0, name.span.start - 1)
        if field is not None and field[1][:1] != "$":
            return f"- subtracts; a name with a hyphen stands between backquotes: `{field[1]}-{name.name}`"
    if " " in name.name or "${" in name.name:
        return "a text stands between quotes, and parts are joined with &; backquotes are for the names of fields"
    if name.name == "$$" and _CONTEXT_MEMBER.match(after):
        return "the context object is $states.context"
    if name.name in OF_STATES and after[:1] == ".":
        return f"write $states.{name.name}"
    return "the state's input is " + ("$states.input" if name.name.startswith("$") else f"$states.input.{name.name}")


_WORD_BEFORE: Final = Pattern(r"(\$?[\w-]+)\Z")
_CONTEXT_MEMBER: Final = Pattern(r"\.(?:Execution|State|StateMachine|Map|Task)\b")


_CODES: Final = {
    "unknown-function": "unknown-function",
    "argument": "wrong-argument",
    "operand": "wrong-operand",
    "object-key": "wrong-object-key",
    "never-equal": "never-equal",
    "text-as-filter": "text-as-filter",
    "constant-condition": "constant-condition",
    "in-without-array": "in-without-array",
    "count-of-single-value": "count-of-single-value",
    "expression-without-effect": "expression-without-effect",
    "division-by-zero": "division-by-zero",
    "sort-by-number": "sort-by-number",
    "missing-dollar": "missing-dollar",
}
"""Kind of a fault -> code of the observation."""


def _meaning(site: Site, tree: Expression, facts: "Facts", hiding: tuple[str, ...]) -> Iterator[Observed]:
    hidden, surely = _hidden(site, facts, hiding) if hiding else ((), ())
    for fault in faults(tree, hidden):
        problem, hint, sure = fault.problem, fault.help, fault.certain
        related: tuple[Place, ...] = ()
        name = fault.subject[1:]
        if fault.kind == "unknown-function":
            if name in hidden:
                sure = sure and name in surely
                problem, hint = "a variable of that name takes the place of the function", f"rename the variable ${name}"
                related = tuple(Place(a.pointer, "set here", "key") for a in facts.variables.assignments if a.name == name)[:1]
            elif fault.subject[:1] == "$" and "Assign" in facts.document.text.content and name in facts.variables.bits:
                problem, hint = "a variable holds a value, never a function", None
        values = {"subject": fault.subject, "problem": problem}
        yield (
            _CODES[fault.kind],
            Match(site.pointer, values, within=_inside(fault.span), help=hint, sure=sure, related=related),
        )


def _hidden(site: Site, facts: "Facts", hiding: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of the names those that can be set before the site's state, and those that are on every way to it."""
    variables = facts.variables
    before = variables.before.get(site.state.pointer)
    if before is None:
        return (), ()
    known = variables.is_known(site.state.scope)
    return (
        tuple(name for name in hiding if before.may & variables.bits[name]),
        tuple(name for name in hiding if before.must & variables.bits[name] and known),
    )


def _missing_else(site: Site, tree: Expression) -> Iterator[Observed]:
    """A condition without ``:`` whose value is the whole expression's: where it does not hold there is none, and that fails."""
    node: Node = tree.body
    while True:
        if isinstance(node, Block) and node.expressions:
            node = node.expressions[-1]
        elif isinstance(node, Condition) and node.otherwise is not None:
            node = node.otherwise
        else:
            break
    if isinstance(node, Condition):
        test = " ".join(tree.text[node.test.start : node.test.end].split())
        values = {"condition": test if len(test) <= _SHOWN else test[: _SHOWN - 1] + "…"}
        within = _inside(Span(node.test.start, node.end))
        yield "condition-without-else", Match(site.pointer, values, within=within)


_TEMPLATE: Final = Pattern(r"\$\{\$[^{}]*\}|\{%[^%]*\$[^%]*%\}")


def _templates(site: Site, tree: Expression) -> Iterator[Observed]:
    """Texts that other languages would fill in: ``"Hello ${$states.input.name}"``, ``'{% $name %}'``."""
    for node in walk(tree):
        found = _TEMPLATE.search(tree.text, node.start, node.end) if type(node) is String else None
        if found is not None:
            values = {"text": shown(found[0]), "problem": "inside a text of JSONata nothing is filled in"}
            hint = "join the parts with &: 'text ' & value"
            yield "unevaluated-text", Match(site.pointer, values, within=_inside(Span(*found.span())), help=hint)


_ALWAYS_THERE: Final = frozenset({"input", "context"})


def _unavailable(site: Site, member: str) -> tuple[str, str | None, bool] | None:
    """Why a member of ``$states`` cannot be read in a field, a hint, and whether that is sure (S, F: facts of the language)."""
    results = site.field in ("Output", "Assign")
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
