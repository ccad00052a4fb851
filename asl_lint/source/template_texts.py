"""The values of a CloudFormation or SAM template as texts, with ``${Name}`` for what only the deployment knows.

Functions of the same thing give the same text: ``${Name}`` for a Ref, the ARN of a table, a function, a
queue or a bucket in terms of its name, that of a state machine in terms of the name that its template gives it.
"""

import re
from collections.abc import Mapping

from asl_lint.late import Any, Final
from asl_lint.source.placeholders import is_template_function
from asl_lint.source.read import CLOUDFORMATION, SERVERLESS

_VARIABLE: Final = re.compile(r"\$\{(!?)([^{}\n]*)\}")
_HERE: Final = "${AWS::Region}:${AWS::AccountId}"
_ARNS: Final[Mapping[str, str]] = {
    "AWS::DynamoDB::Table": f"arn:${{AWS::Partition}}:dynamodb:{_HERE}:table/",
    "AWS::DynamoDB::GlobalTable": f"arn:${{AWS::Partition}}:dynamodb:{_HERE}:table/",
    "AWS::Serverless::SimpleTable": f"arn:${{AWS::Partition}}:dynamodb:{_HERE}:table/",
    "AWS::Lambda::Function": f"arn:${{AWS::Partition}}:lambda:{_HERE}:function:",
    "AWS::Serverless::Function": f"arn:${{AWS::Partition}}:lambda:{_HERE}:function:",
    "AWS::S3::Bucket": "arn:${AWS::Partition}:s3:::",
}
"""Types of which a Ref is the name, and what is before the name in the attribute Arn."""
_FUNCTIONS: Final = frozenset({"AWS::Lambda::Function", "AWS::Serverless::Function"})
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {SERVERLESS: ("Name",), CLOUDFORMATION: ("StateMachineName",)}
_ALIAS: Final = re.compile(r"(\w+)Alias\w+\Z")
_DEEPEST: Final = 8


class TemplateTexts:
    """The texts of one template."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        found = template.get("Resources")
        self._resources: Mapping[str, Any] = found if isinstance(found, Mapping) else {}

    def function_arn(self, value: object) -> str | None:
        """The ARN of the Lambda function whose name a Ref gives; None for all else."""
        name = value.get("Ref") if isinstance(value, Mapping) and len(value) == 1 else None
        resource = self._resources.get(name) if isinstance(name, str) else None
        kind = _kind(resource)
        return f"{_ARNS[kind]}${{{name}}}" if kind in _FUNCTIONS else None

    def evaluated(self, value: object) -> object:
        """A value with the texts of the functions in it; a function that is not evaluated stays."""
        if isinstance(value, dict):
            if is_template_function(value):
                found = self.function_arn(value) or self.text(value)
                return value if found is None else found
            return {key: self.evaluated(member) for key, member in value.items()}
        return [self.evaluated(element) for element in value] if isinstance(value, list) else value

    def text(self, value: object, depth: int = 0) -> str | None:
        """A value as a text; None where it is no text, or one that is not evaluated."""
        if isinstance(value, str):
            return value
        if not isinstance(value, Mapping) or len(value) != 1 or depth > _DEEPEST:
            return None
        function, argument = next(iter(value.items()))
        if function == "Ref" and isinstance(argument, str):
            return self._reference(argument, depth)
        if function == "Fn::GetAtt":
            parts = argument if isinstance(argument, list) else [argument]
            return self._reference(".".join(parts), depth) if all(isinstance(part, str) for part in parts) else None
        if function == "Fn::Sub":
            return self._substituted(argument, depth)
        if function == "Fn::Join":
            return self._joined(argument, depth)
        return None

    def _reference(self, name: str, depth: int) -> str:
        found, _, attribute = name.partition(".")
        resource = self._resources.get(found)
        kind = _kind(resource)
        if attribute == "Arn" and kind in _ARNS:
            return f"{_ARNS[kind]}${{{found}}}"
        if kind == "AWS::SQS::Queue" and attribute == "Arn":
            return f"arn:${{AWS::Partition}}:sqs:{_HERE}:${{{found}.QueueName}}"
        if kind == "AWS::SQS::Queue" and attribute in ("", "QueueUrl"):
            return f"https://sqs.${{AWS::Region}}.amazonaws.com/${{AWS::AccountId}}/${{{found}.QueueName}}"
        if kind == "AWS::SNS::Topic" and attribute in ("", "TopicArn"):
            return f"arn:${{AWS::Partition}}:sns:{_HERE}:${{{found}.TopicName}}"
        if kind in _NAMES and attribute == "Name":
            return self._name(found, depth) or f"${{{name}}}"
        if kind in _NAMES and attribute in ("", "Arn"):
            return self._state_machine(found, depth) or f"${{{found}}}"
        alias = _ALIAS.match(name) if resource is None else None
        if alias is not None and name.removeprefix(alias[1]) and alias[1] in self._resources:
            return self._state_machine(alias[1], depth) or f"${{{name}}}"
        return f"${{{name}}}"

    def _state_machine(self, name: str, depth: int) -> str | None:
        """The ARN of a state machine, if its template names it. A version's or an alias's is asked for by IAM as this one."""
        named = self._name(name, depth)
        return None if named is None else f"arn:${{AWS::Partition}}:states:{_HERE}:stateMachine:{named}"

    def _name(self, name: str, depth: int) -> str | None:
        """The name that its template gives to a state machine."""
        resource = self._resources[name]
        properties = resource.get("Properties")
        for member in _NAMES.get(_kind(resource), ()):
            named = properties.get(member) if isinstance(properties, Mapping) else None
            text = self.text(named, depth + 1)
            if text is not None:
                return text
        return None

    def _substituted(self, argument: object, depth: int) -> str | None:
        own: Mapping[str, object] = {}
        if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], Mapping):
            argument, own = argument
        if not isinstance(argument, str):
            return None

        def filled(found: re.Match[str]) -> str:
            if found[1]:
                return f"${{{found[2]}}}"
            name = found[2].strip()
            if name in own:
                return self.text(own[name], depth + 1) or "${?unknown}"
            return self._reference(name, depth + 1)

        return _VARIABLE.sub(filled, argument)

    def _joined(self, argument: object, depth: int) -> str | None:
        if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str):
            return None
        if not isinstance(argument[1], list):
            return None
        return argument[0].join(self.text(part, depth + 1) or "${?unknown}" for part in argument[1])


def _kind(resource: object) -> str:
    """The type of a resource; empty where that is no text."""
    kind = resource.get("Type") if isinstance(resource, Mapping) else None
    return kind if isinstance(kind, str) else ""
