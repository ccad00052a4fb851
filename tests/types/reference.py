"""The reference implementation, npm's ``jsonata@2.0.6``, asked for values: expressions with their variables in, values out."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

_SCRIPT = r"""
const jsonata = require('jsonata');
const lines = require('readline').createInterface({input: process.stdin, crlfDelay: Infinity});
const fails = (code) => { throw {code}; };
function range(first, last, step) {
  if (first === undefined || last === undefined || step === undefined) { return undefined; }
  [first, last, step] = [first, last, step].map(Math.trunc);
  if (step === 0) { fails('range'); }
  const found = [];
  for (let n = first; step > 0 ? n <= last : n >= last; n += step) { found.push(n); }
  found.sequence = true;
  return found;
}
function partition(array, size) {
  if (array === undefined || array.length === 0) { return undefined; }
  if (size === undefined) { return [array]; }
  size = Math.trunc(size);
  if (size < 0) { fails('size'); }
  if (size === 0) { return undefined; }
  const found = [];
  for (let i = 0; i < array.length; i += size) { found.push(array.slice(i, i + size)); }
  return found;
}
const added = {
  eval: [() => fails('T1006'), '<x?x?>'], parse: [(text) => text === undefined ? undefined : JSON.parse(text), '<s:x>'],
  uuid: [() => '6f3c2f6e-8b52-4d3d-9a3f-0d8c2c9a5f10', '<:s>'], random: [(seed) => 0.5, '<n?:n>'],
  hash: [(text, algorithm) => text === undefined || algorithm === undefined ? undefined : '0a1b', '<ss?:s>'],
  range: [range, '<n?n?n?:a<n>>'], partition: [partition, '<an?:a>'],
};
const isFunction = (value) => typeof value === 'function' || (value && (value._jsonata_lambda || value._jsonata_function));
function plain(value, depth) {
  if (depth > 60) { fails('deep'); }
  if (value === undefined) { return null; }
  if (isFunction(value)) { return {'\u0000function': true}; }
  if (typeof value === 'number' && !isFinite(value)) { fails('nonfinite'); }
  if (Array.isArray(value)) { return Array.from(value, (element) => plain(element, depth + 1)); }
  if (value !== null && typeof value === 'object') {
    const found = {};
    for (const key of Object.keys(value)) { if (value[key] !== undefined) { found[key] = plain(value[key], depth + 1); } }
    return found;
  }
  return value;
}
async function evaluate(asked) {
  try {
    const compiled = jsonata(asked.expression);
    for (const name in added) { compiled.registerFunction(name, added[name][0], added[name][1]); }
    let steps = 0, depth = 0;
    const entered = () => { steps++; depth++; if (steps > 20000 || depth > 200) { fails('bound'); } };
    compiled.assign(Symbol.for('jsonata.__evaluate_entry'), entered);
    compiled.assign(Symbol.for('jsonata.__evaluate_exit'), () => { depth--; });
    const value = await compiled.evaluate(asked.input, asked.variables);
    return value === undefined ? {undefined: true} : {value: plain(value, 0)};
  } catch (error) { return {error: String(error && error.code || 'thrown')}; }
}
let running = Promise.resolve();
lines.on('line', (line) => {
  running = running.then(async () => { console.log(JSON.stringify(await evaluate(JSON.parse(line)))); });
});
"""


class Evaluated(NamedTuple):
    """What evaluating gave: ``error``, or ``value`` in a tuple, which is empty for ``undefined``."""

    error: str
    value: tuple[Any, ...]


class Question(NamedTuple):
    """An expression with the variables that it is evaluated for; ``document`` is the input document in a tuple."""

    expression: str
    variables: Mapping[str, Any]
    document: tuple[Any, ...] = ()


_FUNCTION: Final = "\0function"


class Evaluator:
    """A running node process. ``folder`` holds ``node_modules/jsonata``."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            ["node", "-e", _SCRIPT], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def evaluate(self, questions: Sequence[Question]) -> list[Evaluated]:
        """The answers in the order of the questions."""
        assert self._process.stdin is not None and self._process.stdout is not None
        found: list[Evaluated] = []
        # In portions that the pipes hold, so that neither side waits for the other for ever.
        for first in range(0, len(questions), 20):
            portion = questions[first : first + 20]
            self._process.stdin.write("".join(_line(question) for question in portion))
            self._process.stdin.flush()
            found += [_evaluated(self._process.stdout.readline()) for _ in portion]
        return found

    def close(self) -> None:
        """Ends the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)


def _line(question: Question) -> str:
    asked: dict[str, Any] = {"expression": question.expression, "variables": dict(question.variables)}
    if question.document:
        asked["input"] = question.document[0]
    return json.dumps(asked) + "\n"


def _evaluated(line: str) -> Evaluated:
    answer = json.loads(line)
    if "error" in answer:
        return Evaluated(answer["error"], ())
    return Evaluated("", () if "undefined" in answer else (_decoded(answer["value"]),))


def _decoded(value: Any) -> Any:
    """A value with a Python function for each function."""
    if isinstance(value, list):
        return [_decoded(element) for element in value]
    if isinstance(value, dict):
        return _decoded if _FUNCTION in value else {key: _decoded(member) for key, member in value.items()}
    return value
