"""Where the type of a value comes from: the states, assignments, answers and branches that contribute, each with its own type.

Origins are followed a few steps back; a value that was met before is not followed again, so that loops end.
"""

from collections.abc import Iterator

from asl_lint.facts.environments import Environment
from asl_lint.facts.graph import Edge
from asl_lint.facts.sites import Site
from asl_lint.late import TYPE_CHECKING, Final, NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer
from asl_lint.types.lattice import ANY, UNDEFINED, Type
from asl_lint.types.sequences import member

if TYPE_CHECKING:
    from asl_lint.expressions.jsonata.nodes import Expression, Node
    from asl_lint.facts.machine_facts import Facts

_DEEPEST: Final = 4


class Origin(NamedTuple):
    """Something that contributes to a type: in words, its own type, and where it is written; then what that comes from."""

    what: str
    type: Type
    pointer: Pointer
    origins: tuple["Origin", ...] = ()


class Origins:
    """The origins of values of one machine."""

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts
        self._types = facts.types
        self._seen: set[tuple[object, ...]] = set()

    # --- values before a state ----------------------------------------------------------------------------------------------

    def of_input(self, state: State, names: tuple[str, ...] = (), depth: int = 0) -> tuple[Origin, ...]:
        """What hands a state its input; ``names`` lead to the member of it that is asked for."""
        if self._is_known("input", state.pointer, names) or depth >= _DEEPEST:
            return ()
        graph = self._facts.graph.of(state.scope)
        found: list[Origin] = []
        for edge in graph.into[graph.numbers[state.name]]:
            source = graph.state(edge.source)
            if source is None:
                found += self._start(state, names, depth)
                continue
            known = self._types.along(edge, source)
            if known is not None:
                found.append(self._handed_on(edge, source, known, names, depth))
        return tuple(found)

    def _handed_on(self, edge: Edge, source: State, known: Environment, names: tuple[str, ...], depth: int) -> Origin:
        holder, pointer = self._holder(edge, source)
        site = self._types.site((*pointer, "Output"))
        type_ = below(known.input, names)
        if site is not None and site.kind == "jsonata":
            return Origin(f'the Output of "{source.name}"', type_, site.pointer, self.of_site(site, depth + 1, names))
        if "Output" in holder:
            place = (*pointer, "Output")
            return Origin(f'the Output of "{source.name}"', type_, place, self._in_payload(place, holder["Output"], names, depth))
        if edge.kind == "catch":
            return Origin(f'the error of "{source.name}", as it is caught', type_, pointer)
        result = self._types.result(source)
        if result is not None:
            inner = self.of_result(source, depth + 1)
            return Origin(f'what "{source.name}" gives', type_, source.pointer, inner)
        made = any(field in source.body for field in ("Result", "Parameters", "InputPath", "OutputPath", "ResultPath"))
        inner = () if made else self.of_input(source, names, depth + 1)
        return Origin(f'"{source.name}" {"makes it" if made else "hands it on"}', type_, source.pointer, inner)

    def _in_payload(self, pointer: Pointer, value: object, names: tuple[str, ...], depth: int) -> tuple[Origin, ...]:
        """Of an object that is written out, the expression of the member that is asked for."""
        while names and isinstance(value, dict) and names[0] in value:
            value, pointer, names = value[names[0]], (*pointer, names[0]), names[1:]
        site = self._types.site(pointer)
        return self.of_site(site, depth + 1, names) if site is not None and site.kind == "jsonata" else ()

    def _start(self, state: State, names: tuple[str, ...], depth: int) -> Iterator[Origin]:
        scope = state.scope
        known = self._types.before(state)
        type_ = ANY if known is None else below(known.input, names)
        if scope.parent is None:
            schema = self._facts.workflow.input_schema
            said = "nothing says what it is" if schema is None else f"as {schema.file} declares it"
            yield Origin(f"the input of the execution: {said}", below(self._facts.input_type, names), (*scope.pointer, "StartAt"))
            return
        parent = scope.parent
        what = "an item of" if parent.type == "Map" else "the input of"
        field = next((name for name in ("ItemSelector", "Arguments", "Parameters", "Items") if name in parent.body), None)
        pointer = parent.pointer if field is None else (*parent.pointer, field)
        inner = () if field is not None or parent.type == "Map" else self.of_input(parent, names, depth + 1)
        yield Origin(f'{what} "{parent.name}"', type_, pointer, inner)

    def of_variable(self, state: State, name: str, names: tuple[str, ...] = (), depth: int = 0) -> tuple[Origin, ...]:
        """The assignments of a variable that a state can see, and that none may have been made."""
        if self._is_known("variable", name, names) or depth >= _DEEPEST:
            return ()
        found: list[Origin] = []
        for assignment in self._facts.variables.assignments_of(name):
            if state.pointer[: len(assignment.state.scope.pointer)] != assignment.state.scope.pointer:
                continue  # of another scope
            type_ = self._types.assigned(assignment)
            if type_ is not None:
                inner = self._in_payload(assignment.pointer, _at(self._facts.document.value, assignment.pointer), names, depth)
                found.append(Origin(f'Assign of "{assignment.state.name}"', below(type_, names), assignment.pointer, inner))
        before = self._types.variable(state, name)
        if before is not None and before.undefined and not before.anything:
            found.append(Origin("no assignment, on some way here", UNDEFINED, state.pointer))
        return tuple(found)

    def _holder(self, edge: Edge, state: State) -> tuple[dict[str, object], Pointer]:
        """The object whose Output and Assign make what goes along an edge."""
        if edge.kind == "rule":
            return state.body["Choices"][edge.index], (*state.pointer, "Choices", edge.index)
        if edge.kind == "catch":
            return state.body["Catch"][edge.index], (*state.pointer, "Catch", edge.index)
        return dict(state.body), state.pointer

    # --- results ------------------------------------------------------------------------------------------------------------

    def of_result(self, state: State, depth: int = 0) -> tuple[Origin, ...]:
        """What the work of a state gives: the answer of a call, or what its branches or iterations end with."""
        result = self._types.result(state)
        if result is None or depth >= _DEEPEST:
            return ()
        if state.type == "Task":
            source = result.object.source if result.object is not None else None
            what = "an answer of which nothing is known" if source is None else source.what
            what += f" (as of {source.date})" if source is not None and source.date is not None else ""
            return (Origin(what, result, (*state.pointer, "Resource")),)
        if state.type == "Map" and result.array is None and "ResultWriter" in state.body:
            return (Origin(f'what the ResultWriter of "{state.name}" gives', result, (*state.pointer, "ResultWriter")),)
        found: list[Origin] = []
        for scope in state.scopes:
            graph = self._facts.graph.of(scope)
            for edge in graph.into[graph.succeeded]:
                last = graph.state(edge.source)
                known = None if last is None else self._types.along(edge, last)
                if last is not None and known is not None:
                    found.append(Origin(f'"{last.name}" ends with', known.input, last.pointer))
        return tuple(found)

    # --- expressions --------------------------------------------------------------------------------------------------------

    def of_site(self, site: Site, depth: int = 0, names: tuple[str, ...] = ()) -> tuple[Origin, ...]:
        """What an expression reads; of an object that it makes, for the member that is asked for."""
        if site.kind != "jsonata" or depth >= _DEEPEST or site.jsonata[1]:
            return ()
        inferred = self._types.inferred(site)
        view = self._types.environment(site)
        if inferred is None or view is None:
            return ()
        from asl_lint.expressions.jsonata.nodes import Path, Variable
        from asl_lint.expressions.jsonata.walk import walk
        from asl_lint.types.conditions import subject

        found: dict[str, Origin] = {}
        tree = site.jsonata[0]
        inside: set[int] = set()
        for node in walk(_made(tree, names)):
            if not isinstance(node, Path | Variable) or id(node) in inside:
                continue
            if isinstance(node, Path):
                inside.update(id(step) for step in node.steps)
            read = subject(node)
            written = tree.text[node.start : node.end]
            if read is None or written in found or (read[0] != "states" and read[0] not in view.variables):
                continue
            type_ = inferred.of(node)
            # What cannot be read there comes from nowhere.
            origins = () if read[0] == "states" and type_.is_undefined else self._of_read(site, read, depth)
            found[written] = Origin(written, type_, site.pointer, origins)
        return tuple(found.values())

    def _of_read(self, site: Site, read: tuple[str, tuple[str, ...]], depth: int) -> tuple[Origin, ...]:
        root, names = read
        if root != "states":
            return self.of_variable(site.state, root, names, depth + 1)
        first, names = (names[0], names[1:]) if names else ("", ())
        if first == "input":
            return self.of_input(site.state, names, depth + 1)
        if first == "result":
            return tuple(one._replace(type=below(one.type, names)) for one in self.of_result(site.state, depth + 1))
        return ()

    def _is_known(self, *what: object) -> bool:
        if what in self._seen:
            return True
        self._seen.add(what)
        return False


def _made(tree: "Expression", names: tuple[str, ...]) -> "Node":
    """The part of an expression that makes a member of the object that it is."""
    from asl_lint.expressions.jsonata.nodes import Object, String

    node: Node = tree
    inner: Node = tree.body
    for name in names:
        pairs = inner.pairs if isinstance(inner, Object) else ()
        found = [pair.value for pair in pairs if isinstance(pair.key, String) and pair.key.value == name]
        if len(found) != 1:
            break
        node = inner = found[0]
    return node


def below(type_: Type, names: tuple[str, ...]) -> Type:
    """The member of a type that names lead to."""
    for name in names:
        type_ = member(type_, name)
    return type_


def _at(value: object, pointer: Pointer) -> object:
    for part in pointer:
        value = value[part]  # type: ignore[index]
    return value
