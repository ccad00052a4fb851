"""The syntax tree of a JSONata expression: one class per construct, in the terms of JSONata's documentation.

Every node has a span, in characters of the expression; a node's span lies inside its parent's, and ``children()`` gives the nodes
directly below in the order of the text. The tree is the text's own shape (``a.b[0]`` is a path whose second step is a filter);
it is a value: nothing changes it after parsing.
"""

from asl_lint.late import Any, Final, NamedTuple
from asl_lint.source.text import Span

REMEMBERED: Final = 1024
"""Expressions of which the tree, and what walks of it found, are kept."""


class Node:
    """A construct at ``start:end`` of the expression."""

    __slots__ = ("end", "start")
    __match_args__: tuple[str, ...] = ()

    start: int
    end: int

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    def children(self) -> "tuple[Node, ...]":
        """The nodes directly below this one, in the order of the text."""
        return ()

    def __repr__(self) -> str:
        """The construct without its places, with at most some levels of what is below it."""
        return _represent(self, 6)


def _represent(value: Any, levels: int) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(_represent(element, levels) for element in value)}{',' * (len(value) == 1)})"
    if not isinstance(value, Node):
        return repr(value)
    if levels == 0:
        return f"{type(value).__name__}(…)"
    return f"{type(value).__name__}({', '.join(_represent(getattr(value, name), levels - 1) for name in value.__match_args__)})"


class Comment(Node):
    """``/* … */``. ``text`` is what stands between the marks."""

    __slots__ = ("text",)
    __match_args__ = ("text",)

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start = start
        self.end = end
        self.text = text


class Met(NamedTuple):
    """What the parser met on its way, so that the whole tree need not be walked for it.

    ``variables`` are those of the tree in the order of the text, without ``$`` and ``$$``, and ``called`` the starts of those
    that stand as functions; ``paths`` are its paths, inner ones first. ``binds``: something may bind a name in it. ``bare``:
    ``$``, ``$$`` or the name of a field may stand in it without a context.
    """

    variables: "tuple[Variable, ...]"
    called: frozenset[int]
    paths: "tuple[Path, ...]"
    binds: bool
    bare: bool


class Expression(Node):
    """The root: a whole expression. ``comments`` stand anywhere in it and are not among its children.

    ``rest`` is empty but after an error: pieces that recovery read behind the expression. ``met`` is None then. ``plain``: it is
    ``$name`` or ``$name.field.field``, and nothing else.
    """

    __slots__ = ("body", "comments", "met", "plain", "rest", "text")
    __match_args__ = ("body",)

    def __init__(
        self,
        text: str,
        body: Node,
        rest: tuple[Node, ...] = (),
        comments: tuple[Comment, ...] = (),
        met: Met | None = None,
        plain: bool = False,
    ) -> None:
        self.start = 0
        self.end = len(text)
        self.text = text
        self.body = body
        self.rest = rest
        self.comments = comments
        self.met = met
        self.plain = plain

    @property
    def name(self) -> str | None:
        """The name of the variable, or the function, that a plain expression is and nothing more; None for any other."""
        return self.body.name if self.plain and isinstance(self.body, Variable) else None

    def children(self) -> tuple[Node, ...]:
        return (self.body, *self.rest)


class Missing(Node):
    """Nothing, where an expression must stand: only in a tree that came with errors."""

    __slots__ = ()


# Leaves


class String(Node):
    """A string literal. As a step of a path it is the name of a field: ``a."b c"``."""

    __slots__ = ("value",)
    __match_args__ = ("value",)

    def __init__(self, start: int, end: int, value: str) -> None:
        self.start = start
        self.end = end
        self.value = value


class Number(Node):
    """A number literal: an int where the text is plain digits that a double holds exactly."""

    __slots__ = ("value",)
    __match_args__ = ("value",)

    def __init__(self, start: int, end: int, value: int | float) -> None:
        self.start = start
        self.end = end
        self.value = value


class Boolean(Node):
    """``true`` or ``false``."""

    __slots__ = ("value",)
    __match_args__ = ("value",)

    def __init__(self, start: int, end: int, value: bool) -> None:
        self.start = start
        self.end = end
        self.value = value


class Null(Node):
    """``null``."""

    __slots__ = ()


class Regex(Node):
    """A regular expression literal ``/pattern/flags``, in JavaScript's syntax."""

    __slots__ = ("flags", "pattern")
    __match_args__ = ("pattern", "flags")

    def __init__(self, start: int, end: int, pattern: str, flags: str) -> None:
        self.start = start
        self.end = end
        self.pattern = pattern
        self.flags = flags


class Variable(Node):
    """``$name``. ``name`` is without the ``$``: empty for ``$``, the context; ``$`` for ``$$``, the input document."""

    __slots__ = ("name",)
    __match_args__ = ("name",)

    def __init__(self, start: int, end: int, name: str) -> None:
        self.start = start
        self.end = end
        self.name = name


class Name(Node):
    """The name of a field. ``quoted`` where it stands between backquotes."""

    __slots__ = ("quoted", "value")
    __match_args__ = ("value",)

    def __init__(self, start: int, end: int, value: str, quoted: bool = False) -> None:
        self.start = start
        self.end = end
        self.value = value
        self.quoted = quoted


class Wildcard(Node):
    """``*``: every field."""

    __slots__ = ()


class Descendants(Node):
    """``**``: everything below, at any depth."""

    __slots__ = ()


class Parent(Node):
    """``%``: the object that the context was read from."""

    __slots__ = ()


class Placeholder(Node):
    """``?`` as an argument: the parameter that a partial application leaves open."""

    __slots__ = ()


# Paths and what follows a step


class Path(Node):
    """``a.b.c``: at least two steps, each evaluated with the values of the one before it as context."""

    __slots__ = ("steps",)
    __match_args__ = ("steps",)

    def __init__(self, start: int, end: int, steps: tuple[Node, ...]) -> None:
        self.start = start
        self.end = end
        self.steps = steps

    def children(self) -> tuple[Node, ...]:
        return self.steps


class _Suffixed(Node):
    """What follows an expression and looks at its values."""

    __slots__ = ("expression",)

    expression: Node


class KeepArray(_Suffixed):
    """``expression[]``: a single value stays an array."""

    __slots__ = ()
    __match_args__ = ("expression",)

    def __init__(self, start: int, end: int, expression: Node) -> None:
        self.start = start
        self.end = end
        self.expression = expression

    def children(self) -> tuple[Node, ...]:
        return (self.expression,)


class Filter(_Suffixed):
    """``expression[predicate]``: an index, or a condition on each value."""

    __slots__ = ("predicate",)
    __match_args__ = ("expression", "predicate")

    def __init__(self, start: int, end: int, expression: Node, predicate: Node) -> None:
        self.start = start
        self.end = end
        self.expression = expression
        self.predicate = predicate

    def children(self) -> tuple[Node, ...]:
        return (self.expression, self.predicate)


class SortTerm(Node):
    """``<expression``, ``>expression`` or plain: one key of an order."""

    __slots__ = ("descending", "expression")
    __match_args__ = ("expression", "descending")

    def __init__(self, start: int, end: int, expression: Node, descending: bool) -> None:
        self.start = start
        self.end = end
        self.expression = expression
        self.descending = descending

    def children(self) -> tuple[Node, ...]:
        return (self.expression,)


class Sort(_Suffixed):
    """``expression^(terms)``: the values in an order."""

    __slots__ = ("terms",)
    __match_args__ = ("expression", "terms")

    def __init__(self, start: int, end: int, expression: Node, terms: tuple[SortTerm, ...]) -> None:
        self.start = start
        self.end = end
        self.expression = expression
        self.terms = terms

    def children(self) -> tuple[Node, ...]:
        return (self.expression, *self.terms)


class Pair(Node):
    """``key: value`` between braces."""

    __slots__ = ("key", "value")
    __match_args__ = ("key", "value")

    def __init__(self, start: int, end: int, key: Node, value: Node) -> None:
        self.start = start
        self.end = end
        self.key = key
        self.value = value

    def children(self) -> tuple[Node, ...]:
        return (self.key, self.value)


class Group(_Suffixed):
    """``expression{key: value}``: the values grouped by a key and each group reduced to a value."""

    __slots__ = ("pairs",)
    __match_args__ = ("expression", "pairs")

    def __init__(self, start: int, end: int, expression: Node, pairs: tuple[Pair, ...]) -> None:
        self.start = start
        self.end = end
        self.expression = expression
        self.pairs = pairs

    def children(self) -> tuple[Node, ...]:
        return (self.expression, *self.pairs)


class Focus(_Suffixed):
    """``expression@$name``: binds each value to a variable; the later steps keep the context from before it."""

    __slots__ = ("variable",)
    __match_args__ = ("expression", "variable")

    def __init__(self, start: int, end: int, expression: Node, variable: Node) -> None:
        self.start = start
        self.end = end
        self.expression = expression
        self.variable = variable

    def children(self) -> tuple[Node, ...]:
        return (self.expression, self.variable)


class Index(_Suffixed):
    """``expression#$name``: binds each value's position to a variable."""

    __slots__ = ("variable",)
    __match_args__ = ("expression", "variable")

    def __init__(self, start: int, end: int, expression: Node, variable: Node) -> None:
        self.start = start
        self.end = end
        self.expression = expression
        self.variable = variable

    def children(self) -> tuple[Node, ...]:
        return (self.expression, self.variable)


# Operators


class Negate(Node):
    """``-operand``."""

    __slots__ = ("operand",)
    __match_args__ = ("operand",)

    def __init__(self, start: int, end: int, operand: Node) -> None:
        self.start = start
        self.end = end
        self.operand = operand

    def children(self) -> tuple[Node, ...]:
        return (self.operand,)


class Binary(Node):
    """``left operator right``: ``+ - * / % = != < <= > >= & and or in``."""

    __slots__ = ("left", "operator", "right")
    __match_args__ = ("operator", "left", "right")

    def __init__(self, start: int, end: int, operator: str, left: Node, right: Node) -> None:
        self.start = start
        self.end = end
        self.operator = operator
        self.left = left
        self.right = right

    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


class Apply(Node):
    """``left ~> right``: the function on the right applied to the left, or two functions composed."""

    __slots__ = ("left", "right")
    __match_args__ = ("left", "right")

    def __init__(self, start: int, end: int, left: Node, right: Node) -> None:
        self.start = start
        self.end = end
        self.left = left
        self.right = right

    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


class Condition(Node):
    """``test ? then : otherwise``; without ``:`` there is no ``otherwise`` and a false test yields nothing."""

    __slots__ = ("otherwise", "test", "then")
    __match_args__ = ("test", "then", "otherwise")

    def __init__(self, start: int, end: int, test: Node, then: Node, otherwise: Node | None) -> None:
        self.start = start
        self.end = end
        self.test = test
        self.then = then
        self.otherwise = otherwise

    def children(self) -> tuple[Node, ...]:
        return (self.test, self.then) if self.otherwise is None else (self.test, self.then, self.otherwise)


class Bind(Node):
    """``$name := value``. ``variable`` is something else only in a tree that came with errors, or under ``[]``."""

    __slots__ = ("value", "variable")
    __match_args__ = ("variable", "value")

    def __init__(self, start: int, end: int, variable: Node, value: Node) -> None:
        self.start = start
        self.end = end
        self.variable = variable
        self.value = value

    def children(self) -> tuple[Node, ...]:
        return (self.variable, self.value)


# Constructors, blocks and functions


class Array(Node):
    """``[items]``; an item may be a Range."""

    __slots__ = ("items",)
    __match_args__ = ("items",)

    def __init__(self, start: int, end: int, items: tuple[Node, ...]) -> None:
        self.start = start
        self.end = end
        self.items = items

    def children(self) -> tuple[Node, ...]:
        return self.items


class Range(Node):
    """``first..last``: integers, both ends included; only as an item of an array."""

    __slots__ = ("first", "last")
    __match_args__ = ("first", "last")

    def __init__(self, start: int, end: int, first: Node, last: Node) -> None:
        self.start = start
        self.end = end
        self.first = first
        self.last = last

    def children(self) -> tuple[Node, ...]:
        return (self.first, self.last)


class Object(Node):
    """``{key: value}`` that follows nothing: one object."""

    __slots__ = ("pairs",)
    __match_args__ = ("pairs",)

    def __init__(self, start: int, end: int, pairs: tuple[Pair, ...]) -> None:
        self.start = start
        self.end = end
        self.pairs = pairs

    def children(self) -> tuple[Node, ...]:
        return self.pairs


class Block(Node):
    """``(expressions; …)``: a scope for variables; its value is the last expression's."""

    __slots__ = ("expressions",)
    __match_args__ = ("expressions",)

    def __init__(self, start: int, end: int, expressions: tuple[Node, ...]) -> None:
        self.start = start
        self.end = end
        self.expressions = expressions

    def children(self) -> tuple[Node, ...]:
        return self.expressions


class Call(Node):
    """``function(arguments)``. ``partial`` where an argument is a Placeholder: it yields a function."""

    __slots__ = ("arguments", "function", "partial")
    __match_args__ = ("function", "arguments")

    def __init__(self, start: int, end: int, function: Node, arguments: tuple[Node, ...], partial: bool) -> None:
        self.start = start
        self.end = end
        self.function = function
        self.arguments = arguments
        self.partial = partial

    def children(self) -> tuple[Node, ...]:
        return (self.function, *self.arguments)


class Lambda(Node):
    """``function(parameters)<signature>{body}``. ``signature`` is its text with the angle brackets, or None."""

    __slots__ = ("body", "parameters", "signature")
    __match_args__ = ("parameters", "signature", "body")

    def __init__(self, start: int, end: int, parameters: tuple[Node, ...], signature: str | None, body: Node) -> None:
        self.start = start
        self.end = end
        self.parameters = parameters
        self.signature = signature
        self.body = body

    def children(self) -> tuple[Node, ...]:
        return (*self.parameters, self.body)


class Transform(Node):
    """``|pattern|update,delete|``: a function that returns a copy with the matched objects changed."""

    __slots__ = ("delete", "pattern", "update")
    __match_args__ = ("pattern", "update", "delete")

    def __init__(self, start: int, end: int, pattern: Node, update: Node, delete: Node | None) -> None:
        self.start = start
        self.end = end
        self.pattern = pattern
        self.update = update
        self.delete = delete

    def children(self) -> tuple[Node, ...]:
        return (self.pattern, self.update) if self.delete is None else (self.pattern, self.update, self.delete)
