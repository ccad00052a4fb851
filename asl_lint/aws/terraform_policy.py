"""Policy documents in Terraform: ``jsonencode``, texts of JSON, files, and ``aws_iam_policy_document`` with its sources.

Of a document that cannot be had, or of which a part cannot, the answer is *not whole*.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from asl_lint.aws.policy_document import Policies, PolicyError, Statement, read_document
from asl_lint.late import TYPE_CHECKING, Final, NamedTuple
from asl_lint.source.document import MISSING
from asl_lint.source.hcl_template import read_template
from asl_lint.source.terraform_module import Declared, Place
from asl_lint.source.terraform_texts import UNKNOWN, Scope, TerraformTexts
from asl_lint.source.text import FileRange, Span, Text

if TYPE_CHECKING:
    from asl_lint.source.hcl import Block

_DOCUMENT: Final = re.compile(r"data\.aws_iam_policy_document\.([\w-]+)(?:\[[^\[\]]*\])?\.(?:minified_)?json\Z")
_LOCAL: Final = re.compile(r"local\.([\w-]+)\Z")
_DEEPEST: Final = 20
_MOST: Final = 2_000
"""Statements of a document: documents of documents could make any number, and IAM takes no more than some hundred."""
_LISTED: Final = ("Action", "NotAction", "Resource", "NotResource")
_BLOCK_LISTS: Final[Mapping[str, str]] = {
    "actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource",
}  # fmt: skip


class _Document(NamedTuple):
    """Statements with their Sids (empty: none), and whether they are all."""

    statements: tuple[tuple[str, Statement], ...]
    is_whole: bool


_NOT_KNOWN: Final = _Document((), False)


class PolicyReader:
    """Reads the documents of one module; ``locate`` leads from a file's name in the module to its path."""

    def __init__(self, texts: TerraformTexts, locate: Callable[[str], str]) -> None:
        self._texts = texts
        self._locate = locate
        self._named: dict[str, _Document] = {}

    def policies(self, place: Place, scope: Scope | None = None) -> Policies:
        """What the document that an expression gives allows."""
        found = self._document(place, scope or {})
        return Policies(tuple(one for _, one in found.statements), found.is_whole)

    def _document(self, place: Place, scope: Scope) -> _Document:
        from asl_lint.source.hcl import STRINGS

        place = place.unwrapped()
        written = " ".join(place.written.split())
        if place.steps > _DEEPEST or place.node.has_error:
            return _NOT_KNOWN
        if found := _DOCUMENT.match(written):
            return self._of_name(found[1], place.steps + 1)
        if (found := _LOCAL.match(written)) and (local := self._texts.module.find("local", found[1])):
            return self._document(local._replace(steps=place.steps + 1), scope)
        if place.node.type == "function_call":
            return self._of_call(place, scope)
        if place.node.type in STRINGS:
            return self._of_text(self._texts.value(place, scope), place)
        return _NOT_KNOWN

    def _of_call(self, place: Place, scope: Scope) -> _Document:
        name, arguments = place.hcl.arguments(place.node)
        if name == "jsonencode" and len(arguments) == 1:
            return self._of_json(self._texts.value(place.at(arguments[0]), scope), place)
        if name in ("file", "templatefile") and arguments:
            path = self._texts.module.value(place.at(arguments[0]), is_path=True)
            content = self._texts.module.read(path) if isinstance(path, str) else None
            if content is None:
                return _NOT_KNOWN
            return self._of_text(content if name == "file" else self._expanded(content, place.at(arguments[1]), scope), place)
        return _NOT_KNOWN

    def _expanded(self, content: str, variables: Place, scope: Scope) -> object:
        """A file as ``templatefile`` fills it in."""
        template = read_template(Text(content))
        values = self._texts.value(variables, scope)
        if template.directive is not None or not isinstance(values, dict):
            return MISSING
        text = template.text.content
        for name, expression in template.expressions.items():
            value = values.get(expression, UNKNOWN)
            text = text.replace(f"${{{name}}}", value if isinstance(value, str) else UNKNOWN)
        return text

    def _of_text(self, text: object, place: Place) -> _Document:
        try:
            return self._of_json(json.loads(text), place) if isinstance(text, str) else _NOT_KNOWN
        except (ValueError, RecursionError):
            return _NOT_KNOWN

    def _of_json(self, document: object, place: Place) -> _Document:
        written = document.get("Statement") if isinstance(document, Mapping) else None
        listed = written if isinstance(written, list) else [written]
        at = self._located(place)
        found = [self._statement(one, at) for one in listed]
        return _Document(tuple(one for one in found if one is not None), None not in found)

    def _statement(self, written: object, at: Callable[[str], FileRange]) -> tuple[str, Statement] | None:
        """A statement with its Sid; None where it cannot be read."""
        if not isinstance(written, Mapping):
            return None
        made = dict(written)
        for member in _LISTED:
            if member in made:
                listed = made[member] if isinstance(made[member], list) else [made[member]]
                made[member] = [one if isinstance(one, str) else UNKNOWN for one in listed]
        try:
            [statement] = read_document({"Statement": made})
        except PolicyError:
            return None
        sid = made.get("Sid")
        return sid if isinstance(sid, str) else "", statement._replace(at=at)

    # --- aws_iam_policy_document --------------------------------------------------------------------------------------------

    def _of_name(self, name: str, steps: int) -> _Document:
        if name not in self._named:
            self._named[name] = _NOT_KNOWN  # what it is made of itself by is not known
            declared = self._texts.module.declares("data", "aws_iam_policy_document", name)
            found = _NOT_KNOWN if declared is None else self._of_blocks(declared, steps)
            self._named[name] = found if len(found.statements) <= _MOST else _NOT_KNOWN
        return self._named[name]

    def _of_blocks(self, declared: Declared, steps: int) -> _Document:
        """Sources first, then its own statements, then overrides: a later Sid takes the place of an earlier one of that name."""
        before = self._others(declared, ("source_json", "source_policy_documents"), steps)
        after = self._others(declared, ("override_json", "override_policy_documents"), steps)
        found = _merged([*before, self._own(declared), *after])
        if all(one.is_whole for one in after):
            return found
        # What is not known may take the place of any statement with a Sid.
        unsure = ((sid, one._replace(is_conditional=one.is_conditional or bool(sid))) for sid, one in found.statements)
        return _Document(tuple(unsure), False)

    def _others(self, declared: Declared, names: tuple[str, ...], steps: int) -> list[_Document]:
        found: list[_Document] = []
        for name in names:
            given = declared.attributes.get(name)
            if given is None:
                continue
            place = given._replace(steps=steps).unwrapped()
            if name.endswith("_json"):
                found.append(self._document(place, {}))
            elif place.node.type == "tuple":
                expressions = [child for child in place.node.named_children if child.type == "expression"]
                found += [self._document(place.at(one), {}) for one in expressions]
            else:
                found.append(_NOT_KNOWN)
        return found

    def _own(self, declared: Declared) -> _Document:
        found = [self._of_block(block, body) for block, body in declared.blocks]
        return _Document(tuple(one for one in found if one is not None), None not in found)

    def _of_block(self, block: "Block", body: Place) -> tuple[str, Statement] | None:
        """The statement of a block with its Sid; None where it cannot be had."""
        if block.type == "statement":
            attributes = {name: body.at(node) for name, node in body.hcl.attributes(body.node).items()}
            inner = [one.type for one in body.hcl.inner_blocks(body.node)]
            effect = self._texts.value(attributes["effect"], {}) if "effect" in attributes else "Allow"
            made: dict[str, object] = {"Effect": effect, "Condition": "condition" in inner or "dynamic" in inner}
            for argument, member in _BLOCK_LISTS.items():
                if argument in attributes:
                    made[member] = [text.replace("&{", "${") for text in self._texts.texts(attributes[argument])]
            if "sid" in attributes:
                made["Sid"] = self._texts.text(attributes["sid"])
            return self._statement(made, self._located(body.at(block.node)))
        return None

    # --- places -------------------------------------------------------------------------------------------------------------

    def _located(self, place: Place) -> Callable[[str], FileRange]:
        return partial(_action_in, self._locate(place.hcl.name), place)


def _action_in(file: str, place: Place, action: str) -> FileRange:
    """Where an action is quoted in an expression; else its first line."""
    span = place.hcl.span(place.node)
    content = place.hcl.text.content
    found = content.find(f'"{action}"', span.start, span.end)
    line_end = content.find("\n", span.start, span.end)
    place_of = Span(found, found + len(action) + 2) if found >= 0 else Span(span.start, line_end if line_end >= 0 else span.end)
    return FileRange(file, place.hcl.range(place_of))


def _merged(documents: Iterable[_Document]) -> _Document:
    statements: list[tuple[str, Statement]] = []
    is_whole = True
    for document in documents:
        is_whole = is_whole and document.is_whole
        sids = {sid for sid, _ in document.statements if sid}
        statements = [one for one in statements if one[0] not in sids] + list(document.statements)
    return _Document(tuple(statements), is_whole)
