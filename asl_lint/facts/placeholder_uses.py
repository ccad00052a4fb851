"""Where a definition has placeholders, in the order of its text. One walk, linear in the definition."""

from collections.abc import Iterator

from asl_lint.late import Final, NamedTuple, Pattern
from asl_lint.source.document import Pointer
from asl_lint.source.placeholders import Placeholder, is_template_function
from asl_lint.source.text import Span

_NAME: Final = r"\$\{((?:[\w.-]|::)+)\}"
"""What deployment tools take for a name; ``${a: b}`` in JSONata is none."""
_SERVERLESS: Final = r"\$\{((?:self|opt|file|sls|env|param|cf|ssm|s3|git)(?:\.[\w-]+)?(?:\([^(){}\n]*\))?:?[^\s{}][^{}\n]*)\}"
_TERRAFORM: Final = r"\$\{((?:var|local|data|module|each|path|terraform|aws_\w+)\.[^{}\n]+)\}"
_SERVERLESS_ONLY: Final = Pattern(r"(?:self|opt|file|sls|env|param|cf|ssm|s3|git)(?:\.[\w-]+)?[(:]")
_TERRAFORM_ONLY: Final = Pattern(r"(?:var|local|data|module|each|path|terraform|aws_\w+)\.")
_WRITTEN: Final = r"(?:\{\{-?\s*([A-Za-z_][\w.]*)[^{}:\n]*\}\}|<%=\s*([^%\n]*?)\s*%>)"
"""Variables of what writes a text before it is a definition: Jinja and Handlebars, ERB and EJS."""
_USE: Final = Pattern(f"{_NAME}|{_SERVERLESS}|{_TERRAFORM}|{_WRITTEN}")
_PLAIN_USE: Final = Pattern(_NAME)


class Use(NamedTuple):
    """One placeholder: ``pointer`` leads to the string or value, for a key to its member.

    ``text`` is it as written, ``within`` its characters in the decoded string (None in a key, or without quotes).
    ``is_whole``: the string is nothing else.
    """

    name: str
    text: str
    pointer: Pointer
    within: Span | None = None
    is_key: bool = False
    is_whole: bool = False
    is_quoted: bool = True


def uses(value: object) -> Iterator[Use]:
    """The placeholders of a definition, but for those in comments, which nobody evaluates, and in functions of a template."""
    pending: list[tuple[object, Pointer]] = [(value, ())]
    while pending:
        found, pointer = pending.pop()
        if isinstance(found, dict):
            if is_template_function(found):
                continue  # what stands in it the template itself fills in
            for key in found:
                if _may_hold_one(key):
                    yield from (Use(name, key[slice(*span)], (*pointer, key), is_key=True) for name, span in _names(key))
            pending += [
                (member, (*pointer, key))
                for key, member in reversed(found.items())
                if key != "Comment" and (type(member) is not str or _may_hold_one(member))
            ]
        elif isinstance(found, list):
            pending += [
                (found[i], (*pointer, i))
                for i in range(len(found) - 1, -1, -1)
                if type(found[i]) is not str or _may_hold_one(found[i])
            ]
        elif isinstance(found, str):
            for name, span in _names(found):
                yield Use(name, found[slice(*span)], pointer, span, is_whole=span == (0, len(found)))
        elif isinstance(found, Placeholder):
            yield from (Use(name, found.text[slice(*span)], pointer, is_quoted=False) for name, span in _names(found.text))


def tool_of(name: str) -> str | None:
    """The tool whose variable a name is by its form, if that is none for CloudFormation."""
    if _SERVERLESS_ONLY.match(name):
        return "the Serverless Framework"
    return "Terraform" if _TERRAFORM_ONLY.match(name) else None


def _may_hold_one(text: str) -> bool:
    return "${" in text or "{{" in text or "<%=" in text


def _names(text: str) -> Iterator[tuple[str, Span]]:
    # In an expression of JSONata ``$`` can be the context, and ``{…}`` behind it make objects of it.
    pattern = _PLAIN_USE if text.startswith("{%") else _USE
    for found in pattern.finditer(text):
        yield found[found.lastindex or 0], Span(*found.span())
