"""The state machines of a file by their names: the file's own definition, or those that a template declares."""

from collections.abc import Callable, Iterator

from asl_lint.late import NamedTuple
from asl_lint.source.document import Document
from asl_lint.source.embedded import EmbeddedMachine
from asl_lint.source.failure import Failure
from asl_lint.source.read import is_definition, is_terraform, looks_like_template, read_source
from asl_lint.source.reading import read_document


class NamedMachine(NamedTuple):
    """A machine as it is written, nothing filled in. ``name`` is the logical id, or the file's; ``file`` holds the definition.

    ``embedded`` is what a template says of it, None for a file of its own.
    """

    name: str
    file: str
    document: Document
    embedded: EmbeddedMachine | None = None


def named_machines(
    file: str, root: str | None = None, read: Callable[[str], str | Failure | None] = read_source
) -> Iterator[NamedMachine | Failure]:
    """The machines of a file, in order; a Failure for what cannot be read or had. ``read`` gives the text of the file."""
    content = read(file)
    if content is None or isinstance(content, Failure):
        yield content or Failure(file, "cannot be read")
        return
    if is_terraform(file) or looks_like_template(content):
        from asl_lint.templates import read_template, root_of

        below = root_of(file, root)
        template = read_template(content, file, below)
        if template is not None:
            for machine in template.machines():
                yield _embedded(machine, file, below)
            return
    document = read_document(content, file)
    broken = next((problem for problem in document.problems if problem.code == "syntax-error"), None)
    if broken is not None:
        line = document.text.position(broken.span.start).line
        yield Failure(file, f"line {line}: {broken.values['problem']}")
        return
    if not is_definition(document.value):
        yield Failure(file, "holds no state machine")
        return
    yield NamedMachine(_stem(file), file, document)


def _embedded(machine: EmbeddedMachine, file: str, root: str) -> NamedMachine | Failure:
    from asl_lint.templates import definition_in

    document = machine.document
    if machine.unresolved is not None:
        return Failure(file, f"{machine.logical_id}: {machine.unresolved.reason}")
    if document is not None:
        return NamedMachine(machine.logical_id, file, document, machine)
    found = definition_in(machine, file, root)
    if isinstance(found, str):
        return Failure(file, f"{machine.logical_id}: {found}")
    return NamedMachine(machine.logical_id, found.path, found.document, found.machine)


def _stem(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2].partition(".")[0] or file
