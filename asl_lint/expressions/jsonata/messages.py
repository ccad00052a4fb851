"""The wording of a JSONata error: one line that says what is wrong, and what to write instead.

Whatever other languages have and JSONata 2.0.6 has not is recognised from the text around the error. Read only when there is one.
"""

import re

from asl_lint.expressions.jsonata.other_syntax import SIGNS, WORDS
from asl_lint.late import Final, Pattern

_SHOWN: Final = 40
"""Characters of the text that a message quotes at most."""

_WORD_BEFORE: Final = Pattern(r"([A-Za-z]+)\s*\Z")
_WORD_AT: Final = Pattern(r"[A-Za-z]+")
_STATEMENT: Final = Pattern(r"(?<![$.\w`'\"])(if|for|foreach|while)\s*\(")
_ELSEWHERE_PATTERN: Final = Pattern("|".join(re.escape(sign) for sign, _, _ in sorted(SIGNS, key=lambda row: -len(row[0]))))
_OPENERS: Final = {")": "(", "]": "[", "}": "{", "|": "|", ">": "<"}


def describe(code: str, text: str, start: int, end: int, expected: str = "", opener: int | None = None) -> tuple[str, str]:
    """The message and the help for an error at ``start:end``.

    ``expected`` is the token that had to stand there (or, for a pattern, the fault); ``opener`` is where the bracket
    stands that it would close.
    """
    message, advice = _plain(code, text, start, end, expected, opener)
    if code in ("S0201", "S0202", "S0203", "S0204", "S0207", "S0211", "S0301", "S0302"):
        found = _elsewhere(text, start, end)
        if found is not None:
            return found
        advice = _word(text, start) or advice
    return message, advice


def sign_at(text: str, start: int) -> tuple[str, str, str] | None:
    """The sign of another language that an error at ``start`` is part of, with what to say of it and what to write."""
    for at in range(max(start - 2, 0), start + 1):
        match = _ELSEWHERE_PATTERN.match(text, at)
        if match is not None and match.end() >= min(start + 1, len(text)) and match.start() <= start:
            return next(row for row in SIGNS if row[0] == match[0])
    return None


def _elsewhere(text: str, start: int, end: int) -> tuple[str, str] | None:
    """What another language's sign at an error means, if there is one."""
    found = sign_at(text, start)
    if found is not None:
        sign, verdict, advice = found
        return f"`{sign}` {verdict}", advice
    if text.startswith("//", max(start - 1, 0)):
        return "`//` begins no comment in JSONata", "Write /* comment */, or remove it"
    if text.startswith("//", start):
        return "`//` begins no comment in JSONata", "Write /* comment */, or remove it"
    if text.startswith("%}", max(start - 1, 0)) or (text.startswith("{%") and end < 9):
        return "`{%` and `%}` stand around an expression, not in it", "Remove the delimiters from the expression"
    if text[start:end] == ".." and text[:start].rstrip().endswith("$"):
        return "`$..` is JSONPath, not JSONata", "Write `**` for everything below: $states.input.**.name"
    return None


def _word(text: str, start: int) -> str:
    """The help for a word of another language that stands before the error, or at it."""
    at = _WORD_AT.match(text, start)
    if at is not None and at[0] in WORDS:
        return WORDS[at[0]]
    before = _WORD_BEFORE.search(text, max(start - 20, 0), start)
    if before is not None and text[before.start() - 1 : before.start()] not in ("$", ".", "`", "'", '"'):
        return WORDS.get(before[1], "")
    return ""


def _plain(code: str, text: str, start: int, end: int, expected: str, opener: int | None) -> tuple[str, str]:
    found = _quote(text[start:end])
    match code:
        case "S0101":
            return _unterminated_string(text, start)
        case "S0102":
            return f"{found} is larger than any number that JSONata holds", "Write a number below 1.8e308"
        case "S0103":
            return _escape(text, start, end)
        case "S0104":
            return (
                f"{found} needs four hexadecimal digits",
                "Write \\u and four digits, such as \\u00e9; for a backslash write \\\\",
            )
        case "S0105":
            return (
                "The name that opens with a backquote never ends",
                "Put a backquote behind the name; strings stand between quotes",
            )
        case "S0106":
            return "The comment that opens here never ends", "Put */ behind it"
        case "S0201":
            return _unexpected(text, start, end)
        case "S0202":
            return _instead(text, start, end, expected, opener)
        case "S0203":
            return _cut_off(text, expected, opener)
        case "S0204":
            if found == "`!`":
                return "`!` is not an operator of JSONata", "Write $not(…) for a boolean, `!=` to compare"
            return f"{found} is not an operator of JSONata", "Write `~>` to apply a function: value ~> $function"
        case "S0207":
            return _ends_early(text)
        case "S0208":
            return f"The parameter {found} of the function is not a variable", "Write parameters with a `$`: function($x){ … }"
        case "S0209":
            return f"The filter {found} cannot follow a grouping", "Put the grouping between parentheses: (items{…})[…]"
        case "S0210":
            return f"{found} is a second grouping of the same values", "Put the first one between parentheses: (items{…}){…}"
        case "S0211":
            return _no_operand(text, start, end)
        case "S0212":
            name = text[start:end]
            example = f"${name} := …" if name.isidentifier() else "$name := …"
            return f"{found} cannot be bound: on the left of `:=` stands a variable", f"Write {example}; to compare write `=`"
        case "S0213":
            return (
                f"{found} cannot be a step of a path",
                f"Write an index between brackets: [{text[start:end]}]; a name between quotes",
            )
        case "S0214":
            return _binding(text, start, end, expected)
        case "S0215":
            return f"The binding {found} must stand before the filter of its step", "Write items@$x[…], the binding first"
        case "S0216":
            return f"The binding {found} must stand before the order of its step", "Write items@$x^(…), the binding first"
        case "S0217":
            return (
                "`%` has no parent here: nothing before it in the path leads to an object",
                "Use as many `%` as there are steps before",
            )
        case "S0301":
            return "An empty regular expression", "Write a pattern between the slashes: /pattern/"
        case "S0302":
            return "The regular expression that opens here never ends", "Put `/` behind it; a slash inside is written \\/"
        case "S0401":
            return f"The signature {found} gives a subtype to a type that has none", "Only `a` and `f` take one: <a<n>:n>"
        case "S0402":
            return f"The signature {found} has a subtype inside a choice", "Write the types of a choice alone: <(sn):s>"
        case "bad-regex":
            if text[start : start + 1] == "<":
                return f"The signature {found} repeats a mark", "Give each parameter at most one of `-`, `?`, `+`"
            return _pattern(found, expected)
        case _:
            return _too_deep()


def _pattern(found: str, fault: str) -> tuple[str, str]:
    if fault == "repeated flags":
        return f"The regular expression {found} repeats a flag", "Write each flag once: /pattern/i, /pattern/im"
    return (
        f"The regular expression {found} is not valid: {fault}",
        "Put a backslash before a sign that stands for itself: \\( \\[ \\* \\+ \\?",
    )


def _quote(text: str) -> str:
    line = " ".join(text.split())
    return f"`{line}`" if len(line) <= _SHOWN else f"`{line[: _SHOWN - 1]}…`"


def _unterminated_string(text: str, start: int) -> tuple[str, str]:
    quote = text[start]
    before = text[start - 1 : start]
    if quote == "'" and before.isalnum():
        return (
            f"A string opens at {_quote(text[start : start + 12])} and never ends",
            "Write a string with " + "`'` in it between double quotes",
        )
    return (
        f"The string that opens at character {start + 1} never ends",
        f"Put {quote} behind it; a string that holds {quote} stands between {_other(quote)}, or has \\u{ord(quote):04x} for it",
    )


def _other(quote: str) -> str:
    return "double quotes" if quote == "'" else "single quotes"


def _escape(text: str, start: int, end: int) -> tuple[str, str]:
    sequence = text[start:end]
    if sequence == "\\'":
        return "`\\'` is not an escape of JSONata", 'Put the string between double quotes: "it\'s"'
    if sequence == "\\":
        return "The string ends in the middle of an escape", "Write \\\\ for a backslash, and the closing quote"
    if not sequence[1:].isprintable():
        return (
            "A backslash before a line break or a control character is not an escape of JSONata",
            "Remove it: a string may run over several lines",
        )
    return f"{_quote(sequence)} is not an escape of JSONata", f"Write \\{sequence} for a backslash and what follows it"


def _unexpected(text: str, start: int, end: int) -> tuple[str, str]:
    token = text[start:end]
    found = _quote(token)
    if token in (")", "]", "}"):
        return f"{found} closes nothing", f"Remove it, or open with `{_OPENERS[token]}`"
    if token == ";":
        return "`;` separates expressions only between parentheses", "Write ($x := 1; $x + 1)"
    if token == ",":
        return "`,` separates nothing here", "Put a list between brackets: [a, b]; arguments behind a function: $f(a, b)"
    if token == ":":
        return "`:` belongs to no `?` and no object", 'Write condition ? value : other, or { "key": value }'
    if token == "..":
        return "A range stands between brackets", "Write [first..last]"
    if token.startswith("|"):
        return "`|` stands only around a transform", "Write value ~> |pattern|update|; or `or` for booleans"
    return f"{found} follows where an operator must stand", _missing_operator(text, start, end)


def _missing_operator(text: str, start: int, end: int) -> str:
    before = text[:start].rstrip()
    statement = _STATEMENT.search(text, 0, start)
    if statement is not None and before.endswith(")"):
        return WORDS[statement[1]]
    if text[start:end] == "**":
        return "Write $power(a, b); `**` is a step of a path"
    if before.endswith("'") or "'" in text[start:end]:
        return 'Is a quote inside the string? Put the string between the other quotes: "it\'s". Two strings are joined by `&`'
    if before.endswith('"') or '"' in text[start:end]:
        return "Is a quote inside the string? Put the string between the other quotes. Two strings are joined by `&`"
    return "Write an operator between the two, or a comma in a list; a name with blanks or signs stands between backquotes"


def _instead(text: str, start: int, end: int, expected: str, opener: int | None) -> tuple[str, str]:
    found = _quote(text[start:end])
    token = text[start:end]
    if opener is None:
        if expected == "{":
            return f"{found} stands where the body of the function must open", "Write function($x){ … }"
        return f"{found} stands where `{expected}` must stand", "Write items^(key) for an order, $power(a, b) for a power"
    place = f"`{text[opener]}` at character {opener + 1}"
    if expected == ":":
        advice = 'Write { "key": value }'
        if token == "=":
            advice = 'Write `:` between key and value: { "key": value }'
        elif text[opener - 1 : opener] == "$":
            advice = "Write $name for a variable; `${…}` is not JSONata"
        return f"{found} stands where `:` must follow the key (the object opens with {place})", advice
    if token in (")", "]", "}"):
        return f"{found} does not close {place}", f"Write `{expected}` before it"
    if token == ":" and expected == "]":
        return f"`:` stands where `]` must close {place}: JSONata has no slices", "Write items[[0..2]] for the first three"
    if token == ";" and expected == ")":
        return f"`;` stands where `)` must close {place}", "Separate arguments with `,`; `;` stands only in a block ( … ; … )"
    if token == "," and expected == ")" and text[:opener].rstrip().endswith((" in", ")in")):
        return f"`,` stands where `)` must close {place}", "Write an array: a in [b, c]"
    if token == "," and expected == ")":
        return f"`,` stands where `)` must close {place}", "Separate the expressions of a block with `;`: ($x := 1; $x)"
    if token == ";" and expected == "}" and _opens_function(text, opener):
        return (
            f"`;` stands where `}}` must close {place}",
            "Put several expressions between parentheses: function($x){ ( … ; … ) }",
        )
    return f"{found} stands where `{expected}` must close {place}", _missing_operator(text, start, end) if token[
        :1
    ] not in "=<>+-*/&|?:" else ""


def _opens_function(text: str, opener: int) -> bool:
    return text[:opener].rstrip().endswith((")", ">"))


def _cut_off(text: str, expected: str, opener: int | None) -> tuple[str, str]:
    if opener is None:
        if expected == "{":
            return "The function has no body", "Write function($x){ … }"
        return f"The expression ends where `{expected}` must follow", "Write items^(key), with parentheses"
    place = f"`{text[opener]}` at character {opener + 1}"
    if expected == ":":
        return f"The expression ends inside the object that opens with {place}", 'Write { "key": value }'
    return f"{place} is never closed", f"Write `{expected}` where it ends"


def _ends_early(text: str) -> tuple[str, str]:
    before = text.rstrip()
    if not before:
        return "The expression is empty", "Write a value, or remove the delimiters around it"
    last = before[-1]
    if last == ".":
        return "The expression ends where a name must follow `.`", "Write the name of the field, or remove the `.`"
    sign = before[-2:] if before[-2:] in (":=", "!=", "<=", ">=", "~>", "**") else last
    word = _WORD_BEFORE.search(before, max(len(before) - 20, 0))
    if word is not None:
        sign = word[1]
    return f"The expression ends where a value must follow `{sign}`", "Write the value, or remove the operator"


def _no_operand(text: str, start: int, end: int) -> tuple[str, str]:
    token = text[start:end]
    found = _quote(token)
    before = text[:start].rstrip()
    last = before[-1:]
    if token in (")", "]", "}"):
        if last == ",":
            return f"A comma stands before {found}", "Remove the comma"
        if not last:
            return f"{found} closes nothing", f"Remove it, or open with `{_OPENERS[token]}`"
        return f"{found} stands where a value must follow `{last}`", "Write the value, or remove the operator"
    if token in (",", ";", ":") and last:
        if last == token or last in "([{":
            return f"Nothing stands before {found}", f"Remove the {found}, or write a value before it"
        return f"{found} stands where a value must follow `{last}`", "Write the value, or remove the operator"
    if token == "/":
        return (
            "A regular expression cannot open a block, an array or an object in JSONata 2.0.6",
            "Bind it before, or pass it to a function",
        )
    if token == "@":
        return "`@` stands behind a step of a path and binds it", "Write items@$x; the context is `$`"
    if token == "#":
        return "`#` stands behind a step of a path and binds its position", "Write items#$i; a comment is /* … */"
    if token == ".":
        return (
            "`.` stands where a value must begin",
            "Write what it is a field of: $states.input.name; a number begins with a digit: 0.5",
        )
    if token == "?":
        return "`?` stands where a value must begin", "Write condition ? value : other"
    if not last or last in "([{,;:":
        return f"{found} stands where a value must begin", f"Write a value before {found}"
    return f"{found} stands where a value must follow `{last}`", "Write the value, or remove the operator"


def _binding(text: str, start: int, end: int, sign: str) -> tuple[str, str]:
    what = "the value" if sign == "@" else "the position"
    if start >= len(text):
        return f"No variable follows `{sign}`", f"Write items{sign}$name to bind {what}"
    name = text[start:end]
    return (
        f"{_quote(name)} is not a variable, and `{sign}` binds {what} to one",
        f"Write `{sign}` and a variable: items{sign}$name",
    )


def _too_deep() -> tuple[str, str]:
    return "The expression is nested too deeply to be checked", "Split it: bind parts to variables, or use several states"
