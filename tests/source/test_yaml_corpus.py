"""The YAML of the corpus: read as PyYAML reads it, every string traced, no mutation breaks the reader."""

import os
import random
from pathlib import Path

import pytest
import yaml

from asl_lint.source.document import MISSING
from asl_lint.source.placeholders import Placeholder
from asl_lint.source.text import Text
from asl_lint.source.yaml_comments import comments
from asl_lint.source.yaml_text import read_yaml

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
if not CORPUS.is_dir():
    if os.environ.get("CI") == "true":
        raise FileNotFoundError(f"no corpus at {CORPUS}")
    pytest.skip(f"no corpus at {CORPUS}", allow_module_level=True)

FILES = sorted(p for folder in ("good", "bad", "iac") for p in (CORPUS / folder).rglob("*") if p.suffix in (".yaml", ".yml"))


def content_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")


class _Plain(yaml.CSafeLoader):
    """PyYAML without implicit types but for merge keys, and with None for the tags of applications."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":merge", ":value"))]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_multi_constructor("!", lambda loader, suffix, node: None)
_Plain.add_constructor("tag:yaml.org,2002:value", lambda loader, node: node.value)


def same(ours: object, theirs: object, text: str) -> bool:
    if isinstance(ours, Placeholder):
        return theirs is None or theirs == ours.text
    if isinstance(ours, dict):
        return isinstance(theirs, dict) and list(ours) == list(theirs) and all(same(ours[k], theirs[k], text) for k in ours)
    if isinstance(ours, list):
        return isinstance(theirs, list) and len(ours) == len(theirs) and all(map(same, ours, theirs, [text] * len(ours)))
    if isinstance(ours, str):
        return ours == theirs
    if ours is None:
        return theirs in ("", "~", "null", "Null", "NULL")
    if isinstance(ours, bool):
        return isinstance(theirs, str) and theirs.lower() == str(ours).lower()
    return isinstance(ours, (int, float)) and isinstance(theirs, str) and float(theirs) == ours


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CORPUS)))
def test_a_file_reads_as_pyyaml_reads_it_and_every_string_traces(path: Path) -> None:
    content = content_of(path)
    document = read_yaml(Text(content))
    assert {p.code for p in document.problems} <= {"duplicate-key", "boolean-like-name"}
    assert same(document.value, yaml.load(content, _Plain), content)
    document.node(())
    assert document._spans is not None
    for pointer in document._spans:
        for segment in document.string(pointer).segments:
            assert segment.kind != "opaque"
            if segment.kind == "verbatim":
                source = content[segment.parent_start : segment.parent_end]
                assert document.string(pointer).content[segment.start : segment.end] == source


def leaves(value: object, pointer: tuple[object, ...] = ()) -> dict[tuple[object, ...], object]:
    if isinstance(value, dict):
        return {p: leaf for key, inner in value.items() for p, leaf in leaves(inner, (*pointer, key)).items()}
    if isinstance(value, list):
        return {p: leaf for index, inner in enumerate(value) for p, leaf in leaves(inner, (*pointer, index)).items()}
    return {pointer: value}


def test_broken_files_keep_what_stood_before_the_error() -> None:
    random_source = random.Random(11)
    contents = [content for content in map(content_of, FILES) if len(content) < 20_000]
    wrong = total = broken = near = 0
    for _ in range(250):
        content = random_source.choice(contents)
        at = random_source.choice([i for i, c in enumerate(content) if c in ":-\"'[]{} \n,|"])
        char = random_source.choice(["", content[at] * 2, *":-\"'[]{} \n,|\t@\x01"])
        mutated = content[:at] + char + content[at + 1 :]
        document = read_yaml(Text(mutated))
        comments(Text(mutated))
        if () not in document.damaged:
            continue
        broken += 1
        near += any(abs(problem.span.start - at) <= 60 for problem in document.problems)
        intact = leaves(read_yaml(Text(content)).value)
        for pointer, value in leaves(document.value).items():
            total += 1
            wrong += value is not MISSING and intact.get(pointer) != value
    assert broken > 50
    assert near >= 0.9 * broken
    assert wrong <= 0.005 * total
