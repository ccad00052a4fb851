"""Placeholders that a deployment fills in: ``${Name}`` (CloudFormation, SAM, Terraform) and ``{{resolve:…}}``.

So are the variables of what writes definitions: ``{{ name }}`` (Jinja, Handlebars), ``<%= name %>`` (ERB, EJS). They stay data.
An unquoted one stands for a value of any type; a string that is one as a whole may become anything that a string can hold; one
inside a string makes a part of it unknown.
"""

from collections.abc import Mapping

from asl_lint.late import Final, Pattern

PLACEHOLDER: Final = Pattern(r"\$\{[^{}\n]*\}|\{\{(?:resolve:[^{}\n]*|-?\s*[A-Za-z_][^{}:\n]*)\}\}|<%=[^%\n]*%>")


class Placeholder:
    """An unquoted ``${Name}``: a value that only the deployment knows, of any JSON type. ``text`` is as written."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"Placeholder({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Placeholder) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


def is_template_function(value: Mapping[str, object]) -> bool:
    """Whether an object is ``{"Ref": …}`` or ``{"Fn::…": …}``, which CloudFormation replaces by a value of any type."""
    if len(value) != 1:
        return False
    key = next(iter(value))
    return key == "Ref" or key.startswith("Fn::")


def has_placeholder(text: str) -> bool:
    """Whether a part of the string is left to the deployment."""
    return ("${" in text or "{{" in text or "<%=" in text) and PLACEHOLDER.search(text) is not None


_PSEUDO_PARAMETERS: Final[Mapping[str, str]] = {
    "${AWS::Partition}": "aws", "${AWS::Region}": "us-east-1", "${AWS::AccountId}": "123456789012",
}  # fmt: skip
"""CloudFormation's own parameters -> a value that each can have."""


def in_one_place(text: str) -> str:
    """The text as a deployment to one region of one account has it, as far as CloudFormation's own parameters go."""
    if "${AWS::" in text:
        for name, value in _PSEUDO_PARAMETERS.items():
            text = text.replace(name, value)
    return text
