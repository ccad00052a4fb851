"""The pack holds what the YAML says, is used while that is so, and gives way where it is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from asl_lint.catalog import CatalogError, Explanation, load_explanations, load_rules
from asl_lint.catalog.pack import (
    PACK_FILE,
    PROSE_FILE,
    content_hash,
    current_explanations,
    current_rules,
    pack,
    pack_prose,
    rules_folder,
)
from asl_lint.catalog.reading import read_shipped_rules
from asl_lint.catalog.rule import Rule
from tests.catalog.rule_files import rule, write

ROOT = Path(__file__).resolve().parent.parent.parent
LATER = 2_000_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of shipped rules with one rule and no pack."""
    (tmp_path / "rules" / "style").mkdir(parents=True)
    whole = rule(category="style", since="0.1.0", references=["https://docs.aws.amazon.com/"])
    write(tmp_path / "rules" / "style", whole)
    return tmp_path / "rules"


def build(folder: Path) -> str:
    target = folder.parent / "rules.pack.json"
    rules = [whole.rule for whole in read_shipped_rules(str(folder))]
    target.write_text(pack(rules, content_hash(str(folder))), encoding="utf-8")
    return str(target)


def summaries(target: str, folder: Path) -> list[str]:
    return [rule.summary for rule in current_rules(target, str(folder))]


def test_the_pack_in_the_repository_is_what_the_yaml_says() -> None:
    rules = tuple(whole.rule for whole in read_shipped_rules())
    assert load_rules() == rules
    assert Path(PACK_FILE).read_text(encoding="utf-8") == pack(rules, content_hash(rules_folder()))


def test_the_prose_in_the_repository_is_what_the_yaml_says() -> None:
    explanations = {whole.rule.name: Explanation(*whole.prose[:3]) for whole in read_shipped_rules()}
    assert load_explanations() == explanations
    assert Path(PROSE_FILE).read_text(encoding="utf-8") == pack_prose(explanations, content_hash(rules_folder()))


@pytest.mark.parametrize("seed", ["1", "2"])
@pytest.mark.parametrize("script", ["build_rule_pack.py", "generate_rule_docs.py"])
def test_generated_files_are_current_and_do_not_depend_on_the_hash_seed(script: str, seed: str) -> None:
    command = [sys.executable, str(ROOT / "scripts" / script), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONHASHSEED": seed})
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_packed_is_unpacked(folder: Path) -> None:
    assert current_rules(build(folder), str(folder)) == tuple(whole.rule for whole in read_shipped_rules(str(folder)))


def test_without_a_pack_the_yaml_is_read(folder: Path) -> None:
    assert summaries(str(folder.parent / "rules.pack.json"), folder) == ["A Task that can wait for ever"]


def test_a_pack_that_is_newer_than_all_yaml_is_taken_at_its_word(folder: Path) -> None:
    target = build(folder)
    file = folder / "style" / "task-that-hangs.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("wait for ever", "hang"), encoding="utf-8")
    os.utime(target, (LATER, LATER))
    assert summaries(target, folder) == ["A Task that can wait for ever"]


def test_a_changed_file_is_read_again(folder: Path) -> None:
    target = build(folder)
    file = folder / "style" / "task-that-hangs.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("wait for ever", "hang"), encoding="utf-8")
    os.utime(file, (LATER, LATER))
    assert summaries(target, folder) == ["A Task that can hang"]


def test_a_file_that_is_only_newer_does_not_cost_a_yaml_reader(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = build(folder)
    os.utime(folder / "style" / "task-that-hangs.yaml", (LATER, LATER))
    monkeypatch.setitem(sys.modules, "asl_lint.catalog.reading", None)  # an import of it would now raise
    assert summaries(target, folder) == ["A Task that can wait for ever"]


def test_prose_follows_its_file_as_rules_do(folder: Path) -> None:
    target = folder.parent / "rules.prose.json"
    made = {whole.rule.name: Explanation(*whole.prose[:3]) for whole in read_shipped_rules(str(folder))}
    assert current_explanations(str(target), str(folder)) == made
    target.write_text(pack_prose(made, content_hash(str(folder))), encoding="utf-8")
    assert current_explanations(str(target), str(folder)) == made
    file = folder / "style" / "task-that-hangs.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("It waits", "It hangs"), encoding="utf-8")
    os.utime(file, (LATER, LATER))
    assert current_explanations(str(target), str(folder))["task-that-hangs"].why == "It hangs for ever."


def test_damaged_prose_is_an_error_with_advice(folder: Path) -> None:
    target = folder.parent / "rules.prose.json"
    target.write_text('{"prose": {"a": []}}', encoding="utf-8")
    os.utime(target, (LATER, LATER))
    with pytest.raises(CatalogError, match="install asl-lint again"):
        current_explanations(str(target), str(folder))


def test_a_removed_file_is_noticed(folder: Path) -> None:
    write(folder / "style", rule(name="other", category="style", since="0.1.0", references=["https://docs.aws.amazon.com/"]))
    target = build(folder)
    (folder / "style" / "other.yaml").unlink()
    os.utime(folder / "style", (LATER, LATER))
    assert len(summaries(target, folder)) == 1


def test_a_damaged_pack_in_a_checkout_is_made_anew(folder: Path) -> None:
    target = build(folder)
    Path(target).write_text("{", encoding="utf-8")
    os.utime(folder / "style", (LATER, LATER))
    assert summaries(target, folder) == ["A Task that can wait for ever"]


def test_a_damaged_pack_that_is_installed_is_an_error_with_advice(folder: Path) -> None:
    target = build(folder)
    Path(target).write_text('{"rules": [1]}', encoding="utf-8")
    os.utime(target, (LATER, LATER))
    with pytest.raises(CatalogError, match="install asl-lint again"):
        current_rules(target, str(folder))


def test_the_hash_does_not_depend_on_line_endings_or_on_other_files(folder: Path) -> None:
    before = content_hash(str(folder))
    file = folder / "style" / "task-that-hangs.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    (folder / "README.md").write_text("no rule", encoding="utf-8")
    assert content_hash(str(folder)) == before


def test_the_hash_depends_on_names(folder: Path) -> None:
    before = content_hash(str(folder))
    file = folder / "style" / "task-that-hangs.yaml"
    file.rename(file.with_name("other.yaml"))
    assert content_hash(str(folder)) != before


def test_a_pack_keeps_every_field_but_the_path() -> None:
    assert Rule._fields[-1] == "path"


def test_loading_imports_nothing_heavy() -> None:
    code = (
        "import sys; from asl_lint.catalog import load_rules; load_rules(); "
        "print(sorted({'yaml', 'jsonschema', 'jsonata', 'hashlib', 'pathlib', 'dataclasses'} & set(sys.modules)))"
    )
    # A site module of the environment may import some of them before the first line of the program.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
