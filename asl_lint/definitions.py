"""The definitions in files and templates, one after the other, for commands that tell something of each machine."""

from collections.abc import Callable, Iterator, Mapping

from asl_lint.late import NamedTuple
from asl_lint.source.document import Document
from asl_lint.source.embedded import EmbeddedMachine
from asl_lint.source.failure import Failure
from asl_lint.source.read import is_definition, is_terraform, looks_like_template, read_source
from asl_lint.source.reading import read_document
from asl_lint.source.secrets import concealed, masked
from asl_lint.source.substitution import fill


class Definition(NamedTuple):
    """A definition with what somebody said that is filled in. ``name`` is the machine's logical id, or the file's; ``machine`` is
    what a template says of it, None for a file of its own; ``path`` the file that holds the definition.
    """

    name: str
    file: str
    document: Document
    path: str
    machine: EmbeddedMachine | None = None

    @property
    def deployed(self) -> Document:
        """The document with what the template fills in too."""
        given = None if self.machine is None else self.machine.substitutions
        return fill(self.document, given) if given else self.document


def definitions(
    file: str,
    substitutions: Mapping[str, object],
    root: str | None = None,
    read: Callable[[str], str | Failure | None] = read_source,
) -> Iterator[Definition | Failure]:
    """The definitions of a file, in order; a Failure for what cannot be read or had. ``read`` gives the text of the file."""
    content = read(file)
    if content is None or isinstance(content, Failure):
        yield content or Failure(file, "cannot be read")
        return
    if is_terraform(file) or looks_like_template(content):
        from asl_lint.source.boundary import root_of
        from asl_lint.templates import read_template

        below = root_of(file, root)
        template = read_template(content, file, below)
        if template is not None:
            for machine in template.machines():
                yield _embedded(machine, file, below, substitutions)
            return
    document = read_document(content, file)
    broken = next((problem for problem in document.problems if problem.code == "syntax-error"), None)
    if broken is not None:
        line = document.text.position(broken.span.start).line
        yield Failure(file, f"line {line}: {concealed(broken.values['problem'], content)}")
        return
    if not is_definition(document.value):
        yield Failure(file, "holds no state machine")
        return
    yield Definition(_stem(file), file, fill(document, substitutions), file)


def _embedded(machine: EmbeddedMachine, file: str, root: str, substitutions: Mapping[str, object]) -> Definition | Failure:
    from asl_lint.templates import definition_in

    document, path = machine.document, file
    if machine.unresolved is not None:
        return Failure(file, f"{machine.logical_id}: {masked(machine.unresolved.reason)}")
    if document is None:
        found = definition_in(machine, file, root)
        if isinstance(found, str):
            return Failure(file, f"{machine.logical_id}: {masked(found)}")
        document, path, machine = found.document, found.path, found.machine
    return Definition(machine.logical_id, file, fill(document, substitutions), path, machine)


def _stem(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2].partition(".")[0] or file
