"""What the benchmarks share: the installed linter, the corpus, and how long a command takes.

The linter that is measured is a wheel built from this checkout and installed with its bytecode into an environment of its own,
never the checkout itself.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent
CORPUS = Path(os.environ.get("ASL_LINT_CORPUS", CHECKOUT.parent / "shared" / "corpus"))

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | {"LC_ALL": "C.UTF-8"}
"""What commands run in: without settings such as PYTHONDONTWRITEBYTECODE or PYTHONPATH, which would measure something else."""


class Run(NamedTuple):
    """One run of a command.

    ``wall`` and ``cpu`` in seconds, ``peak`` in bytes, of its largest process; ``output`` of both streams.
    """

    wall: float
    cpu: float
    peak: int
    exit: int
    output: str


def measured(command: Sequence[str | Path], folder: Path) -> Run:
    """Run a command, whose first word is a full path, in a folder."""
    with tempfile.NamedTemporaryFile("r") as result, tempfile.TemporaryFile() as output:
        spawn = [sys.executable, "-I", "-S", HERE / "spawn.py", result.name, *command]
        subprocess.run(
            spawn, check=True, cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        wall, cpu, peak, code = result.read().split()
        output.seek(0)
        return Run(float(wall), float(cpu), int(peak), int(code), output.read().decode("utf-8", "replace"))


def run(*command: str | Path) -> str:
    """The standard output of a command that is not measured. Leaves the program, with what the command said, if it fails."""
    done = subprocess.run(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\nfailed with exit code {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def python_environment(folder: Path, *requirements: str | Path) -> Path:
    """A new virtual environment with packages and their bytecode; its folder of programs."""
    run(sys.executable, "-m", "venv", folder)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    run(programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--compile", *requirements)
    return programs


def install_linter(folder: Path) -> Path:
    """Build this checkout's wheel and install it; the folder of programs, with ``asl-lint`` and ``python``."""
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "-w", folder, CHECKOUT)
    (wheel,) = folder.glob("asl_lint-*.whl")
    programs = python_environment(folder / "asl-lint", wheel)
    package = Path(run(programs / "python", "-c", "import asl_lint; print(asl_lint.__path__[0])").strip())
    if not list(package.glob("__pycache__/*.pyc")):
        sys.exit(f"{package} was installed without bytecode; its start-up would be measured wrongly")
    return programs


def definitions() -> list[Path]:
    """The corpus' strict JSON definitions, by name. Leaves the program where there is no corpus."""
    folder = CORPUS / "good"
    if not folder.is_dir():
        sys.exit(f"no corpus of definitions at {CORPUS}; set ASL_LINT_CORPUS to the folder that holds good/manifest.jsonl")
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").split("\n")
    entries = [json.loads(line) for line in lines if line]
    return sorted(folder / entry["file"] for entry in entries if entry["strict"] and entry["file"].endswith(".json"))


def sample(count: int, seed: int, folder: Path) -> list[Path]:
    """Copies of ``count`` definitions that the seed draws, with short names and nothing else around them, smallest first."""
    drawn = random.Random(seed).sample(definitions(), count)
    copies = []
    for i, file in enumerate(sorted(drawn, key=lambda file: (file.stat().st_size, file))):
        copies.append(folder / f"{i:03}.asl.json")
        # Without a byte order mark, which JSON.parse and json.loads refuse.
        copies[-1].write_bytes(file.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    return copies
