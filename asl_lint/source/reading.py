"""From a text to a document: which reader takes it, by its name and, where that does not say, by how it begins."""

from asl_lint.source.document import Document
from asl_lint.source.json_text import read_json
from asl_lint.source.text import Text


def read_document(content: str, name: str = "") -> Document:
    """The document of the text of a file (without byte order mark), as ``read_text`` reads it."""
    return read_text(Text(content), name)


def read_text(text: Text, name: str = "") -> Document:
    """The document that a text holds. Never raises for what that is.

    A name that ends in ``.yaml`` or ``.yml`` is YAML, one with ``.json`` in it (``.json.tftpl`` too) JSON; any other text is
    JSON if it begins with a bracket or a quote, and YAML else.
    """
    content, lowered = text.content, name.lower()
    if lowered.endswith((".yaml", ".yml")):
        is_yaml = True
    elif ".json" in lowered.rsplit("/", 1)[-1]:
        is_yaml = False
    else:
        is_yaml = not content.lstrip().startswith(("{", "[", '"', "$")) and bool(content.strip())
    if is_yaml:
        from asl_lint.source.yaml_text import read_yaml

        return read_yaml(text)
    return read_json(text)
