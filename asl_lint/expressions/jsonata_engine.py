"""JSONata evaluated by jsonata-python, which no other module imports: expressions in, JSON values or ``ExpressionError`` out.

Parsing is cached (some 0.3 ms an expression); evaluating costs 0.1 to 1 ms. Depth and time are bounded, but for the time that a
regular expression takes. One evaluation at a time in a thread.
"""

from collections.abc import Mapping
from functools import lru_cache

from jsonata import Jsonata  # type: ignore[import-untyped]
from jsonata.jexception import JException  # type: ignore[import-untyped]
from jsonata.utils import Utils  # type: ignore[import-untyped]

from asl_lint.late import Any, Final

_DEPTH: Final = 100
"""Nested evaluations; each takes about eight frames of Python's own stack."""

_TIME: Final = 5_000
"""Milliseconds for one evaluation: far more than a sensible predicate needs, so that no verdict hangs on the machine's speed."""


class Undefined:
    """What an expression gives where there is nothing: no value, and not null."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED: Final = Undefined()


class ExpressionError(ValueError):
    """An expression that does not parse, or that could not be evaluated. ``position`` counts characters of it, where known."""

    def __init__(self, expression: str, problem: str, position: int | None = None) -> None:
        self.expression = expression
        self.problem = problem
        self.position = position
        super().__init__(f"{problem} in the expression {_cut(expression)}")


class Expression:
    """A parsed expression. Raises ExpressionError where the text is none."""

    __slots__ = ("_parsed", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self._parsed = Jsonata(text)
        except JException as error:
            raise ExpressionError(text, _problem(error), _position(error)) from error
        except RecursionError as error:
            raise ExpressionError(text, "too deeply nested") from error
        except Exception as error:  # The parser of the library lets IndexError, TypeError and others of its own through.
            raise ExpressionError(text, f"does not parse ({type(error).__name__}: {error})") from error
        self._parsed.set_validate_input(False)
        # Null and nothing are different answers; the library tells them apart only so.
        self._parsed.set_output_convert_nulls(False)

    def evaluate(self, value: object, variables: Mapping[str, object] | None = None) -> Any:
        """The expression's value for an input: JSON, or UNDEFINED. Raises ExpressionError.

        ``value`` and ``variables`` are JSON values and are not changed.
        """
        # The clock of the bounds starts when they are set, so each evaluation gets its own.
        self._parsed.environment.set_runtime_bounds(_TIME, _DEPTH)
        try:
            result = self._parsed.evaluate(value, variables or {})
        except JException as error:
            raise ExpressionError(self.text, _problem(error), _position(error)) from error
        except RecursionError as error:
            raise ExpressionError(self.text, "too deep a recursion") from error
        except Exception as error:  # Division by zero and the like come as whatever Python raises.
            raise ExpressionError(self.text, f"{type(error).__name__}: {error}") from error
        return UNDEFINED if result is None else _plain(result)


@lru_cache(maxsize=512)
def compile_expression(text: str) -> Expression:
    """The parsed expression, from the cache where it was parsed before. Raises ExpressionError."""
    return Expression(text)


def _plain(value: Any) -> Any:
    """The library's null and its lists as JSON's; a function, which JSON does not have, as UNDEFINED."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(element) for element in value]
    return None if value is Utils.NULL_VALUE else UNDEFINED


def _problem(error: JException) -> str:
    text = " ".join(str(error).split())
    return text[:1].lower() + text[1:] if text else error.error


def _position(error: JException) -> int | None:
    return error.location if isinstance(error.location, int) and error.location >= 0 else None


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return f"`{line}`" if len(line) <= 80 else f"`{line[:79]}…`"
