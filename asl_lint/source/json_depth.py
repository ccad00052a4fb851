"""What lies deeper in a text than is read: one token each takes its place, before anything else looks at the tokens."""

from bisect import bisect_right

from asl_lint.source.document import Problem
from asl_lint.source.json_grammar import misfit
from asl_lint.source.json_text import MAX_DEPTH
from asl_lint.source.json_tokens import SCALAR, Tokens
from asl_lint.source.text import Span


def fold_deep(tokens: Tokens) -> list[Problem]:
    """Make one token of whatever lies more than MAX_DEPTH brackets deep; says so once."""
    kinds = tokens.kinds
    ranges: list[tuple[int, int]] = []
    depth, begin = 0, -1
    for i, kind in enumerate(kinds):
        if kind in "{[":
            depth += 1
            if depth == MAX_DEPTH + 1:
                begin = i
        elif kind in "}]" and depth:
            depth -= 1
            if depth == MAX_DEPTH:
                ranges.append((begin, i + 1))
                begin = -1
    if begin >= 0:
        ranges.append((begin, len(kinds)))
    if not ranges:
        return []
    problems = [
        Problem(
            "nested-too-deeply",
            Span(tokens.starts[ranges[0][0]], tokens.starts[ranges[0][0]] + 1),
            (),
            {"limit": str(MAX_DEPTH)},
            help=f"only the outer {MAX_DEPTH} levels are checked",
        )
    ]
    if begin < 0:
        for first, last in ranges:
            wrong = misfit(kinds, first, last)
            if wrong is not None:
                wrong = min(wrong, last - 1)
                span = Span(tokens.starts[wrong], tokens.ends[wrong])
                problems.append(Problem("syntax-error", span, (), {"problem": f"unexpected {_quote(tokens, wrong)}"}))
                break
    _fold(tokens, ranges)
    return problems


def _fold(tokens: Tokens, ranges: list[tuple[int, int]]) -> None:
    old = Tokens(tokens.content)
    old.kinds, old.starts, old.ends = tokens.kinds, tokens.starts, tokens.ends
    tokens.kinds, tokens.starts, tokens.ends = [], old.starts[:0], old.ends[:0]
    firsts: list[int] = []
    shifts: list[int] = []  # by how much the numbers of tokens from firsts[n] on decrease
    after = shift = 0
    for first, last in ranges:
        tokens.kinds += old.kinds[after:first]
        tokens.starts += old.starts[after:first]
        tokens.ends += old.ends[after:first]
        tokens.add(SCALAR, old.starts[first], old.ends[last - 1])
        shift += last - first - 1
        firsts.append(last)
        shifts.append(shift)
        after = last
    tokens.kinds += old.kinds[after:]
    tokens.starts += old.starts[after:]
    tokens.ends += old.ends[after:]
    tokens.folded = {first - shifted for (first, _), shifted in zip(ranges, [0, *shifts], strict=False)}

    def moved(number: int) -> int:
        at = bisect_right(firsts, number)
        begin = ranges[at][0] if at < len(ranges) else number
        return min(number, begin) - (shifts[at - 1] if at else 0)

    tokens.problems = [problem._replace(token=moved(problem.token)) for problem in tokens.problems]
    tokens.suspect = {moved(number) for number in tokens.suspect}
    tokens.damaging = {moved(number) for number in tokens.damaging}


def _quote(tokens: Tokens, i: int) -> str:
    text = tokens.content[tokens.starts[i] : tokens.ends[i]]
    return text if len(text) <= 40 else text[:39] + "…"
