"""What an ``aws_sfn_state_machine`` of Terraform says of logging, tracing and encryption (blocks), and of tags.

Source: the provider's documentation of the resource. Of the step-functions module nothing is known but what a call of it writes.
"""

from collections.abc import Callable, Mapping

from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.source.document import Document, NodeSpan, Pointer
from asl_lint.source.machine_settings import MachineSettings, MachineType, Member, Setting
from asl_lint.source.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node

    from asl_lint.source.hcl import Block, Hcl

_NAMES: Final[Mapping[str, str]] = {
    "level": "Level",
    "include_execution_data": "IncludeExecutionData",
    "log_destination": "Destinations",
    "enabled": "Enabled",
    "kms_key_id": "KmsKeyId",
    "kms_data_key_reuse_period_seconds": "KmsDataKeyReusePeriodSeconds",
    "type": "Type",
}
"""Attribute of a block -> the member of CloudFormation's property."""


def settings_of(
    hcl: "Hcl", block: "Block", machine_type: MachineType | None, value: "Callable[[Node], object]"
) -> MachineSettings:
    """The settings of a declared machine; ``value`` gives the literal of an expression, or MISSING."""
    at: Pointer = (block.type, *block.labels)
    spans: dict[Pointer, NodeSpan] = {
        (): NodeSpan(None, Span(0, len(hcl.text.content))),
        at: NodeSpan(_head(hcl, block.node), hcl.span(block.node)),
    }
    is_resource = block.type == "resource"
    blocks = {inner.type: inner for inner in hcl.inner_blocks(block.body)}
    dynamic = {inner.labels[0] for inner in hcl.inner_blocks(block.body) if inner.type == "dynamic" and inner.labels}
    attributes = hcl.attributes(block.body)

    def setting(name: str) -> Setting:
        pointer = (*at, name)
        if name in attributes:  # tags, or a variable of the module
            spans[pointer] = _attribute(hcl, attributes[name])
            return Setting("unknown", pointer)
        if name not in blocks or name in dynamic:
            return Setting("absent" if is_resource and name not in dynamic and name != "tags" else "unknown", at)
        inner = blocks[name]
        spans[pointer] = NodeSpan(_head(hcl, inner.node), hcl.span(inner.node))
        members = {}
        for key, node in hcl.attributes(inner.body).items():
            place = (*pointer, key)
            spans[place] = _attribute(hcl, node)
            literal = value(node)
            if literal is not None:
                members[_NAMES.get(key, key)] = Member([literal] if key == "log_destination" else literal, place)
        return Setting("given", pointer, members)

    logging, tracing, encryption, tags = map(
        setting, ("logging_configuration", "tracing_configuration", "encryption_configuration", "tags")
    )
    document = Document(hcl.text, "hcl", None, lambda: spans, lambda node: hcl.text)
    nowhere = Setting("absent", at)
    return MachineSettings(document, block.labels[-1], at, machine_type, logging, tracing, encryption, tags, nowhere)


def _head(hcl: "Hcl", node: "Node") -> Span:
    """The words before the brace of a block."""
    start = hcl.span(node).start
    opening = hcl.text.content.find("{", start)
    return Span(start, len(hcl.text.content[:opening].rstrip()) if opening >= 0 else start)


def _attribute(hcl: "Hcl", expression: "Node") -> NodeSpan:
    parent = expression.parent
    key = parent.named_children[0] if parent is not None else expression
    return NodeSpan(hcl.span(key), hcl.span(expression))
