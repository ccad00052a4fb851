"""A parsed path, its steps and its errors; and whether it is a Reference Path, which names one place."""

from collections.abc import Iterator

from asl_lint.expressions.jsonpath.scanning import mask, shown
from asl_lint.late import Final, Literal, NamedTuple, Pattern

Root = Literal["input", "context", "variable", "placeholder", "none"]
StepKind = Literal[
    "member", "members", "index", "indices", "slice", "wildcard", "descendants", "filter", "script", "function", "unknown",
]  # fmt: skip


class PathError(NamedTuple):
    """A fault at ``[start, end)`` of the text, of a path or of an intrinsic function call.

    ``code`` names the kind of fault. ``sure``: the service is known to refuse it, or the run to fail. ``stage``: whether that
    happens when the machine is created or updated, or when an execution gets there.
    """

    start: int
    end: int
    code: str
    message: str
    help: str | None = None
    sure: bool = True
    stage: Literal["create", "run"] = "create"


class Step(NamedTuple):
    """One step of a path, with its dot or brackets.

    ``names`` are the members of ``member`` and ``members``, unescaped, and the name of a ``function``. ``indices`` are those of
    ``index`` and ``indices``, or the two ends of a ``slice`` (None: open). ``text`` is what stands in a ``filter`` or ``script``
    between its brackets, and a function's arguments. ``descendants`` is ``..`` alone, the step after it follows. ``unknown`` is
    one that a placeholder makes, or that could not be read.
    """

    kind: StepKind
    start: int
    end: int
    names: tuple[str, ...] = ()
    indices: tuple[int | None, ...] = ()
    text: str = ""


class Path(NamedTuple):
    """A parsed path, ``text[start:end]``. ``variable`` is the name behind the ``$`` of a variable.

    What follows an error is read too, where that makes sense. There are at most ``MOST_ERRORS`` errors; after the last of so
    many, nothing is read any more.
    """

    text: str
    start: int
    end: int
    root: Root
    variable: str | None
    steps: tuple[Step, ...]
    errors: tuple[PathError, ...]

    def paths(self) -> "tuple[Path, ...]":
        """The path itself: the one that stands here, as ``Intrinsic.paths`` are those of a call."""
        return (self,)

    @property
    def source(self) -> str:
        """The path as written, without the blanks around it."""
        return self.text[self.start : self.end]

    @property
    def is_reference(self) -> bool:
        """Whether this is a Reference Path: a root, then only names and single indices."""
        return self.not_reference is None

    @property
    def not_reference(self) -> PathError | None:
        """The first step that keeps this from being a Reference Path, with the reason; None where it is one."""
        if self.root == "none":
            return self.errors[0]._replace(code="not-a-reference-path")
        return next(_beyond_reference(self), None)


_OPERATOR: Final = Pattern(r"\\[\s\S]|[@,:?*]")
_SEVERAL: Final[dict[str, str]] = {
    "members": "several names in brackets match several values",
    "indices": "several indices match several values",
    "slice": "a slice matches several values",
    "wildcard": "* matches several values",
    "descendants": ".. searches at every depth",
    "filter": "a filter matches several values",
    "script": "a script expression does not name a place",
    "function": "a function does not name a place",
}
_ONE_PLACE: Final = "a Reference Path names one place, such as $.orders[0].id; to choose among several, select first"


def _beyond_reference(path: Path) -> Iterator[PathError]:
    for step in path.steps:
        written = path.text[step.start : step.end]
        code = "not-a-reference-path"
        if step.kind in _SEVERAL:
            sure = step.kind not in ("script", "function") and mask(path.text) is path.text
            yield PathError(step.start, step.end, code, _SEVERAL[step.kind], _ONE_PLACE, sure)
        elif step.kind == "index" and "-" in written:
            yield PathError(step.start, step.end, code, f"{written} counts from the end", _ONE_PLACE, sure=False)
        elif step.kind == "member" and written.startswith(("[", ".[")):
            if '"' in written[:3]:
                said = f"write ['{shown(step.names[0])}']"
                yield PathError(step.start, step.end, code, "a Reference Path quotes names with '", said, sure=False)
        elif step.kind == "member":
            for match in _OPERATOR.finditer(written):
                if match[0][0] != "\\":
                    place = step.start + match.start()
                    said = f"write ['{shown(step.names[0])}']"
                    yield PathError(place, place + 1, code, f"{match[0]} is an operator, and stands in no name", said, sure=False)
