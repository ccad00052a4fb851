"""The values of a Terraform module as texts, with ``${…}`` for what only the deployment knows.

The same thing gives the same text wherever it is referred to: the ARN of a table, a function, a queue, a topic, a bucket or a
state machine in terms of its name, as CloudFormation's templates have it. Nothing is planned. Source of the attributes: the AWS
provider's documentation, "Attribute Reference" of each resource.
"""

import json
import re
from collections.abc import Iterator, Mapping

from asl_lint.late import TYPE_CHECKING, Any, Final, NamedTuple
from asl_lint.source.document import MISSING
from asl_lint.source.hcl_template import placeholder_name
from asl_lint.source.terraform_module import MOST_STEPS, Declared, Module, Place

if TYPE_CHECKING:
    from tree_sitter import Node

UNKNOWN: Final = "${?unknown}"
_HERE: Final = "${AWS::Region}:${AWS::AccountId}"
_PARTITION: Final = "arn:${AWS::Partition}"
_MOST: Final = 500
"""Elements of a list, or characters of a reference: what is longer is not followed."""
_LONGEST: Final = 100_000
"""Characters of a text that others are put into: references to references could make any number."""


class _Kind(NamedTuple):
    """The argument that names a resource, which attributes are that name, and which are what in terms of it."""

    name: str
    same: tuple[str, ...]
    others: Mapping[str, str]


def _arns(text: str, *attributes: str) -> dict[str, str]:
    return dict.fromkeys(attributes, text)


_KINDS: Final[Mapping[str, _Kind]] = {
    "aws_lambda_function": _Kind(
        "function_name", ("function_name", "id"), _arns(f"{_PARTITION}:lambda:{_HERE}:function:{{}}", "arn")
    ),
    "aws_dynamodb_table": _Kind("name", ("name", "id"), _arns(f"{_PARTITION}:dynamodb:{_HERE}:table/{{}}", "arn")),
    "aws_sqs_queue": _Kind("name", ("name",), {
        **_arns(f"{_PARTITION}:sqs:{_HERE}:{{}}", "arn"),
        **_arns("https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/{}", "url", "id"),
    }),
    "aws_sns_topic": _Kind("name", ("name",), _arns(f"{_PARTITION}:sns:{_HERE}:{{}}", "arn", "id")),
    "aws_s3_bucket": _Kind("bucket", ("bucket", "id"), _arns(f"{_PARTITION}:s3:::{{}}", "arn")),
    "aws_sfn_state_machine": _Kind("name", ("name",), _arns(f"{_PARTITION}:states:{_HERE}:stateMachine:{{}}", "arn", "id")),
    "aws_codebuild_project": _Kind("name", ("name",), _arns(f"{_PARTITION}:codebuild:{_HERE}:project/{{}}", "arn", "id")),
    "aws_kinesis_stream": _Kind("name", ("name",), _arns(f"{_PARTITION}:kinesis:{_HERE}:stream/{{}}", "arn", "id")),
    "aws_cloudwatch_event_bus": _Kind("name", ("name", "id"), _arns(f"{_PARTITION}:events:{_HERE}:event-bus/{{}}", "arn")),
}  # fmt: skip
_HOSTS: Final[Mapping[tuple[str, str], str]] = {
    ("aws_caller_identity", "account_id"): "${AWS::AccountId}",
    ("aws_caller_identity", "id"): "${AWS::AccountId}",
    ("aws_region", "name"): "${AWS::Region}",
    ("aws_region", "id"): "${AWS::Region}",
    ("aws_region", "region"): "${AWS::Region}",
    ("aws_partition", "partition"): "${AWS::Partition}",
    ("aws_partition", "id"): "${AWS::Partition}",
}
"""Attributes of data sources about where the module is deployed."""
_ELSEWHERE: Final = frozenset(("provider", "region"))
"""Arguments that put a resource into another region or account than the state machine's."""
_ATTRIBUTE: Final = re.compile(r"(data\.)?(aws_\w+)\.([\w-]+)(\[[^\[\]]*\])?\.(\w+)\Z")
_LOCAL: Final = re.compile(r"local\.([\w-]+)(.*)\Z")
_EACH: Final = re.compile(r"each\.(key|value)(.*)\Z")
_STEP: Final = re.compile(r"\.([A-Za-z_][\w-]*)|\[\"([^\"\[\]]*)\"\]|\[(\d{1,6})\]")
_LISTS: Final = frozenset(("toset", "tolist", "distinct", "sort", "flatten", "compact", "concat", "reverse", "setunion"))
"""Functions that give the elements of their arguments."""
_SAME: Final = frozenset(("trimspace", "chomp", "tostring", "sensitive", "nonsensitive"))

Scope = Mapping[str, object]
"""``key`` and ``value`` of ``each``."""


class TerraformTexts:
    """The values of one module."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._locals: dict[str, object] = {}

    def text(self, place: Place | None, scope: Scope | None = None) -> str:
        """A value as a text; an unknown one where it is none."""
        found = None if place is None else self.value(place, scope or {})
        return found if isinstance(found, str) else UNKNOWN

    def texts(self, place: Place, scope: Scope | None = None) -> tuple[str, ...]:
        """The elements of a list as texts; an unknown one for what is no list."""
        found = self.value(place, scope or {})
        listed = found if isinstance(found, list) else [found]
        return tuple(one if isinstance(one, str) else UNKNOWN for one in listed)

    def value(self, place: Place, scope: Scope) -> object:
        """What an expression gives, as JSON; MISSING where that is not known, but for a reference: that is its placeholder."""
        from asl_lint.source.hcl import STRINGS
        from asl_lint.source.hcl_encoding import literal_value

        place = place.unwrapped()
        kind = place.node.type
        if place.steps > MOST_STEPS or place.node.has_error:
            return MISSING
        if kind in STRINGS:
            return self._string(place, scope)
        if kind == "tuple":
            return [self.value(_inside(place, child), scope) for child in place.node.named_children if child.type == "expression"]
        if kind == "object":
            return self._object(place, scope)
        if kind == "function_call":
            return self._call(place, scope)
        if kind in ("expression", "variable_expr"):
            return self.reference(place.written, scope, place.steps)
        return literal_value(place.hcl, place.node)

    def reference(self, expression: str, scope: Scope | None = None, steps: int = 0) -> object:
        """What a reference stands for: a value of the module, else a placeholder of its own name."""
        written = " ".join(expression.split())
        placeholder = f"${{{placeholder_name(written)}}}"
        if steps > MOST_STEPS or len(written) > _MOST:
            return placeholder
        if found := _LOCAL.match(written):
            return _member(self._local(found[1], steps), found[2], placeholder)
        if found := _EACH.match(written):
            return _member((scope or {}).get(found[1], MISSING), found[2], placeholder)
        if found := _ATTRIBUTE.match(written):
            return self._attribute(found, placeholder, steps)
        return placeholder

    def function_arn(self, expression: str) -> str | None:
        """The ARN of the Lambda function whose name an expression gives; None for all else."""
        found = _ATTRIBUTE.match(expression)
        if found is None or found[2] != "aws_lambda_function" or found[5] not in _KINDS["aws_lambda_function"].same:
            return None
        value = self.reference(expression.removesuffix(found[5]) + "arn")
        return value if isinstance(value, str) else None

    def _local(self, name: str, steps: int) -> object:
        if name not in self._locals:
            self._locals[name] = MISSING  # what it refers to itself by is not known
            place = self.module.find("local", name)
            if place is not None:
                self._locals[name] = self.value(place._replace(steps=steps + 1), {})
        return self._locals[name]

    # --- values -------------------------------------------------------------------------------------------------------------

    def _string(self, place: Place, scope: Scope) -> object:
        template = place.hcl.string(place.node)
        if template.directive is not None:
            return MISSING
        return self.filled(template.text.content, template.expressions, scope, place.steps)

    def filled(self, content: str, expressions: Mapping[str, str], scope: Scope, steps: int = 0) -> str:
        """A text with what its placeholders stand for."""
        for name, expression in expressions.items():
            value = self.reference(expression, scope, steps + 1)
            if isinstance(value, bool | int | float):
                value = json.dumps(value)
            if isinstance(value, str) and len(content) + content.count(f"${{{name}}}") * len(value) <= _LONGEST:
                content = content.replace(f"${{{name}}}", value)
        return content

    def _object(self, place: Place, scope: Scope) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, node in place.hcl.members(place.node):
            written = place.hcl.written(key)
            name = self.value(_inside(place, key), scope) if written[:1] in ('"', "(") else written
            found[name if isinstance(name, str) else UNKNOWN] = self.value(_inside(place, node), scope)
        return found

    def _call(self, place: Place, scope: Scope) -> object:
        name, arguments = place.hcl.arguments(place.node)
        if name in _LISTS:
            return list(self._elements([self.value(_inside(place, one), scope) for one in arguments]))
        if name in _SAME and len(arguments) == 1:
            return self.value(_inside(place, arguments[0]), scope)
        values = [self.value(_inside(place, one), scope) for one in arguments]
        if name == "join" and len(values) == 2 and isinstance(values[0], str) and isinstance(values[1], list):
            return values[0].join(one if isinstance(one, str) else UNKNOWN for one in values[1])
        if name == "format" and values and isinstance(values[0], str) and values[0].count("%") == len(values) - 1:
            parts = values[0].split("%s")
            if len(parts) == len(values):
                texts = [one if isinstance(one, str) else UNKNOWN for one in values[1:]]
                return parts[0] + "".join(text + part for text, part in zip(texts, parts[1:], strict=True))
        return MISSING

    def _elements(self, values: list[object]) -> Iterator[object]:
        pending = list(reversed(values))
        count = 0
        while pending:
            one = pending.pop()
            count += 1
            if count > _MOST:  # lists of lists could make any number
                yield MISSING
                return
            if isinstance(one, list):
                pending += reversed(one)
            else:
                yield one

    # --- references ---------------------------------------------------------------------------------------------------------

    def _attribute(self, found: re.Match[str], placeholder: str, steps: int) -> str:
        kind, name, index, attribute = found[2], found[3], found[4] or "", found[5]
        declared = self.module.declares("data" if found[1] else "resource", kind, name)
        if declared is None or not _ELSEWHERE.isdisjoint(declared.attributes):
            return placeholder
        if found[1]:
            return _HOSTS.get((kind, attribute), placeholder)
        known = _KINDS.get(kind)
        if known is None or (attribute not in known.same and attribute not in known.others):
            return placeholder
        own = self._name(declared, known.name, steps) or f"${{{kind}.{name}{index}.{known.name}}}"
        return own if attribute in known.same else known.others[attribute].replace("{}", own)

    def _name(self, declared: Declared, argument: str, steps: int) -> str | None:
        """The name that a resource is given, if it is one resource."""
        attributes = declared.attributes
        if argument not in attributes or "for_each" in attributes or "count" in attributes:
            return None
        value = self.value(attributes[argument]._replace(steps=steps + 1), {})
        return value if isinstance(value, str) and UNKNOWN not in value else None


def _inside(place: Place, node: "Node") -> Place:
    """A part of an expression: what is nested too deeply is not followed, as what refers too far."""
    return Place(place.hcl, node, place.steps + 1)


def _member(value: object, path: str, placeholder: str) -> object:
    """The member of a value at a path as it is written behind a reference."""
    found: Any = value
    done = 0
    while done < len(path):
        step = _STEP.match(path, done)
        if step is None:
            return placeholder
        done = step.end()
        if step[3] is not None:
            found = found[int(step[3])] if isinstance(found, list) and int(step[3]) < len(found) else MISSING
        else:
            found = found.get(step[1] or step[2] or "", MISSING) if isinstance(found, dict) else MISSING
    return placeholder if found is MISSING else found
