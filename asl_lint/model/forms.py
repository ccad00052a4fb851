"""The forms that strings of the language take, as regular expressions that JavaScript reads as well."""

from asl_lint.late import Final

END: Final = r"(?![\s\S])"
"""The very end. A dollar sign would also stand before a last line break, and YAML's block scalars end with one."""
EXPRESSION: Final = r"^\{%[\s\S]*%\}" + END
RFC3339: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
PATH: Final = r"^\$"
REFERENCE_PATH: Final = (
    r"""^\$(?:\[(?:'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|-?[0-9]+)\]|\\[\s\S]|\.(?=[^.])|[^\\@,:?*.\[\]])*""" + END
)
RESULT_PATH: Final = r"^\$(?![$A-Za-z_])" + REFERENCE_PATH.removeprefix(r"^\$")
STRING_FUNCTIONS: Final = ("Format", "JsonToString", "ArrayGetItem", "Base64Encode", "Base64Decode", "Hash", "UUID")
STRING_PATH: Final = "(?:" + REFERENCE_PATH + ")|^States\\.(?:" + "|".join(STRING_FUNCTIONS) + r")\([\s\S]*\)" + END
