"""What the reference refuses in a text that is well formed: literals as steps, groups and bindings in a wrong order, a ``%``
without an object to be the parent of, an operand that the end of the text cut off.

It looks at paths as the evaluator does, as a flat list of steps with what is attached to each. Linear, but for a bound on ``%``.
"""

from asl_lint.expressions.jsonata.errors import MAX_ERRORS, TOO_DEEP, Error
from asl_lint.expressions.jsonata.messages import describe
from asl_lint.expressions.jsonata.nodes import (
    Apply,
    Array,
    Binary,
    Bind,
    Block,
    Boolean,
    Call,
    Condition,
    Expression,
    Filter,
    Focus,
    Group,
    Index,
    KeepArray,
    Lambda,
    Missing,
    Name,
    Negate,
    Node,
    Null,
    Number,
    Object,
    Pair,
    Parent,
    Path,
    Range,
    Sort,
    String,
    Transform,
    Variable,
    Wildcard,
)
from asl_lint.late import Final

MAX_PARENTS: Final = 200
"""Uses of ``%`` in one expression that are followed; each is walked back along its path."""


def structure_errors(tree: Expression) -> tuple[Error, ...]:
    """The errors of a tree that parsed without one, the reference's first error first."""
    checker = _Checker(tree.text)
    form = checker.form(tree.body)
    if form.kind == "parent" or form.waiting is not None:
        checker.orphans(form)
    return tuple(checker.errors)


class _Ancestor:
    """What one ``%`` looks for: ``level`` objects back from where it stands."""

    __slots__ = ("level", "node")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.level = 1


class _Form:
    """A construct as the evaluator sees it."""

    __slots__ = ("ancestor", "filtered", "focus", "group", "kind", "last", "node", "staged", "steps", "waiting")

    def __init__(self, kind: str, node: Node, steps: "list[_Form] | None" = None) -> None:
        self.kind = kind
        """``path``, ``name``, ``literal``, ``parent``, ``block``, ``sort``, or ``other``."""
        self.node = node
        self.steps: list[_Form] = steps or []
        self.last: _Form | None = None
        """A block's last expression."""
        self.ancestor: _Ancestor | None = None
        self.waiting: list[_Ancestor] | None = None
        """The parents that what encloses this must provide."""
        self.filtered = self.staged = False
        """Whether a predicate is attached, to an expression or to the step of a path."""
        self.group = self.focus = False

    def wait_for(self, part: "_Form") -> None:
        """What a part waits for, the whole waits for."""
        if part.waiting is None and part.kind != "parent":
            return
        ancestors = [] if part.waiting is None else part.waiting
        if part.ancestor is not None:
            ancestors.append(part.ancestor)
        if self.waiting is None:
            self.waiting = ancestors
        else:
            self.waiting.extend(ancestors)


class _Checker:
    __slots__ = ("errors", "parents", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.errors: list[Error] = []
        self.parents = 0

    def report(self, code: str, start: int, end: int) -> None:
        if len(self.errors) < MAX_ERRORS and not any(e.code == code and e.start == start for e in self.errors):
            self.errors.append(Error(code, start, end, *describe(code, self.text, start, end)))

    def orphans(self, form: _Form) -> None:
        ancestors = list(form.waiting or ())
        if form.ancestor is not None:
            ancestors.append(form.ancestor)
        for ancestor in ancestors:
            self.report("S0217", ancestor.node.start, ancestor.node.end)

    def form(self, node: Node) -> _Form:
        """The form of a node, whose parts are checked in the reference's order."""
        if isinstance(node, Path):
            return self._path(node)
        if isinstance(node, Name):
            return _Form("path", node, [_Form("name", node)])
        if isinstance(node, KeepArray):
            return self.form(node.expression)
        if isinstance(node, Filter):
            return self._filter(node)
        if isinstance(node, Group):
            return self._group(node)
        if isinstance(node, Sort):
            return self._sort(node)
        if isinstance(node, Focus | Index):
            return self._binding(node)
        if isinstance(node, Block):
            return self._block(node)
        if isinstance(node, Negate):
            operand = self.form(node.operand)
            if isinstance(operand.node, Number) and operand.kind == "literal":
                return operand
            return self._whole(node, [operand])
        if isinstance(node, Number | Boolean | Null):
            return _Form("literal", node)
        if isinstance(node, String):
            return _Form("string", node)
        if isinstance(node, Wildcard):
            return _Form("name", node)
        if isinstance(node, Parent):
            return self._parent(node)
        if isinstance(node, Missing):
            self.report("S0207", len(self.text), len(self.text))
            return _Form("other", node)
        if isinstance(node, Bind):
            self.form(node.variable)
            return self._whole(node, [self.form(node.value)])
        if isinstance(node, Call):
            arguments = [self.form(argument) for argument in node.arguments]
            self.form(node.function)
            return self._whole(node, arguments)
        if isinstance(node, Lambda):
            self.form(node.body)
            return _Form("other", node)
        if isinstance(node, Transform | Apply):
            for child in node.children():
                self.form(child)
            return _Form("other", node)
        if isinstance(node, Array | Object | Binary | Range | Condition):
            return self._whole(node, [self.form(part) for child in node.children() for part in _parts(child)])
        return _Form("other", node)

    def _whole(self, node: Node, parts: list[_Form]) -> _Form:
        form = _Form("other", node)
        for part in parts:
            form.wait_for(part)
        return form

    def _parent(self, node: Node) -> _Form:
        self.parents += 1
        if self.parents > MAX_PARENTS:
            if self.parents == MAX_PARENTS + 1:
                self.report(TOO_DEEP, node.start, node.end)
            return _Form("name", node)
        form = _Form("parent", node)
        form.ancestor = _Ancestor(node)
        return form

    def _block(self, node: Block) -> _Form:
        form = _Form("block", node)
        for expression in node.expressions:
            form.last = self.form(expression)
            form.wait_for(form.last)
        return form

    def _path(self, node: Path) -> _Form:
        whole = self.form(node.steps[0])
        if whole.kind != "path":
            first, whole = whole, _Form("path", node, [whole])
            if first.ancestor is not None:
                whole.waiting = [first.ancestor]
        checked = 0
        for step in node.steps[1:]:
            form = self.form(step)
            if form.kind == "path":
                whole.steps.extend(form.steps)
            else:
                if form.filtered:
                    form.filtered, form.staged = False, True
                whole.steps.append(form)
            for part in whole.steps[checked:]:
                if part.kind == "literal":
                    self.report("S0213", part.node.start, part.node.end)
                elif part.kind == "string":
                    part.kind = "name"
            checked = len(whole.steps)
            self._find_ancestors(whole)
        return whole

    def _filter(self, node: Filter) -> _Form:
        whole = self.form(node.expression)
        step = whole.steps[-1] if whole.kind == "path" else whole
        if step.group:
            self.report("S0209", node.expression.end, node.end)
        predicate = self.form(node.predicate)
        if predicate.waiting is not None:
            for ancestor in predicate.waiting:
                if ancestor.level == 1:
                    self._step_back(step, ancestor)
                else:
                    ancestor.level -= 1
            step.wait_for(predicate)
        if whole.kind == "path":
            step.staged = True
        else:
            step.filtered = True
        return whole

    def _group(self, node: Group) -> _Form:
        whole = self.form(node.expression)
        if whole.group:
            self.report("S0210", node.expression.end, node.end)
        for pair in node.pairs:
            self.form(pair.key)
            self.form(pair.value)
        whole.group = True
        return whole

    def _sort(self, node: Sort) -> _Form:
        whole = self.form(node.expression)
        if whole.kind != "path":
            whole = _Form("path", node, [whole])
        step = _Form("sort", node)
        for term in node.terms:
            step.wait_for(self.form(term.expression))
        whole.steps.append(step)
        self._find_ancestors(whole)
        return whole

    def _binding(self, node: Focus | Index) -> _Form:
        whole = self.form(node.expression)
        step = whole.steps[-1] if whole.kind == "path" else whole
        if isinstance(node, Focus):
            if step.staged or step.filtered:
                self.report("S0215", node.expression.end, node.end)
            elif step.kind == "sort":
                self.report("S0216", node.expression.end, node.end)
            # To the reference, a variable without a name (`@$`) is none.
            step.focus = isinstance(node.variable, Variable) and node.variable.name != ""
            return whole
        if whole.kind != "path":
            whole = _Form("path", node, [step])
            if step.filtered:
                step.filtered, step.staged = False, True
        return whole

    def _find_ancestors(self, path: _Form) -> None:
        """Walks back from the last step of a path for each parent that it waits for."""
        steps = path.steps
        last = steps[-1]
        ancestors = [] if last.waiting is None else last.waiting
        if last.ancestor is not None:
            ancestors.append(last.ancestor)
        for ancestor in ancestors:
            at = len(steps) - 2
            while ancestor.level > 0:
                if at < 0:
                    if path.waiting is None:
                        path.waiting = []
                    path.waiting.append(ancestor)
                    break
                step = steps[at]
                at -= 1
                # Steps that each bind a variable share one context.
                while at >= 0 and step.focus and steps[at].focus:
                    step = steps[at]
                    at -= 1
                if not self._step_back(step, ancestor):
                    break

    def _step_back(self, step: _Form, ancestor: _Ancestor) -> bool:
        """Looks for an ancestor in one step; False where there can be none."""
        if step.kind == "name":
            ancestor.level -= 1
        elif step.kind == "parent":
            ancestor.level += 1
        elif step.kind == "block":
            if step.last is not None:
                return self._step_back(step.last, ancestor)
        elif step.kind == "path":
            at = len(step.steps) - 1
            while at >= 0 and (ancestor.level > 0 or at == len(step.steps) - 1):
                if not self._step_back(step.steps[at], ancestor):
                    return False
                at -= 1
        else:
            self.report("S0217", ancestor.node.start, ancestor.node.end)
            return False
        return True


def _parts(node: Node) -> tuple[Node, ...]:
    """A pair's key and value; another node itself."""
    return node.children() if isinstance(node, Pair) else (node,)
