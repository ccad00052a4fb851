"""What a deployment fills in, from a file: names of placeholders and their values.

JSON or YAML: an object of names and values, one that has such an object as ``DefinitionSubstitutions`` (as CloudFormation and SAM
call it), or a list of names alone. A value that only the deployment knows (``Ref``, ``Fn::GetAtt``, null) is MISSING.
"""

from functools import lru_cache

from asl_lint.config import ConfigError, shown_path
from asl_lint.source.document import MISSING, is_unknown
from asl_lint.source.failure import Failure
from asl_lint.source.read import read_source
from asl_lint.source.reading import read_document
from asl_lint.source.secrets import concealed
from asl_lint.source.substitution import Substitutions

_FIELD = "DefinitionSubstitutions"


@lru_cache(maxsize=64)
def load_substitutions(file: str) -> Substitutions:
    """The substitutions in a file. Raises ConfigError."""
    content = read_source(file)
    shown = shown_path(file)
    if content is None or isinstance(content, Failure):
        raise ConfigError("cannot be read" if content is None else content.message, shown)
    document = read_document(content, file)
    for problem in document.problems:
        if problem.code == "syntax-error":
            line = document.text.position(problem.span.start).line
            raise ConfigError(f"cannot be read: {concealed(problem.values['problem'], content)}", shown, line)
    value = document.value
    if isinstance(value, dict) and _FIELD in value:
        value = value[_FIELD]
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return dict.fromkeys(value, MISSING)
    if not isinstance(value, dict):
        raise ConfigError("must be an object of names and values, or a list of names", shown)
    found: dict[str, object] = {}
    for name, member in value.items():
        if member is None or is_unknown(member):
            found[name] = MISSING
        elif isinstance(member, str | int | float | bool):
            found[name] = member
        else:
            kind = "an object" if isinstance(member, dict) else "an array"
            raise ConfigError(f'"{name}" must be a string, a number or a boolean, not {kind}', shown)
    return found
