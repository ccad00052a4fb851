"""``placeholders-resolved@1``: every ``${Name}`` is filled in by the deployment; or everything that it fills in is there.

Judged only where somebody has said what is filled in. Comments do not count: nobody evaluates them. One walk over the definition,
and none where its text has no placeholder.
"""

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Final

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match, NotJudged
from asl_lint.near import near
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import Pointer
from asl_lint.source.placeholders import Placeholder, is_template_function
from asl_lint.source.text import Span

_NAME: Final = re.compile(r"\$\{((?:[\w.-]|::)+)\}")
"""What deployment tools take for a name; ``${a: b}`` in JSONata is none."""


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("name",))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match | NotJudged]:
    substitutions = facts.workflow.substitutions
    if parameters.get("unused"):
        yield from _unused(facts)
        return
    if "${" not in facts.document.text.content:
        return
    for match in _left(facts, parameters.get("other-names", ())):
        if substitutions is None:
            yield NotJudged("substitutions")
            return
        if match.values["name"] not in substitutions:
            meant = near(match.values["name"], sorted(substitutions))
            yield match._replace(help=f'did you mean "${{{meant}}}"?' if meant else None)


def _left(facts: Facts, other_names: Iterable[str]) -> Iterator[Match]:
    """Every placeholder of the definition as it stands after filling in, in the order of the text."""
    pending: list[tuple[object, Pointer]] = [(facts.document.value, ())]
    while pending:
        value, pointer = pending.pop()
        if isinstance(value, dict):
            if is_template_function(value):
                continue  # what stands in it the template itself fills in
            for key in value:
                yield from _in_text(key, (*pointer, key), other_names, is_key=True)
            pending += [(member, (*pointer, key)) for key, member in reversed(list(value.items())) if key != "Comment"]
        elif isinstance(value, list):
            pending += [(value[i], (*pointer, i)) for i in range(len(value) - 1, -1, -1)]
        elif isinstance(value, str):
            yield from _in_text(value, pointer, other_names)
        elif isinstance(value, Placeholder):
            yield from _in_text(value.text, pointer, other_names, is_quoted=False)


def _in_text(
    text: str, pointer: Pointer, other_names: Iterable[str], *, is_key: bool = False, is_quoted: bool = True
) -> Iterator[Match]:
    if "${" not in text:
        return
    for found in _NAME.finditer(text):
        if any(fnmatchcase(found[1], glob) for glob in other_names):
            continue
        values = {"name": found[1]}
        if is_key:
            yield Match(pointer, values, "key")
        else:
            yield Match(pointer, values, within=Span(*found.span()) if is_quoted else None)


def _unused(facts: Facts) -> Iterator[Match]:
    content = facts.document.text.content
    for name in facts.workflow.declared:
        if f"${{{name}}}" not in content:
            yield Match((), {"name": name}, "key")


KIND: Final = Kind(
    name="placeholders-resolved@1",
    summary="Every ${Name} of the definition is filled in by the deployment.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "other-names": {
                "description": "Names that something else fills in, or that stay: globs.",
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": {"type": "string", "minLength": 1},
            },
            "unused": {
                "description": "Report instead what is filled in for this definition and does not occur in it.",
                "const": True,
            },
        },
    },
    values=_values,
    check=_check,
)
