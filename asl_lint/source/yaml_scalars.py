"""What a YAML scalar means: a JSON value without surprises.

A plain scalar becomes a number where it is a number of JSON, or where YAML 1.1 (PyYAML, so SAM) and the core schema of YAML 1.2
read the same value from it; where the two differ (``0777``, ``1_000``, ``0o17``, ``1:30``) it stays a string, like ``on``,
``yes`` and ``2012-10-17``. null, true and false are those of the core schema.
"""

import re
import sys

from asl_lint.late import Final
from asl_lint.source.document import MISSING
from asl_lint.source.placeholders import Placeholder

STANDARD_TAG: Final = "tag:yaml.org,2002:"

_CONSTANTS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# The plain keys that parsers of YAML 1.1 take for a boolean; "y" and "n" are in its specification, but no common parser does it.
BOOLEAN_LIKE: Final = frozenset(
    form for word in ("true", "false", "yes", "no", "on", "off") for form in (word, word.capitalize(), word.upper())
)
# A leading zero means octal in 1.1 and nothing in 1.2: the value is the same only up to 7.
_INTEGER: Final = re.compile(r"[-+]?(?:0*[0-7]|[1-9][0-9]*)")
_HEXADECIMAL: Final = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(
    r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"  # JSON
    r"|(?:[-+]?[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?"  # YAML 1.1 and 1.2
)
_NOT_JSON: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WHOLE_PLACEHOLDER: Final = re.compile(r"\$\{[^{}\n]*\}")
_NUMBER_STARTS: Final = frozenset("+-.0123456789")
_PLAIN: Final = re.compile(r"(?:[\w./$+-](?:[\w./@=+*$-]|:(?=[\w/*$-]))*)?")


def resolve_plain(text: str) -> object:
    """The value of an untagged plain scalar; MISSING for the infinities and NaN, which JSON cannot hold."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    first = text[0]
    if first in _NUMBER_STARTS:
        return _number(text)
    if first == "$" and _WHOLE_PLACEHOLDER.fullmatch(text):
        return Placeholder(text)
    return text


def resolve_old_plain(text: str) -> object:
    """The same in YAML 1.1, as far as booleans go: CloudFormation reads templates so, and SAM's command line does."""
    return text.lower() in ("true", "yes", "on") if text in BOOLEAN_LIKE else resolve_plain(text)


def is_plain(text: str) -> bool:
    """Whether a text is surely one plain scalar wherever it stands: nothing in it means anything to YAML."""
    return _PLAIN.fullmatch(text) is not None


def resolve_tagged(kind: str, text: str) -> object:
    """The value of a scalar with a standard tag (``kind`` is ``str``, ``int`` …); MISSING where the text is no such value."""
    if kind not in ("null", "bool", "int", "float"):
        return text  # binary, timestamp and what else there is: JSON has only strings for them
    value = resolve_plain(text)
    if isinstance(value, Placeholder):
        return value
    if kind == "null":
        return None if value is None else MISSING
    if kind == "bool":
        return value if isinstance(value, bool) else MISSING
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return MISSING
    if kind == "float":
        return _float(text) if isinstance(value, int) and "x" not in text else float(value)
    return value if isinstance(value, int) else MISSING


def _number(text: str) -> object:
    if _INTEGER.fullmatch(text):
        try:
            return int(text)
        except ValueError:  # more digits than Python converts
            return int(_float(text))
    if _FLOAT.fullmatch(text):
        return _float(text)
    if _HEXADECIMAL.fullmatch(text):
        return int(text, 16)
    return MISSING if _NOT_JSON.fullmatch(text) else text


def _float(text: str) -> float:
    """The number, or the largest of its sign where it is larger than a double can be: JSON has no infinity."""
    return min(max(float(text), -sys.float_info.max), sys.float_info.max)
