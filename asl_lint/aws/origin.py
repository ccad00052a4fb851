"""Where the policies of a document are written: the places of statements and of their actions, found when somebody asks."""

from collections.abc import Callable, Mapping
from functools import partial

from asl_lint.late import Literal, NamedTuple
from asl_lint.source.document import Document, Pointer
from asl_lint.source.text import FileRange


class Origin(NamedTuple):
    """A file and its document; ``base`` leads to the value in it that pointers count from."""

    file: str
    document: Document
    base: Pointer = ()

    def place(self, pointer: Pointer, part: Literal["key", "value"] = "value") -> FileRange:
        """The place of a value, or of its key."""
        text = self.document.text.root
        return FileRange(self.file, text.range(self.document.span((*self.base, *pointer), part)))

    def actions(self, pointer: Pointer, statement: object) -> Callable[[str], FileRange]:
        """What tells where an action of the statement at a pointer is written."""
        return partial(self._action, pointer, statement)

    def whole(self, pointer: Pointer) -> Callable[[str], FileRange]:
        """The same for statements that are not written out: what stands at a pointer brings them in."""
        return partial(self._action, pointer, None)

    def _action(self, pointer: Pointer, statement: object, action: str) -> FileRange:
        written = statement.get("Action") if isinstance(statement, Mapping) else None
        if written == action:
            return self.place((*pointer, "Action"))
        if isinstance(written, list) and action in written:
            return self.place((*pointer, "Action", written.index(action)))
        return self.place(pointer)
