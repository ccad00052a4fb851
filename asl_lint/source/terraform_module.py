"""The files of a Terraform module, and what the expressions in them are, as far as the files say it.

Needs the extra ``hcl`` where a file is read; nothing is planned.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from asl_lint.late import TYPE_CHECKING, Final, Literal, NamedTuple, cached_property
from asl_lint.source.document import MISSING
from asl_lint.source.hcl_template import Template, fits_raw_text
from asl_lint.source.text import Text

if TYPE_CHECKING:
    from tree_sitter import Node

    from asl_lint.source.hcl import Block, Hcl

LOCAL: Final = re.compile(r"local\s*\.\s*([\w-]+)\Z")
MOST_STEPS: Final = 20
"""References and calls that are followed one after the other; a circle has no end, and Terraform refuses it."""
MATTERS: Final = re.compile(
    r"aws_iam_|(?:resource|data)\s+\"?aws_(?:lambda_function|dynamodb_table|sqs_queue|sns_topic|s3_bucket|sfn_state_machine|"
    r"codebuild_project|kinesis_stream|cloudwatch_event_bus|caller_identity|region|partition)\b"
)
"""What is in a file that tells of roles, and of resources whose names or ARNs stand in policies."""
_LONGEST: Final = 10_000
"""Characters of a literal that others are put into: references to references could make any number."""

Siblings = Callable[[], Iterable[tuple[str, str]]]
"""Name and text of the other files of the module, read when they are asked for."""
ReadFile = Callable[[str], "str | None"]
"""Path from the module's folder -> the text of that file; None where it cannot be had."""


class Place(NamedTuple):
    """An expression, the file it stands in, and how many references led there."""

    hcl: "Hcl"
    node: "Node"
    steps: int = 0

    @property
    def written(self) -> str:
        return self.hcl.written(self.node)

    def at(self, node: "Node") -> "Place":
        return self._replace(node=node)

    def unwrapped(self) -> "Place":
        """The same without parentheses, and without ``"${…}"`` around an expression."""
        from asl_lint.source.hcl import only_interpolation, unwrapped

        node = unwrapped(self.node)
        while (inner := only_interpolation(node)) is not None:
            node = unwrapped(inner)
        return self.at(node)


class Declared(NamedTuple):
    """A block that declares something, and its body. ``kind``: ``resource``, ``data``, ``module`` or ``output``."""

    kind: str
    type: str
    name: str
    body: Place
    block: "Block"

    @property
    def attributes(self) -> "Mapping[str, Place]":
        """Name -> expression."""
        return {name: self.body.at(node) for name, node in self.body.hcl.attributes(self.body.node).items()}

    @property
    def blocks(self) -> "Iterator[tuple[Block, Place]]":
        """The blocks inside, with their bodies."""
        for block in self.body.hcl.inner_blocks(self.body.node):
            yield block, self.body.at(block.body or block.node)

    @property
    def written(self) -> str:
        """The whole block as it is written."""
        return self.body.hcl.written(self.block.node)


_DECLARING: Final = frozenset(("resource", "data", "module", "output"))


def declaration(hcl: "Hcl", block: "Block") -> Declared:
    """A block as what it declares; it has labels. One that is empty has no body: it stands for that itself."""
    return Declared(block.type, block.labels[0], block.labels[-1], Place(hcl, block.body or block.node), block)


class DeclaredMachine(NamedTuple):
    """A state machine, the module it is declared in, and the expressions of what a ``templatefile`` fills in, by name."""

    module: "Module"
    declared: Declared | None = None
    variables: Mapping[str, Place] = {}


class Module:
    """The files of a folder: what they declare, and what their ``locals`` and ``template_file`` say."""

    def __init__(self, hcl: "Hcl", siblings: Siblings, read: ReadFile | None = None) -> None:
        self._first = hcl
        self._siblings = siblings
        self.read: ReadFile = read or (lambda path: None)
        """Reads a file of the module."""
        self._names: dict[tuple[str, str], Place] | None = None
        self._values: dict[tuple[str, bool], object] = {}
        self._files: dict[str, Hcl] = {}

    def find(self, kind: Literal["local", "template_file"], name: str) -> "Place | None":
        """The expression of a local value, or the body of a ``template_file``."""
        if self._names is None:
            self._names = {}
            self._collect(self._first)
            for file, content in self._beside:
                if "locals" in content or "template_file" in content:
                    self._collect(self._parsed(file, content))
        return self._names.get((kind, name))

    @property
    def local_values(self) -> tuple[Place, ...]:
        """The expressions of all local values."""
        self.find("local", "")
        return tuple(place for (kind, _), place in (self._names or {}).items() if kind == "local")

    @cached_property
    def _beside(self) -> list[tuple[str, str]]:
        return list(self._siblings())

    def _parsed(self, file: str, content: str) -> "Hcl":
        from asl_lint.source.hcl import Hcl

        if file not in self._files:
            self._files[file] = Hcl(Text(content), file)
        return self._files[file]

    @cached_property
    def _about_roles(self) -> "tuple[Hcl, ...]":
        """The files that speak of roles, or of what the policies of roles are about: the others cost and tell nothing."""
        return (self._first, *(self._parsed(file, content) for file, content in self._beside if MATTERS.search(content)))

    @cached_property
    def is_readable(self) -> bool:
        """Whether every file that speaks of roles is HCL throughout: then nothing of them is declared but what is found."""
        return not any(hcl.tree.root_node.has_error for hcl in self._about_roles)

    @cached_property
    def declared(self) -> tuple[Declared, ...]:
        """What these files declare, in their order."""
        return tuple(
            declaration(hcl, block)
            for hcl in self._about_roles
            for block in hcl.blocks()
            if block.type in _DECLARING and block.labels
        )

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str, str], Declared]:
        return {(one.kind, one.type, one.name): one for one in self.declared}

    def declares(self, kind: str, type: str, name: str) -> Declared | None:
        """What is declared by that kind, type and name."""
        return self._by_name.get((kind, type, name))

    def value(self, place: Place, *, is_path: bool = False) -> object:
        """The literal that an expression stands for; MISSING where only the deployment knows it."""
        from asl_lint.source.hcl import STRINGS
        from asl_lint.source.hcl_encoding import literal_value

        place = place.unwrapped()
        if place.node.type in STRINGS:
            return self._text(place.hcl.string(place.node), place.steps, is_path)
        literal = literal_value(place.hcl, place.node)
        return literal if literal is not MISSING else self._referred(place.written, place.steps, is_path)

    def known(self, expression: str, steps: int = 0) -> object:
        """The value of an expression inside a text of JSON, as far as it means the same there."""
        value = self._referred(expression, steps, False)
        return value if value is not None and fits_raw_text(value) else MISSING

    def _text(self, template: Template, steps: int, is_path: bool) -> object:
        if template.directive is not None:
            return MISSING
        content = template.text.content
        for name, expression in template.expressions.items():
            value = self._referred(expression, steps, is_path)
            placeholder = f"${{{name}}}"
            if not isinstance(value, str) or len(content) + content.count(placeholder) * len(value) > _LONGEST:
                return MISSING
            content = content.replace(placeholder, value)
        return content

    def _referred(self, expression: str, steps: int, is_path: bool) -> object:
        if is_path and expression == "path.module":
            return "."
        found = LOCAL.match(expression)
        if found is None:
            return MISSING
        name = (found[1], is_path)
        if name not in self._values:
            self._values[name] = MISSING  # what it refers to itself by is not known
            place = self.find("local", found[1])
            if place is not None and steps < MOST_STEPS:
                self._values[name] = self.value(place._replace(steps=steps + 1), is_path=is_path)
        return self._values[name]

    def _collect(self, hcl: "Hcl") -> None:
        assert self._names is not None
        for block in hcl.blocks():
            if block.type == "locals":
                for name, node in hcl.attributes(block.body).items():
                    self._names.setdefault(("local", name), Place(hcl, node))
            elif block.type == "data" and block.labels[:1] == ("template_file",) and block.body is not None:
                self._names.setdefault(("template_file", block.labels[-1]), Place(hcl, block.body))
