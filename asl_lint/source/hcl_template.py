"""Terraform's string templates: ``${…}`` and ``%{…}`` in a quoted string, a heredoc or a file for ``templatefile``.

An interpolation becomes a placeholder ``${…}`` of its expression, ``$${`` a literal ``${``; nothing is evaluated. Strip markers
(``~``) take away blanks that JSON has no use for. Source: HCL's native syntax specification, "Templates". Linear in the text.
"""

import re
from collections.abc import Callable, Mapping

from asl_lint.late import Final, NamedTuple
from asl_lint.source.document import MISSING
from asl_lint.source.embedded import Pieces
from asl_lint.source.text import Span, Text

_MARK: Final = re.compile(r"\$\$\{|%%\{|[$%]\{")
_QUOTED_MARK: Final = re.compile(_MARK.pattern + r'|\\(?:[nrt"\\]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})')
_LITERAL: Final = re.compile(r"\$\{([^{}\n]*)\}")
_TOKEN: Final = re.compile(r'\\.|\$\$\{|%%\{|[$%]\{|[{}"]', re.DOTALL)
_SHORT: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_NOT_IN_A_NAME: Final = re.compile(r'["\\{}\x00-\x1f]+')
_ROOT: Final = re.compile(r"[A-Za-z_][\w-]*")
_BARE: Final = re.compile(r"(?!(?:true|false|null)\Z)[A-Za-z_][\w-]*\Z")
_PLAIN: Final = re.compile(r"[A-Za-z_][\w-]*(?:\s*\.\s*[\w-]+|\[[^\[\]]*\])*\Z")
"""A variable, with attributes and indices behind it."""


class Template(NamedTuple):
    """A template with placeholders in place of its interpolations.

    ``expressions``: placeholder's name -> the expression as written. ``literal``: what stands as ``$${Name}``. ``directive``: the
    place of the first ``%{…}``; what it decides is not known.
    """

    text: Text
    expressions: Mapping[str, str]
    literal: frozenset[str]
    directive: str | None


def read_template(text: Text, start: int = 0, end: int | None = None, *, quoted: bool = False, indent: int = 0) -> Template:
    """The template in a stretch of a file; ``quoted``: with a quoted string's escapes; ``indent``: columns that lines lose."""
    content, end = text.content, len(text.content) if end is None else end
    pieces = Pieces(text)
    expressions: dict[str, str] = {}
    literal: set[str] = set()
    directive: str | None = None
    done, mark = start, _QUOTED_MARK if quoted else _MARK
    while found := mark.search(content, done, end):
        at, behind = found.span()
        _put(pieces, text, done, at, indent)
        done = behind
        if found[0][0] == "\\":
            pieces.add_value(_unescaped(found[0]), Span(at, behind))
        elif len(found[0]) == 3:
            pieces.add(text, at + 1, behind)
            if name_of_literal := _LITERAL.match(content, behind - 2, end):
                literal.add(name_of_literal[1])
        else:
            last = closing(content, behind, end)
            done = min(last + 1, end)
            if found[0] == "%{":
                directive = directive or content[at:done].split("\n", 1)[0]
                continue
            expression = content[behind:last].strip().strip("~").strip()
            name = placeholder_name(expression)
            expressions[name] = expression
            pieces.add_value(f"${{{name}}}", Span(at, done))
    _put(pieces, text, done, end, indent)
    return Template(pieces.text(), expressions, frozenset(literal), directive)


def placeholder_name(expression: str) -> str:
    """What an expression is called as a placeholder: itself, without what a string of JSON or a placeholder cannot hold."""
    return " ".join(_NOT_IN_A_NAME.sub(" " if "\n" in expression else "", expression).split()) or "expression"


def indent_of(content: str, start: int, end: int) -> int:
    """The columns that ``<<-`` takes from every line: as many as the line with the fewest leading blanks has."""
    lines = content[start:end].split("\n")
    return min((len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()), default=0)


def is_bare(expression: str) -> bool:
    """Whether an expression is a name alone, to which a module has nothing: its references say of what they are (``var.x``)."""
    return _BARE.match(expression) is not None


class Filled(NamedTuple):
    """What fills in the placeholders of a template, None where nobody knows; and which variables it never uses."""

    substitutions: Mapping[str, object] | None
    unused: tuple[str, ...]


def fill_in(template: Template, variables: Mapping[str, object] | None) -> Filled:
    """What ``templatefile`` fills in, given its variables (MISSING: of unknown value). A name that is no variable stays open."""
    if variables is None:
        return Filled(None, ())
    filled: dict[str, object] = dict.fromkeys(template.literal, MISSING)
    used: set[str] = set()
    for name, expression in template.expressions.items():
        roots = _ROOT.findall(expression)
        used.update(roots)
        if expression in variables:
            filled[name] = variables[expression]
        elif not _PLAIN.match(expression) or roots[0] in variables:
            filled[name] = MISSING
    # A variable that no placeholder names still counts for the near name of one that is misspelled.
    unused = tuple(name for name in variables if name not in used)
    return Filled({**dict.fromkeys(unused, MISSING), **filled}, unused)


def references(template: Template, known: Callable[[str], object]) -> dict[str, object]:
    """What fills in the interpolations of a string in a module, with the values that are ``known``."""
    values = {name: known(expression) for name, expression in template.expressions.items() if not is_bare(expression)}
    return {**dict.fromkeys(template.literal, MISSING), **values}


def fits_raw_text(value: object) -> bool:
    """Whether a value means the same in the text of a JSON string as in the string: it has nothing that JSON escapes."""
    return not isinstance(value, str) or not _NOT_IN_A_NAME.search(value)


def _put(pieces: Pieces, text: Text, start: int, end: int, indent: int) -> None:
    if not indent:
        pieces.add(text, start, end)
        return
    content, at = text.content, start
    while at < end:
        if at == 0 or content[at - 1] == "\n":
            blanks = 0
            while blanks < indent and at < end and content[at] in " \t":
                at, blanks = at + 1, blanks + 1
        line_end = content.find("\n", at, end)
        line_end = end if line_end < 0 else line_end + 1
        pieces.add(text, at, line_end)
        at = line_end


def closing(content: str, at: int, end: int) -> int:
    """Where the ``}`` is that closes the expression from ``at`` on; ``end`` if nothing does."""
    in_string = [False]
    for found in _TOKEN.finditer(content, at, end):
        token = found[0]
        if in_string[-1]:
            if token == '"':
                in_string.pop()
            elif token in ("${", "%{"):
                in_string.append(False)
        elif token == '"':
            in_string.append(True)
        elif token == "}":
            in_string.pop()
            if not in_string:
                return found.start()
        elif token[-1] == "{":
            in_string.append(False)
    return end


def _unescaped(escape: str) -> str:
    if escape[1] not in "uU":
        return _SHORT[escape[1]]
    code = int(escape[2:], 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"
