"""The machines of one template that start each other: which one an ARN means, how long an execution of it can last, and what
it ends with.

Read only when a machine of the template starts another one and waits for it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from asl_lint.facts.machine_facts import Facts, NestedMachine, Workflow
from asl_lint.late import TYPE_CHECKING, cached_property
from asl_lint.source.document import Document
from asl_lint.source.embedded import EmbeddedMachine
from asl_lint.source.placeholders import PLACEHOLDER
from asl_lint.source.substitution import fill
from asl_lint.source.template_texts import TemplateTexts

if TYPE_CHECKING:
    from asl_lint.types.lattice import Type

Read = Callable[[EmbeddedMachine], Document | None]
"""The definition of a machine; None where it cannot be had."""
Filled = Callable[[EmbeddedMachine], Mapping[str, str]]
"""What a template fills in for the placeholders of a machine."""


class Siblings:
    """The machines of a template."""

    def __init__(self, machines: Callable[[], Iterable[EmbeddedMachine]], read: Read, filled: Filled) -> None:
        self._list = machines
        self._read = read
        self._filled = filled
        self._seconds: dict[str, float | None] = {}
        self._facts: dict[str, Facts | None] = {}

    @cached_property
    def _machines(self) -> list[EmbeddedMachine]:
        return list(self._list())

    def of(self, machine: EmbeddedMachine) -> Callable[[str], NestedMachine | None] | None:
        """What tells of the machines that this one starts; None where its template has no resources."""
        return (lambda arn: self._named(machine, arn)) if machine.template else None

    def _named(self, machine: EmbeddedMachine, written: str) -> NestedMachine | None:
        """The machine that an ARN in a definition means."""
        texts = TemplateTexts(machine.template)
        filled = self._filled(machine)
        arn = PLACEHOLDER.sub(lambda found: filled.get(found[0][2:-1], found[0]), written)
        for other in self._machines:
            name = other.logical_id
            own = texts.text({"Ref": name}) or ""
            unnamed = re.fullmatch(rf"\$\{{{re.escape(name)}(\.Arn|Alias\w+)?\}}(:\w+)?", arn)
            if name != machine.logical_id and (unnamed or arn == own or arn.startswith(f"{own}:")):
                return NestedMachine(f'"{name}"', self._lasts(other), partial(self._gives, other))
        return None

    def _lasts(self, machine: EmbeddedMachine) -> float | None:
        name = machine.logical_id
        if name not in self._seconds:
            facts = self._facts_of(machine)
            self._seconds[name] = None if facts is None else _longest(facts)
        return self._seconds[name]

    def _gives(self, machine: EmbeddedMachine) -> "Type | None":
        facts = self._facts_of(machine)
        return None if facts is None else facts.types.whole_output

    def _facts_of(self, machine: EmbeddedMachine) -> Facts | None:
        """What is known of another machine, for itself: what it starts in its turn is not followed."""
        name = machine.logical_id
        if name not in self._facts:
            document = self._read(machine)
            self._facts[name] = None
            if document is not None and not document.damaged:
                filled = fill(document, machine.substitutions or {})
                self._facts[name] = Facts(Workflow("", filled, machine.machine_type))
        return self._facts[name]


def _longest(facts: Facts) -> float | None:
    from asl_lint.facts.amounts import number
    from asl_lint.facts.time_limits import timeout

    limits = (timeout(facts), number(facts.budgets.executions[0].most("seconds")))
    return min((limit for limit in limits if limit is not None), default=None)
