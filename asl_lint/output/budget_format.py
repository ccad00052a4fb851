"""Budgets of machines as tables for people, with the arithmetic below, or as JSON."""

import json
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence

from asl_lint.aws.prices import dollars
from asl_lint.facts.amounts import INFINITE, Amount, formula, number
from asl_lint.facts.arithmetic import Term
from asl_lint.facts.budget_table import ExecutionBudget, LoopRow, MachineBudget, Row
from asl_lint.late import Any, Final
from asl_lint.output.characters import visible
from asl_lint.source.document import format_pointer

_INDENT: Final = "  "
_Shown = Callable[[str], str]


def as_text(budgets: Iterable[MachineBudget], width: int, region: str) -> str:
    """A block for each machine."""
    return "\n".join("\n".join(_machine(budget, width, region)) + "\n" for budget in budgets)


def _machine(budget: MachineBudget, width: int, region: str) -> Iterator[str]:
    def shown(text: str) -> str:
        return visible(budget.conceal(text))

    yield visible(budget.file if budget.name in budget.file else f"{budget.file}: {budget.name}")
    for one in budget.executions:
        yield from _execution(one, width, region, shown)
    if budget.symbols:
        yield ""
        yield from (f"{_INDENT}{name}: {shown(meaning)}" for name, meaning in budget.symbols.items())


def _execution(one: ExecutionBudget, width: int, region: str, shown: _Shown) -> Iterator[str]:
    kind = "" if one.is_express is None else "Express " if one.is_express else "Standard "
    of = f'each {kind}execution that "{shown(str(one.pointer[-1]))}" starts' if one.pointer else f"one {kind}execution"
    yield ""
    head = (of, "at least", "without a retry", "at most", "limit")
    rows = [(row.name, _known(row.least), "" if row.untried is None else formula(row.untried), formula(row.most), _limit(row))
            for row in one.rows]  # fmt: skip
    least, most = one.cost
    rows.append((f"about US$, {region}", "?" if least is None else _money(least), "", _money(most), ""))
    yield from _table([head, *rows])
    if one.loops:
        yield ""
        yield from _table(
            [("loop", "turns", "events a turn", "seconds a turn", "what ends it"), *(_loop(loop, shown) for loop in one.loops)]
        )
    for row in one.rows[:2]:
        if row.terms:
            yield ""
            yield from _arithmetic(row, width, shown)
    if one.unknown:
        yield ""
        yield f"{_INDENT}not bounded:"
        for name, pointer, reason in one.unknown:
            yield f"{_INDENT * 2}{name}: {shown(format_pointer(pointer))}: {shown(reason)}"


def _limit(row: Row) -> str:
    return "" if row.limit is None else f"{row.limit:,.10g} {row.limited_by}"


def _known(amount: float | None) -> str:
    return "?" if amount is None else formula(amount)


def _money(amount: Amount) -> str:
    """Dollars with two figures, or cents: the price is an estimate."""
    return formula(amount, _dollars)


def _dollars(plain: float) -> str:
    return "∞" if plain == INFINITE else dollars(plain)


def _loop(row: LoopRow, shown: _Shown) -> Sequence[str]:
    least, most = row.events
    events = "" if most is None or least is None else formula(most) if least == most else f"{formula(least)} … {formula(most)}"
    seconds = "" if row.seconds is None else formula(row.seconds)
    return (_INDENT * row.depth + shown(row.state), formula(row.turns), events, seconds, shown(row.reason))


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns side by side: the first and the last to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        numbers = (cell.rjust(size) for cell, size in zip(row[1:-1], widths[1:-1], strict=True))
        yield (_INDENT + "  ".join((row[0].ljust(widths[0]), *numbers, row[-1]))).rstrip()


def _arithmetic(row: Row, width: int, shown: _Shown) -> Iterator[str]:
    frame = ["2 start and end"] if row.name == "history events" else []
    said = [*frame, *(_term(term, shown) for term in row.terms or ())]
    text = f"{formula(row.most)} {row.name} = " + " + ".join(said)
    yield from textwrap.wrap(text, width, initial_indent=_INDENT, subsequent_indent=_INDENT * 3, break_long_words=False)


def _term(term: Term, shown: _Shown) -> str:
    name = shown(term.state.name)
    if term.turns:
        turned = f"{term.turns} × {formula(term.turn)} {name}"
        return f"{turned} + {formula(term.rest)} around it" if term.rest else turned
    return f"{_factor(term.amount)} {name}"


def _factor(amount: Amount) -> str:
    return f"({formula(amount)})" if number(amount) is None and amount != INFINITE else formula(amount)


# --- JSON ---------------------------------------------------------------------------------------------------------------------


def as_json(budgets: Iterable[MachineBudget], region: str) -> str:
    """``{"format": 1, "machines": [...]}``; an amount is ``{"formula": text, "value": number or null}``."""
    machines = [
        {
            "file": budget.file,
            "machine": budget.name,
            "symbols": _concealed(dict(budget.symbols), budget.conceal),
            "executions": _concealed([_execution_as_json(one, region) for one in budget.executions], budget.conceal),
        }
        for budget in budgets
    ]
    return json.dumps({"format": 1, "machines": machines}, indent=2, ensure_ascii=False) + "\n"


def _concealed(value: Any, conceal: Callable[[str], str]) -> Any:
    """What JSON holds, with every string as ``conceal`` leaves it."""
    if isinstance(value, str):
        return conceal(value)
    if isinstance(value, list):
        return [_concealed(one, conceal) for one in value]
    return {key: _concealed(one, conceal) for key, one in value.items()} if isinstance(value, dict) else value


def _execution_as_json(one: ExecutionBudget, region: str) -> dict[str, Any]:
    least, most = one.cost
    return {
        "pointer": format_pointer(one.pointer),
        "type": None if one.is_express is None else "EXPRESS" if one.is_express else "STANDARD",
        "measures": {row.name.replace(" ", "-"): _row_as_json(row) for row in one.rows},
        "cost": {"region": region, "about": True, "least": least, "most": _amount(most)},
        "loops": [
            {
                "pointer": format_pointer(loop.pointer),
                "depth": loop.depth,
                "turns": _amount(loop.turns),
                "reason": loop.reason,
                "events-without-retry": _amount(loop.events[0]),
                "events": _amount(loop.events[1]),
                "seconds": _amount(loop.seconds),
            }
            for loop in one.loops
        ],
        "unbounded": [
            {"measure": name.replace(" ", "-"), "pointer": format_pointer(pointer), "reason": reason}
            for name, pointer, reason in one.unknown
        ],
    }


def _row_as_json(row: Row) -> dict[str, Any]:
    shown: dict[str, Any] = {"least": row.least, "most": _amount(row.most), "limit": row.limit}
    if row.untried is not None:
        shown["most-without-retry"] = _amount(row.untried)
    if row.terms is not None:
        shown["terms"] = [
            {"pointer": format_pointer(term.state.pointer), "amount": _amount(term.amount)}
            | ({"turns": term.turns, "turn": _amount(term.turn), "rest": _amount(term.rest)} if term.turns else {})
            for term in row.terms
        ]
    return shown


def _amount(amount: Amount | None) -> dict[str, Any] | None:
    return None if amount is None else {"formula": formula(amount), "value": number(amount)}
