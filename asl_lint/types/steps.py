"""A path as the evaluator goes along it: a flat list of steps, each with the filters and bindings that are attached to it.

The tree has the text's own shape; the reference evaluates another (jsonata-js 2.0.6, MIT, processAST): ``a{…}.b`` groups after
``b``, ``[]`` on any step keeps the array of the whole path, ``(a.b)^(c).d`` is a path whose second step sorts.
"""

from asl_lint.expressions.jsonata.nodes import (
    Array,
    Block,
    Filter,
    Focus,
    Group,
    Index,
    KeepArray,
    Name,
    Node,
    Pair,
    Path,
    Sort,
    Variable,
)
from asl_lint.late import NamedTuple


class Step:
    """A step: ``base`` evaluated for each item, or a Sort of all of them; then its stages in their order.

    A stage is a Filter, or an Index that binds positions. ``constructs``: an array constructor, whose array stays one value.
    """

    __slots__ = ("base", "constructs", "focus", "keeps", "stages")

    def __init__(self, base: Node) -> None:
        self.base = base
        self.stages: list[Filter | Index] = []
        self.focus: str | None = None
        self.keeps = False
        self.constructs = False

    @property
    def binds(self) -> bool:
        """Whether it binds a variable, so that the path goes on as a stream of bindings."""
        return self.focus is not None or any(isinstance(stage, Index) for stage in self.stages)


class View(NamedTuple):
    """A construct with what is attached to it. ``is_path``: its steps are gone along; else it is one step, evaluated once."""

    steps: list[Step]
    is_path: bool
    keeps: bool
    pairs: tuple[Pair, ...] | None
    """Of the grouping that comes last."""


def view_of(node: Node) -> View:
    """The steps of a node."""
    if isinstance(node, Path):
        return _path(node)
    if isinstance(node, Name):
        return View([Step(node)], True, False, None)
    if isinstance(node, Filter):
        view = view_of(node.expression)
        view.steps[-1].stages.append(node)
        return view
    if isinstance(node, KeepArray):
        view = view_of(node.expression)
        view.steps[-1].keeps = True
        return view._replace(keeps=True)
    if isinstance(node, Group):
        return view_of(node.expression)._replace(pairs=node.pairs)
    if isinstance(node, Sort):
        view = view_of(node.expression)
        view.steps.append(Step(node))
        return view._replace(is_path=True)
    if isinstance(node, Focus):
        view = view_of(node.expression)
        if isinstance(node.variable, Variable) and node.variable.name:
            view.steps[-1].focus = node.variable.name
        return view
    if isinstance(node, Index):
        view = view_of(node.expression)
        view.steps[-1].stages.append(node)
        return view._replace(is_path=True)
    return View([Step(node)], False, False, None)


def _path(node: Path) -> View:
    first = view_of(node.steps[0])
    steps = first.steps
    keeps = first.keeps
    for step in node.steps[1:]:
        view = view_of(step)
        steps.extend(view.steps)
        keeps = keeps or view.keeps
    for one in steps:
        if isinstance(one.base, Array):
            one.constructs = True
    return View(steps, True, keeps, first.pairs)


def constructs_path(node: Node) -> bool:
    """Whether a block ends in what the evaluator takes for an array constructor: a path that begins with one."""
    if not isinstance(node, Block):
        return False
    for part in node.expressions:
        inner = view_of(part)
        base = inner.steps[0].base
        if (inner.is_path and inner.steps[0].constructs) or constructs_path(base):
            return True
    return False
