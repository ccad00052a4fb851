"""A definition's values in the words of its template: each placeholder as the text that the template puts there, once.

These are no values of a deployment: a text may name what only that knows, as ``${Orders}`` in an ARN.
"""

from collections.abc import Mapping

from asl_lint.source.placeholders import PLACEHOLDER, Placeholder


class ResourceName(str):
    """The name of a resource; where it is the whole of a string, ``arn`` is put there, which says more.

    For what asks which resource is meant, where a name and an ARN are the same thing.
    """

    arn: str

    def __new__(cls, name: str, arn: str) -> "ResourceName":
        made = super().__new__(cls, name)
        made.arn = arn
        return made


def in_words(value: object, texts: Mapping[str, str]) -> object:
    """A copy of a value with every placeholder whose name is in ``texts`` filled in. Recurses as deep as the value is."""
    if isinstance(value, dict):
        return {_text(key, texts): in_words(member, texts) for key, member in value.items()}
    if isinstance(value, list):
        return [in_words(element, texts) for element in value]
    if isinstance(value, Placeholder):
        found = _text(value.text, texts)
        return value if found == value.text else found
    return _text(value, texts) if isinstance(value, str) else value


def _text(text: str, texts: Mapping[str, str]) -> str:
    if "${" not in text:
        return text
    whole = texts.get(text[2:-1]) if text.startswith("${") and text.endswith("}") else None
    if isinstance(whole, ResourceName):
        return whole.arn
    return PLACEHOLDER.sub(lambda found: texts.get(found[0][2:-1], found[0]), text)
