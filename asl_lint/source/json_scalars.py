"""The value of a JSON scalar, also of one that JSON does not know: other languages' literals and ways to write numbers."""

import sys

from asl_lint.late import Final
from asl_lint.source.document import MISSING

_CONSTANTS: Final[dict[str, object]] = {
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "null": None, "None": None, "NULL": None, "Null": None, "nil": None, "undefined": None,
}  # fmt: skip
_NOT_FINITE: Final = {"NaN", "Infinity", "-Infinity", "+Infinity", "nan", "inf", "-inf", "Inf", "-Inf"}
_MAX_DIGITS: Final = 4300
_LARGEST: Final = sys.float_info.max


def read_scalar(text: str) -> object:
    """What the scalar stands for; MISSING where it stands for no value of JSON, as NaN.

    A number beyond the largest float is cut to it; an integer of more than 4,300 digits too, but stays an integer.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text in _NOT_FINITE:
        return MISSING
    digits = text.replace("_", "")
    if digits.lstrip("+-").isdecimal():
        if len(digits) > _MAX_DIGITS:
            return -int(_LARGEST) if digits[0] == "-" else int(_LARGEST)
        return _integer(digits, 10)
    if digits.lstrip("+-")[:2].lower() in ("0x", "0b", "0o"):
        return _integer(digits, 0) if len(digits) <= _MAX_DIGITS else MISSING
    try:
        return min(max(float(digits), -_LARGEST), _LARGEST)
    except ValueError:
        return MISSING  # such as 1e, of which the tokenizer has said what is wrong


def _integer(digits: str, base: int) -> object:
    try:
        return int(digits, base)
    except ValueError:
        return MISSING  # 0b12, or more digits than this interpreter is allowed to convert
