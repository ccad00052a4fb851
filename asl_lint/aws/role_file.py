"""The policies of a role from a file, JSON or YAML: a policy document, a list of them, or the Policies of a SAM state machine."""

from functools import lru_cache
from pathlib import Path

from asl_lint.aws.origin import Origin
from asl_lint.aws.policy_document import Policies, PolicyError
from asl_lint.aws.template_role import policies_of
from asl_lint.config import ConfigError, shown_path
from asl_lint.source.failure import Failure
from asl_lint.source.read import read_source
from asl_lint.source.reading import read_document
from asl_lint.source.secrets import concealed
from asl_lint.source.text import Text
from asl_lint.source.yaml_text import read_yaml


def load_role(file: str) -> Policies:
    """The policies in a file, read once. Raises ConfigError."""
    return _load(str(Path(file).absolute()))


@lru_cache(maxsize=64)
def _load(file: str) -> Policies:
    content = read_source(file)
    shown = shown_path(file)
    if content is None or isinstance(content, Failure):
        raise ConfigError("cannot be read" if content is None else content.message, shown)
    is_yaml = file.lower().endswith((".yaml", ".yml"))
    document = read_yaml(Text(content), functions=True) if is_yaml else read_document(content, file)
    for problem in document.problems:
        if problem.code == "syntax-error":
            line = document.text.position(problem.span.start).line
            raise ConfigError(f"cannot be read: {concealed(problem.values['problem'], content)}", shown, line)
    try:
        return policies_of(document.value, Origin(shown, document))
    except PolicyError as fault:
        raise ConfigError(f"holds no policy of a role: {concealed(str(fault), content)}", shown) from None
