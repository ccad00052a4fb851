"""Texts that look like a path, a call or an expression where nothing evaluates them: they reach their reader as they are written.

The service warns of some when a machine is created: NO_DOLLAR (a path under a key without ``.$``), NO_PATH (a path in a field
whose name does not end in ``Path``), PASS_RESULT_IS_STATIC (ValidateStateMachineDefinition). Linear.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from asl_lint.facts.match import Match
from asl_lint.facts.sites import TEXTS, Holding
from asl_lint.facts.values import shown
from asl_lint.late import TYPE_CHECKING, Any, Final, Literal, NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer
from asl_lint.source.placeholders import has_placeholder
from asl_lint.source.text import Span

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]

_STEPS: Final = r"(?:\.{1,2}[^\W\d][\w-]*|\.\*|\[[\d*]+\]|\[-?\d*:-?\d*\]|\['[^']+'\]|\[\?\([^\[\]]+\)\])"
# Patterns are compiled when first asked: most definitions have no text that needs them.
_PATH: Final = rf"\$\$?(?!\[\*){_STEPS}+\Z"
_CALL: Final = r"States\.[A-Za-z]\w*\([\s\S]*\)\Z"
_EXPRESSION: Final = r"\{%[\s\S]*?%\}"
_STATES: Final = r"\$states\.(?:input|context|result|errorOutput)\b"
_FUNCTION: Final = r"\$([a-zA-Z]\w*)\([\s\S]*\)\Z"
_VARIABLE: Final = rf"\$([^\W\d]\w*){_STEPS}*\Z"
_TEMPLATE_WORD: Final = r"-?\s*(?:if|elif|else|endif|for|endfor|set|block|endblock|macro|include|extends|raw)\b(?!\s*[(.=])"
"""How statements of Jinja and its like begin behind the delimiter, which is the same."""
_OF_OTHERS: Final = frozenset({"InputPath", "InputPathsMap", "InputTransformer", "Expression", "FilterPattern"})
"""Members of calls that hold paths for the service that is called, besides those whose name says JSONPath."""

_Kind = Literal["path", "call", "states", "function", "variable", "expression", "blanks", "within", "half"]


class _Finder:
    """Says what a text looks like. ``names`` of variables are asked for when a text looks like one."""

    __slots__ = ("_facts", "_names")

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts
        self._names: Mapping[str, int] | None = None

    def kind(self, text: str) -> tuple[_Kind, Span | None] | None:
        """What the text looks like, and where that stands if not everywhere; None for a text like others."""
        if text[:1] == "$":
            return self._dollar(text)
        if text[:7] == "States." and re.match(_CALL, text):
            return "call", None
        if "{%" in text and "%}" in text:
            return _delimited(text)
        return None

    def _dollar(self, text: str) -> tuple[_Kind, Span | None] | None:
        if re.match(_PATH, text):
            return "path", None
        if text[:2] == "$$":
            return None
        if text[:8] == "$states." and re.match(_STATES, text):
            return "states", None
        if text[-1] == ")" and (match := re.match(_FUNCTION, text)):
            from asl_lint.expressions.jsonata.functions import SIGNATURES

            return ("function", None) if match[1] in SIGNATURES else None
        if (match := re.match(_VARIABLE, text)) and match[1] in self._variables():
            return "variable", None
        return None

    def _variables(self) -> Mapping[str, int]:
        if self._names is None:
            self._names = self._facts.variables.bits if "Assign" in self._facts.document.text.content else {}
        return self._names


def _delimited(text: str) -> tuple[_Kind, Span | None] | None:
    match = re.search(_EXPRESSION, text)
    if match is None or re.match(_TEMPLATE_WORD, match[0].removeprefix("{%")):
        return None
    if text.startswith("{%") and text.endswith("%}"):
        return "expression", None
    stripped = text.strip()
    if stripped.startswith("{%") and stripped.endswith("%}"):
        first = len(text) - len(text.lstrip())
        return "blanks", Span(first, first + len(stripped))
    return "within", Span(*match.span())


def _is_suspect(text: str) -> bool:
    """Whether the text may look like anything at all."""
    first = text[:1]
    return (first == "$" or first == "S" or "{%" in text) and not has_placeholder(text)


def _is_suspect_in_jsonata(text: str) -> bool:
    """The same where a text between delimiters is an expression."""
    if text[:2] == "{%" and text[-2:] == "%}":
        return False
    return _is_suspect(text)


def static_text_faults(facts: "Facts") -> Iterator[Observed]:
    """Observations about texts that look as if they were evaluated."""
    finder = _Finder(facts)
    for state, holdings in facts.holdings:
        if state.language == "JSONata":
            yield from _in_jsonata(holdings, finder)
        else:
            yield from _in_jsonpath(state, holdings, finder)


_HOLDING: Final = (dict, list)


class _Suspect(NamedTuple):
    """A text that may look like what it is not, its place, and the key above it ('' for the payload itself).

    ``is_key``: it is itself a key, one that ends in ``.$``.
    """

    text: str
    pointer: Pointer
    key: str
    is_key: bool = False


def _suspects(
    value: object, pointer: Pointer, *, keys: bool, is_suspect: Callable[[str], bool] = _is_suspect
) -> Iterator[_Suspect]:
    """The texts of a payload worth a look; not those that the called service reads, nor what a placeholder makes.

    ``keys``: nothing evaluates a key that ends in ``.$``; such keys, and what they hold, are given as well.
    """
    pending: list[tuple[object, Pointer, str]] = [(value, pointer, "")]
    while pending:
        inner, at, key = pending.pop()
        if isinstance(inner, str):
            if is_suspect(inner):
                yield _Suspect(inner, at, key)
        elif isinstance(inner, dict):
            for name, member in reversed(inner.items()):
                if name.endswith(".$"):
                    if keys:
                        yield _Suspect(name, (*at, name), key, True)
                        if not isinstance(member, str):
                            pending.append((member, (*at, name), name))
                elif (
                    (is_suspect(member) if isinstance(member, str) else isinstance(member, _HOLDING))
                    and name not in _OF_OTHERS
                    and not name.lower().replace("_", "").endswith("jsonpath")
                ):
                    pending.append((member, (*at, name), name))
        elif isinstance(inner, list):
            pending += [(inner[i], (*at, i), key) for i in range(len(inner) - 1, -1, -1)]


def _observed(text: str, pointer: Pointer, problem: str, hint: str | None, within: Span | None = None) -> Observed:
    return "unevaluated-text", Match(pointer, {"text": shown(text), "problem": problem}, within=within, help=hint)


# --- JSONPath states --------------------------------------------------------------------------------------------------------

_NO_JSONATA: Final = 'set "QueryLanguage": "JSONata" for the state'
_FIXED: Final[Mapping[str, tuple[str, str]]] = {
    "Error": ("Error is given as it is written", "ErrorPath takes a path, or a call that gives a string"),
    "Cause": ("Cause is given as it is written", "CausePath takes a path, or a call that gives a string"),
}


def _in_jsonpath(state: State, holdings: Sequence[Holding], finder: _Finder) -> Iterator[Observed]:
    body, pointer = state.body, state.pointer
    for holding in holdings:
        if holding.how == "template":
            for suspect in _suspects(holding.value, holding.pointer, keys=False):
                yield from _in_template(suspect, finder)
    if state.type == "Pass" and "Result" in body:
        yield from _in_result(body["Result"], (*pointer, "Result"), finder)
    elif state.type == "Fail":
        for field, (problem, hint) in _FIXED.items():
            yield from _in_field(body.get(field), (*pointer, field), problem, hint, finder)
    elif state.type == "Choice":
        yield from _in_rules(body.get("Choices"), (*pointer, "Choices"), finder)


def _in_template(text: _Suspect, finder: _Finder) -> Iterator[Observed]:
    found = finder.kind(text.text)
    if found is None:
        return
    kind, within = found
    if kind in ("path", "call", "variable"):
        what = {"path": "a path", "call": "a call", "variable": "a variable"}[kind]
        if text.key:
            problem = f"a key without .$ makes a text of {what}"
            is_member = isinstance(text.pointer[-1], str)
            hint = f'write "{text.key}.$"' if is_member else "in an array, States.Array puts values together"
        else:
            problem = f"{text.pointer[-1]} is given as it is written"
            hint = "InputPath takes a path; or write an object with keys in .$"
        yield _observed(text.text, text.pointer, problem, hint)
    elif _is_jsonata(kind, text.text):
        yield _observed(text.text, text.pointer, "a JSONPath state evaluates no JSONata", _NO_JSONATA, within)


def _is_jsonata(kind: _Kind, text: str) -> bool:
    """Whether a text in a JSONPath state can only be meant for JSONata; text about templates may hold their delimiters."""
    return kind in ("expression", "states", "blanks") or (kind == "within" and "$states." in text)


def _in_field(value: object, pointer: Pointer, problem: str, hint: str, finder: _Finder) -> Iterator[Observed]:
    if not isinstance(value, str) or has_placeholder(value):
        return
    found = finder.kind(value)
    if found is not None:
        kind, within = found
        if kind in ("path", "call", "variable"):
            yield _observed(value, pointer, problem, hint)
        elif _is_jsonata(kind, value):
            yield _observed(value, pointer, "a JSONPath state evaluates no JSONata", _NO_JSONATA, within)


def _in_result(result: object, pointer: Pointer, finder: _Finder) -> Iterator[Observed]:
    problem, hint = "the Result of a Pass state is given as it is written", "Parameters evaluates paths and calls"
    for suspect in _suspects(result, pointer, keys=True):
        if suspect.is_key:
            yield "unevaluated-text", Match(suspect.pointer, {"text": shown(suspect.text), "problem": problem}, "key", help=hint)
        else:
            yield from _in_field(suspect.text, suspect.pointer, problem, hint, finder)


def _in_rules(choices: object, pointer: Pointer, finder: _Finder) -> Iterator[Observed]:
    pending: list[tuple[Any, Pointer]] = [(choices, pointer)]
    while pending:
        rule, at = pending.pop()
        if isinstance(rule, list):
            pending += [(rule[i], (*at, i)) for i in range(len(rule) - 1, -1, -1)]
        elif isinstance(rule, Mapping):
            pending += [(rule[field], (*at, field)) for field in ("And", "Or", "Not") if field in rule]
            for field, operand in rule.items():
                if isinstance(operand, str) and field.startswith("String") and _is_suspect(operand):
                    if field.endswith("Path"):
                        continue
                    # There is no StringMatchesPath.
                    hint = "StringEqualsPath takes a path" if field == "StringMatches" else f"{field}Path takes a path"
                    yield from _in_field(operand, (*at, field), f"{field} compares with the text itself", hint, finder)


# --- JSONata states ---------------------------------------------------------------------------------------------------------


def _in_jsonata(holdings: Sequence[Holding], finder: _Finder) -> Iterator[Observed]:
    for holding in holdings:
        if holding.how == "payload":
            value = holding.value
            if not (_is_suspect_in_jsonata(value) if isinstance(value, str) else isinstance(value, _HOLDING)):
                continue
            found = _suspects(value, holding.pointer, keys=True, is_suspect=_is_suspect_in_jsonata)
            for text, at, _, is_key in found:
                if is_key:
                    values = {"text": shown(text), "problem": "in a JSONata state .$ is a part of the name"}
                    yield "unevaluated-text", Match(at, values, "key", help=f'write "{text[:-2]}" and an expression in {{% … %}}')
                else:
                    yield from _in_payload(text, at, finder)
        elif holding.field in TEXTS and isinstance(holding.value, str) and _is_suspect_in_jsonata(holding.value):
            yield from _in_payload(holding.value, holding.pointer, finder)


def _in_payload(text: str, pointer: Pointer, finder: _Finder) -> Iterator[Observed]:
    found = finder.kind(text)
    # What one delimiter is missing of is told as half an expression.
    if found is None or ("%}" in text) != ("{%" in text):
        return
    kind, within = found
    if kind == "blanks":
        problem, hint = "with blanks around its delimiters an expression is a text", "write {% first and %} last"
    elif kind == "within":
        problem, hint = "an expression inside a longer text is not evaluated", _as_one_expression(text)
    else:
        problem = "a JSONata state evaluates only what stands in {% … %}"
        if kind == "path":
            root = "$states.context" if text[:2] == "$$" else "$states.input"
            hint = f"write {{% {root}{text.lstrip('$')} %}}"
        else:
            hint = "JSONata has functions of its own" if kind == "call" else f"write {{% {text} %}}"
    yield _observed(text, pointer, problem, hint, within)


def _as_one_expression(text: str) -> str:
    """The text as one expression that joins its parts, where that is short and plain enough to be shown."""
    general = "make one expression of the whole: {% 'text ' & value %}"
    parts: list[str] = []
    at = 0
    for match in re.finditer(_EXPRESSION, text):
        inner = match[0][2:-2].strip()
        simple = re.fullmatch(r"[\w$.]+", inner) is not None
        parts += [f"'{text[at : match.start()]}'"] * (match.start() > at) + [inner if simple else f"({inner})"]
        at = match.end()
    parts += [f"'{text[at:]}'"] * (at < len(text))
    joined = f"{{% {' & '.join(parts)} %}}"
    return general if len(joined) > 80 or re.search(r"[\\'\n]", text) else f"write {joined}"
