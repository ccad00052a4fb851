"""What the rules of a Choice compare with texts: variables and members of the input, and which texts a rule names."""

from collections.abc import Iterator, Mapping

from asl_lint.expressions.jsonpath import Path
from asl_lint.facts.environments import Environment, parsed_path
from asl_lint.late import TYPE_CHECKING, Any, NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import is_unknown
from asl_lint.source.placeholders import has_placeholder
from asl_lint.types.lattice import ANY, Type

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts


class Subject(NamedTuple):
    """A variable (``root`` is its name) or the state's input (``""``), and the members below it. ``written``: in a rule."""

    root: str
    names: tuple[str, ...]
    written: str

    @property
    def word(self) -> str:
        """The last name: what any other read of it has too."""
        return self.names[-1] if self.names else self.root


def subjects(facts: "Facts", state: State) -> list[Subject]:
    """Everything that some rule compares with a text."""
    found: dict[tuple[str, tuple[str, ...]], Subject] = {}
    rules = state.body.get("Choices")
    for i in range(len(rules) if isinstance(rules, list) else 0):
        for subject, _ in _compared(facts, state, i):
            found.setdefault((subject.root, subject.names), subject)
    return list(found.values())


def named_texts(facts: "Facts", state: State, rule: int, subject: Subject) -> frozenset[str]:
    """The texts with which a rule compares the subject."""
    return frozenset(text for one, text in _compared(facts, state, rule) if one[:2] == subject[:2])


def type_at(before: Environment, subject: Subject) -> Type:
    """What the subject is at a point."""
    found = before.variables.get(subject.root, ANY) if subject.root else before.input
    for name in subject.names:
        if found.object is None or found.anything:
            return ANY
        found = found.object.member(name)
    return found


def texts_at(before: Environment, subject: Subject) -> frozenset[str] | None:
    """The texts that the subject may be at a point; None where they are not listed."""
    found = type_at(before, subject)
    if found.anything or found.strings is None or found.strings.literals is None:
        return None if found.anything or found.strings is not None else frozenset()
    return found.strings.literals


def _compared(facts: "Facts", state: State, rule: int) -> Iterator[tuple[Subject, str]]:
    body = state.body["Choices"][rule]
    if not isinstance(body, Mapping) or is_unknown(body):
        return
    if state.language == "JSONata":
        yield from _in_jsonata(facts, state, rule)
    elif state.body.get("InputPath", "$") == "$":
        yield from _in_jsonpath(body)


def _in_jsonata(facts: "Facts", state: State, rule: int) -> Iterator[tuple[Subject, str]]:
    site = facts.types.site((*state.pointer, "Choices", rule, "Condition"))
    if site is None or site.kind != "jsonata" or has_placeholder(site.text) or not ('"' in site.text or "'" in site.text):
        return
    from asl_lint.expressions.jsonata.nodes import Array, Binary, String
    from asl_lint.expressions.jsonata.walk import walk
    from asl_lint.types.conditions import subject as subject_of

    tree, errors = site.jsonata
    for node in walk(tree) if not errors else ():
        if not isinstance(node, Binary) or node.operator not in ("=", "!=", "in"):
            continue
        for one, other in ((node.left, node.right), (node.right, node.left)):
            texts = other.items if isinstance(other, Array) and node.operator == "in" else (other,)
            found = subject_of(one)
            if found is None or not any(isinstance(text, String) for text in texts):
                continue
            root, names = found
            if root == "states":
                if names[:1] != ("input",):
                    continue
                root, names = "", names[1:]
            elif root == "":
                continue
            for text in texts:
                if isinstance(text, String):
                    yield Subject(root, names, site.expression[one.start : one.end]), text.value


def _in_jsonpath(rule: Mapping[str, Any]) -> Iterator[tuple[Subject, str]]:
    pending: list[Any] = [rule]
    while pending:
        inner = pending.pop()
        if isinstance(inner, list):
            pending += inner
        elif isinstance(inner, Mapping) and not is_unknown(inner):
            pending += [inner[name] for name in ("And", "Or", "Not") if name in inner]
            text, variable = inner.get("StringEquals"), inner.get("Variable")
            if isinstance(text, str) and isinstance(variable, str) and not has_placeholder(text + variable):
                found = _of_path(parsed_path(variable))
                if found is not None:
                    yield Subject(*found, variable), text


def _of_path(path: Path) -> tuple[str, tuple[str, ...]] | None:
    if path.errors or path.root == "context" or any(step.kind != "member" for step in path.steps):
        return None
    return path.variable or "" if path.root == "variable" else "", tuple(step.names[0] for step in path.steps)
