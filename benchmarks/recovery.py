"""How well broken JSON is read: definitions of the corpus with one structural character deleted, doubled or replaced.

    python benchmarks/recovery.py [--corpus DIR] [--sample N] [--seed N] [--show N] [--minified]

Prints one figure a line, with the goal. A mutation that leaves valid JSON is not counted. `--sample 0` takes every mutation.
`--minified` takes the definitions without line breaks and blanks between tokens, where no indentation tells what is lost.
"""

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from asl_lint.source.document import MISSING, Document, Pointer
from asl_lint.source.json_spans import scan_spans
from asl_lint.source.json_text import read_json
from asl_lint.source.text import Text

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
STRUCTURAL = '{}[],:"'
NEAR = 60
_STRING_OR_BLANKS = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\n\r]+', re.DOTALL)
_STRING_OR_STRUCTURAL = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]', re.DOTALL)


class Mutation(NamedTuple):
    """``kind`` is ``deleted``, ``doubled`` or ``replaced``; ``lost`` the character that was there; ``text`` the result."""

    file: str
    offset: int
    kind: str
    lost: str
    new: str
    text: str

    @property
    def lost_closer(self) -> bool:
        return self.lost in "}]" and self.kind != "doubled"


class Outcome(NamedTuple):
    """What became of one mutation: errors, distance of the first one, states before and still checked, and disagreements.

    ``damaged`` are states that are damaged themselves, ``inside`` those that lie somewhere in a damaged container.
    """

    mutation: Mutation
    errors: int
    distance: int
    states: int
    checked: int
    damaged: int
    inside: int
    disagreements: list[str]
    seconds: float


def minified(text: str) -> str:
    """The text without blanks between tokens; strings, numbers and repeated keys stay as they are."""
    return _STRING_OR_BLANKS.sub(lambda match: match[1] or "", text)


def definitions(corpus: Path) -> list[tuple[str, str]]:
    """Name and text of the corpus's strict JSON definitions, without byte order marks."""
    lines = (corpus / "good" / "manifest.jsonl").read_text(encoding="utf-8").split("\n")
    names = [
        entry["file"] for entry in map(json.loads, filter(None, lines)) if entry["strict"] and entry["file"].endswith(".json")
    ]
    return [(name, (corpus / "good" / name).read_bytes().decode("utf-8-sig")) for name in names]


def structural_offsets(text: str) -> list[int]:
    """Where the brackets, commas, colons and quotes of a valid text stand."""
    offsets: list[int] = []
    for match in _STRING_OR_STRUCTURAL.finditer(text):
        offsets.append(match.start())
        if match[0][0] == '"':
            offsets.append(match.end() - 1)
    return offsets


def mutations_at(file: str, text: str, offset: int) -> Iterator[Mutation]:
    """All mutations of the character at ``offset``: deleted, doubled, replaced by each other structural character."""
    char = text[offset]
    before, after = text[:offset], text[offset + 1 :]
    yield Mutation(file, offset, "deleted", char, "", before + after)
    yield Mutation(file, offset, "doubled", char, char * 2, before + char * 2 + after)
    for other in STRUCTURAL:
        if other != char:
            yield Mutation(file, offset, "replaced", char, other, before + other + after)


def sample(files: list[tuple[str, str]], count: int, seed: int) -> Iterator[Mutation]:
    """``count`` mutations that leave no valid JSON: a file, a place in it, and a mutation of it, each drawn evenly."""
    draw = random.Random(seed)
    places = [structural_offsets(text) for _, text in files]
    taken = 0
    while taken < count:
        which = draw.randrange(len(files))
        name, text = files[which]
        mutation = draw.choice(list(mutations_at(name, text, draw.choice(places[which]))))
        if not is_json(mutation.text):
            taken += 1
            yield mutation


def every(files: list[tuple[str, str]]) -> Iterator[Mutation]:
    """All mutations that leave no valid JSON."""
    for name, text in files:
        for offset in structural_offsets(text):
            yield from (mutation for mutation in mutations_at(name, text, offset) if not is_json(mutation.text))


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def states_of(value: object, pointer: Pointer = ()) -> Iterator[tuple[Pointer, dict[str, object]]]:
    """Every object that is a member of a ``States`` object, with its pointer."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key == "States" and isinstance(member, dict):
                for name, state in member.items():
                    if isinstance(state, dict):
                        yield (*pointer, key, name), state
            yield from states_of(member, (*pointer, key))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from states_of(element, (*pointer, index))


def at(value: object, pointer: Pointer) -> object:
    for part in pointer:
        in_object = isinstance(value, dict) and part in value
        in_array = isinstance(value, list) and isinstance(part, int) and part < len(value)
        if not (in_object or in_array):
            return MISSING
        value = value[part]  # type: ignore[index]
    return value


def disagreements(intact: object, read: object, document: Document, pointer: Pointer = ()) -> Iterator[str]:
    """Members outside damaged containers that vanished, appeared or changed."""
    damaged = pointer in document.damaged
    if read is MISSING:
        return
    if isinstance(intact, dict) and isinstance(read, dict):
        if not damaged and list(intact) != list(read):
            yield f"members of {pointer}: {list(intact)} became {list(read)}"
        for key, member in read.items():
            if key in intact and not (damaged and type(intact[key]) is not type(member)):
                yield from disagreements(intact[key], member, document, (*pointer, key))
    elif isinstance(intact, list) and isinstance(read, list):
        if not damaged and len(intact) != len(read):
            yield f"elements of {pointer}: {len(intact)} became {len(read)}"
        if len(intact) == len(read):
            for index, (before, after) in enumerate(zip(intact, read, strict=True)):
                if not (damaged and type(before) is not type(after)):
                    yield from disagreements(before, after, document, (*pointer, index))
    elif intact != read and pointer[:-1] not in document.damaged:
        yield f"{pointer}: {str(intact)[:60]!r} became {str(read)[:60]!r}"


def measure(mutation: Mutation, intact_text: str) -> Outcome:
    """Read a mutated text and compare with the intact one."""
    intact = json.loads(intact_text)
    text = Text(mutation.text)
    started = time.perf_counter()
    document = read_json(text)
    seconds = time.perf_counter() - started
    errors = [problem for problem in document.problems if problem.code == "syntax-error"]
    distance = min((abs(p.span.start - mutation.offset) for p in errors[:1]), default=10**9)
    spans = scan_spans(intact_text)
    states = checked = damaged = inside = 0
    for pointer, state in states_of(intact):
        states += 1
        read = at(document.value, pointer)
        start, end = spans[pointer].value
        holds = start <= mutation.offset < end
        checked += isinstance(read, dict) and (holds or read == state)
        if isinstance(read, dict):
            damaged += pointer in document.damaged
            inside += any(pointer[:length] in document.damaged for length in range(len(pointer) + 1))
    changed = list(disagreements(intact, document.value, document))
    return Outcome(mutation, len(errors), distance, states, checked, damaged, inside, changed, seconds)


class Figures(NamedTuple):
    """Shares are fractions; ``disagreements`` is the share of mutations with any."""

    refused: float
    near: float
    near_lost_closers: float
    errors: float
    checked: float
    damaged: float
    inside: float
    disagreements: float
    seconds: float


def figures(outcomes: list[Outcome]) -> Figures:
    near = [outcome for outcome in outcomes if not outcome.mutation.lost_closer]
    lost = [outcome for outcome in outcomes if outcome.mutation.lost_closer]
    states = sum(outcome.states for outcome in outcomes)
    return Figures(
        sum(outcome.errors > 0 for outcome in outcomes) / len(outcomes),
        sum(outcome.distance <= NEAR for outcome in near) / max(len(near), 1),
        sum(outcome.distance <= NEAR for outcome in lost) / max(len(lost), 1),
        sum(outcome.errors for outcome in outcomes) / len(outcomes),
        sum(outcome.checked for outcome in outcomes) / max(states, 1),
        sum(outcome.damaged for outcome in outcomes) / max(states, 1),
        sum(outcome.inside for outcome in outcomes) / max(states, 1),
        sum(bool(outcome.disagreements) for outcome in outcomes) / len(outcomes),
        sum(outcome.seconds for outcome in outcomes) / len(outcomes),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--sample", type=int, default=5000, help="mutations to draw; 0 for all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=0, help="cases to print of each shortcoming")
    parser.add_argument("--minified", action="store_true", help="of the definitions without blanks")
    arguments = parser.parse_args()
    files = definitions(arguments.corpus)
    if arguments.minified:
        files = [(name, minified(text)) for name, text in files]
    texts = dict(files)
    drawn = sample(files, arguments.sample, arguments.seed) if arguments.sample else every(files)
    outcomes = [measure(mutation, texts[mutation.file]) for mutation in drawn]
    found = figures(outcomes)
    print(f"mutations        {len(outcomes)} of {len(files)} definitions")
    print(f"refused          {found.refused:.2%}  (goal 100 %)")
    print(f"first error near {found.near:.2%}  within {NEAR} characters, lost closers apart (goal 95 %)")
    print(f"  lost closers   {found.near_lost_closers:.2%}")
    print(f"errors           {found.errors:.3f} a file  (goal at most 1.5)")
    print(f"states checked   {found.checked:.2%}  (goal 75 %)")
    print(f"states damaged   {found.damaged:.2%}  where no rule says that a field is missing")
    print(f"  or inside      {found.inside:.2%}  of a damaged container")
    print(f"disagreements    {found.disagreements:.2%}  of mutations change something outside damaged containers (goal 0)")
    print(f"time             {found.seconds * 1000:.2f} ms a file, at most {max(o.seconds for o in outcomes) * 1000:.0f} ms")
    shortcomings = {
        "not refused": [o for o in outcomes if not o.errors],
        "far": [o for o in outcomes if o.distance > NEAR and not o.mutation.lost_closer],
        "many": [o for o in outcomes if o.errors > 2],
        "unchecked": [o for o in outcomes if o.checked < o.states],
        "disagreement": [o for o in outcomes if o.disagreements],
    }
    for name, cases in shortcomings.items():
        print(f"{name}: {len(cases)}" if arguments.show else "", end="\n" if arguments.show else "")
        for o in cases[: arguments.show]:
            m = o.mutation
            around = m.text[max(m.offset - 40, 0) : m.offset + 40]
            print(f"  {m.kind} {m.lost} -> {m.new} at {m.offset} of {m.file[-50:]}: {o.errors} errors, {o.distance} away, "
                  f"{o.checked}/{o.states} states; {around!r} {o.disagreements[:1]}")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
