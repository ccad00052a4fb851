"""A file that could not be read, or a rule that crashed on it."""

from asl_lint.late import NamedTuple


class Failure(NamedTuple):
    """A file that could not be read, or a rule that crashed: the run went on without it."""

    file: str
    message: str
    rule: str | None = None
