"""The state machines that a Terraform file declares, by the resource or by the module terraform-aws-modules/step-functions.

Nothing is planned: literals, ``local`` values and ``template_file`` of the same folder are followed, ``templatefile`` and
``file`` name a file, and every other expression is a value that only the deployment knows. Needs the extra ``hcl``.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial

from asl_lint.late import TYPE_CHECKING, Final, Literal
from asl_lint.source.document import MISSING
from asl_lint.source.embedded import EmbeddedMachine, Expanded, Unresolved
from asl_lint.source.hcl_template import fill_in, fits_raw_text, read_template, references
from asl_lint.source.json_text import read_json
from asl_lint.source.terraform_module import LOCAL, MOST_STEPS, DeclaredMachine, Module, Place, ReadFile, Siblings, declaration
from asl_lint.source.text import Span, Text

if TYPE_CHECKING:
    from asl_lint.source.hcl import Block, Hcl

RESOURCE: Final = "aws_sfn_state_machine"
_BLOCK: Final = re.compile(
    rf'^[ \t]*(?:resource[ \t]+"?{RESOURCE}"?|(module))[ \t]+"?([\w-]+)"?[ \t]*\{{(.*?)(?=^\}}|\Z)', re.MULTILINE | re.DOTALL
)
_SOURCE: Final = re.compile(r'^[ \t]*source[ \t]*=[ \t]*"([^"\n]*)"', re.MULTILINE)
_DEFINITION: Final = re.compile(r"^[ \t]*definition[ \t]*=", re.MULTILINE)
_MODULE: Final = re.compile(r"(?:^|[/.])(?:terraform-aws-)?step-functions(?:/aws)?(?:/{1,2}|$|[?.])")
"""Addresses of the module: in the registry, and its repository."""
_RENDERED: Final = re.compile(r"data\s*\.\s*template_file\s*\.\s*([\w-]+)\s*(?:\[[^\]]*\]\s*)?\.\s*rendered\Z")
_VARIABLE: Final = re.compile(r"var\s*\.\s*[\w-]+")
_SAME_TEXT: Final = frozenset(("trimspace", "chomp", "tostring", "sensitive", "nonsensitive"))
"""Functions that leave the JSON of a text as it is."""
_DECODERS: Final = frozenset(("jsondecode", "yamldecode"))
_TYPES: Final[Mapping[object, Literal["STANDARD", "EXPRESS"]]] = {"STANDARD": "STANDARD", "EXPRESS": "EXPRESS"}
_NOT_INSTALLED: Final = "reading Terraform needs the packages tree-sitter and tree-sitter-hcl (the extra hcl)"


def machines(text: Text, siblings: Siblings, read: ReadFile | None = None) -> Iterator[EmbeddedMachine]:
    """The state machines of a file, in the order of its text."""
    try:
        from asl_lint.source.hcl import Hcl
    except ImportError:
        for name, span in _declared(text.content):
            yield EmbeddedMachine(name, unresolved=Unresolved(_NOT_INSTALLED, span))
        return
    hcl = Hcl(text)
    module = Module(hcl, siblings, read)
    seen: set[str] = set()
    for block in hcl.blocks():
        if _is_machine(hcl, block):
            seen.add(block.labels[-1])
            yield _machine(module, hcl, block)
    if hcl.tree.root_node.has_error:
        for name, span in _declared(text.content):
            if name not in seen:
                yield EmbeddedMachine(name, unresolved=Unresolved("what stands around it is no HCL that can be read", span))


def _declared(content: str) -> Iterator[tuple[str, Span]]:
    """The names of machines as the lines of a file suggest them, where there is no tree to ask."""
    for found in _BLOCK.finditer(content):
        if found[1]:
            source = _SOURCE.search(found[3])
            if not (source and _MODULE.search(source[1]) and _DEFINITION.search(found[3])):
                continue
        yield found[2], Span(*found.span(2))


def _is_machine(hcl: "Hcl", block: "Block") -> bool:
    if block.type == "resource":
        return len(block.labels) == 2 and block.labels[0] == RESOURCE
    if block.type != "module" or len(block.labels) != 1:
        return False
    attributes = hcl.attributes(block.body)
    source = attributes.get("source")
    return "definition" in attributes and source is not None and _MODULE.search(hcl.written(source).strip('"')) is not None


def _machine(module: Module, hcl: "Hcl", block: "Block") -> EmbeddedMachine:
    from asl_lint.source.terraform_settings import settings_of

    name = block.labels[-1]
    attributes = hcl.attributes(block.body)
    kind = attributes.get("type")
    machine_type = "STANDARD" if kind is None else _TYPES.get(module.value(Place(hcl, kind)))
    settings = partial(settings_of, hcl, block, machine_type, lambda node: module.value(Place(hcl, node)))
    definition = attributes.get("definition")
    if definition is None:
        return EmbeddedMachine(name, unresolved=Unresolved("it has no definition", _head(hcl, block)), settings=settings)
    found = _definition(module, Place(hcl, definition))
    if isinstance(found, str):
        return EmbeddedMachine(name, unresolved=Unresolved(found, hcl.span(definition)), settings=settings)
    variables = found.terraform.variables if found.terraform is not None else {}
    held = DeclaredMachine(module, declaration(hcl, block), variables)
    return found._replace(logical_id=name, machine_type=machine_type, terraform=held, settings=settings)


def _head(hcl: "Hcl", block: "Block") -> Span:
    start = hcl.span(block.node).start
    line_end = hcl.text.content.find("\n", start)
    return Span(start, line_end if line_end >= 0 else len(hcl.text.content))


def _definition(module: Module, place: Place) -> EmbeddedMachine | str:
    """The machine of an expression, or why there is none."""
    from asl_lint.source.hcl import STRINGS

    place = place.unwrapped()
    if place.node.has_error:
        return "its definition is no HCL that can be read"
    if place.steps > MOST_STEPS:
        return f"{_short(place.written)} is not evaluated"
    kind = place.node.type
    if kind in STRINGS:
        return _string(module, place)
    if kind == "function_call":
        return _call(module, place)
    if kind == "conditional":
        return "a condition decides what its definition is"
    if kind in ("object", "tuple"):
        return "its definition is an object, not a text: jsonencode makes one"
    written = " ".join(place.written.split())
    if (found := LOCAL.match(written)) and (local := module.find("local", found[1])):
        return _definition(module, local._replace(steps=place.steps + 1))
    if found := _RENDERED.match(written):
        return _template_file(module, found[1])
    if _VARIABLE.match(written):
        return f"{written} is known only to who deploys it"
    return f"{_short(written)} is not evaluated"


def _string(module: Module, place: Place) -> EmbeddedMachine | str:
    template = place.hcl.string(place.node)
    if template.directive is not None:
        return f"{_short(template.directive)} decides what its definition holds"
    beside = re.sub(r"\$\{[^{}]*\}", "", template.text.content)
    inner = [child for child in place.node.named_children if child.type == "template_interpolation"]
    if len(inner) == 1 and not beside.strip() and (expressions := [c for c in inner[0].named_children if c.type == "expression"]):
        return _definition(module, place.at(expressions[0])._replace(steps=place.steps + 1))
    if template.expressions and "{" not in beside:
        return "its definition is put together from references"
    filled = references(template, partial(module.known, steps=place.steps))
    return EmbeddedMachine("", read_json(template.text), file=place.hcl.name or None, substitutions=filled)


def _call(module: Module, place: Place) -> EmbeddedMachine | str:
    name, arguments = place.hcl.arguments(place.node)
    if name == "jsonencode" and len(arguments) == 1:
        return _encoded(module, place.at(arguments[0]).unwrapped())
    if name in _SAME_TEXT and len(arguments) == 1:
        return _definition(module, place.at(arguments[0])._replace(steps=place.steps + 1))
    if name == "file" and len(arguments) == 1:
        path = module.value(place.at(arguments[0]), is_path=True)
        return EmbeddedMachine("", file=path, substitutions={}) if isinstance(path, str) else _no_path(place.at(arguments[0]))
    if name == "templatefile" and len(arguments) == 2:
        given = place.at(arguments[1])
        return _templatefile(module, place.at(arguments[0]), _variables(module, given), given)
    return f"{name}() is not evaluated"


def _encoded(module: Module, place: Place) -> EmbeddedMachine | str:
    from asl_lint.source.hcl_encoding import encode

    if place.node.type == "object":
        document, filled = encode(place.hcl, place.node, partial(module.known, steps=place.steps))
        return EmbeddedMachine("", document, file=place.hcl.name or None, substitutions=filled)
    if place.node.type == "function_call":
        name, arguments = place.hcl.arguments(place.node)
        if name in _DECODERS and len(arguments) == 1:
            return _definition(module, place.at(arguments[0])._replace(steps=place.steps + 1))
        return f"{name}() is not evaluated"
    if (found := LOCAL.match(place.written)) and (local := module.find("local", found[1])) and place.steps < MOST_STEPS:
        local = local._replace(steps=place.steps + 1).unwrapped()
        return "its definition is no HCL that can be read" if local.node.has_error else _encoded(module, local)
    return f"{_short(place.written)} is not evaluated"


def _templatefile(
    module: Module, path: Place, variables: Mapping[str, object] | None, given: Place | None
) -> EmbeddedMachine | str:
    named = module.value(path, is_path=True)
    if not isinstance(named, str):
        return _no_path(path)
    held = DeclaredMachine(module, variables=(_expressions(module, given) if given is not None else None) or {})
    return EmbeddedMachine("", file=named, expand=partial(_expand, variables), terraform=held)


def _template_file(module: Module, name: str) -> EmbeddedMachine | str:
    """A ``template_file`` of the provider of that name, which fills a text as ``templatefile`` does."""
    from asl_lint.source.hcl import unwrapped

    found = module.find("template_file", name)
    if found is None:
        return f"data.template_file.{name} is not in this folder"
    attributes = found.hcl.attributes(found.node)
    template = found.at(attributes["template"]).unwrapped() if "template" in attributes else None
    if template is not None and template.node.type == "function_call":
        called, arguments = found.hcl.arguments(unwrapped(template.node))
        if called == "file" and len(arguments) == 1:
            has_block = any(child.type == "block" for child in found.node.children)
            given = found.at(attributes["vars"]) if "vars" in attributes else None
            variables = _variables(module, given) if given is not None else None if has_block else {}
            return _templatefile(module, found.at(arguments[0]), variables, given)
    return f"data.template_file.{name} has no file for its template"


def _variables(module: Module, place: Place) -> dict[str, object] | None:
    """The variables of a template with their values; None where their names are not known."""
    found = _expressions(module, place)
    if found is None:
        return None
    values = {name: module.value(expression) for name, expression in found.items()}
    return {name: value if value is not None and fits_raw_text(value) else MISSING for name, value in values.items()}


def _expressions(module: Module, place: Place) -> dict[str, Place] | None:
    """The variables of a template with their expressions; None where their names are not known."""
    place = place.unwrapped()
    if (found := LOCAL.match(place.written)) and (local := module.find("local", found[1])):
        place = local.unwrapped()
    if place.node.type != "object" or place.node.has_error:
        return None
    variables = {place.hcl.written(key).strip('"'): place.at(node) for key, node in place.hcl.members(place.node)}
    return variables if all(re.fullmatch(r"[\w-]+", name) for name in variables) else None


def _expand(variables: Mapping[str, object] | None, text: Text) -> Expanded:
    """What a file is as a template with these variables."""
    template = read_template(text)
    if template.directive is not None:
        return Expanded(text, None, reason=f"is a template in which {_short(template.directive)} decides what it holds")
    filled = fill_in(template, variables)
    return Expanded(template.text, filled.substitutions, dict.fromkeys(filled.unused))


def _no_path(place: Place) -> str:
    return f"its definition lies where {_short(place.written)} says"


def _short(written: str) -> str:
    text = " ".join(written.split())
    return text if len(text) <= 60 else text[:59] + "…"
