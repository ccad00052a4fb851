"""The reference implementation, npm's ``jsonata@2.0.6``, asked for verdicts: one node process answers line by line."""

import json
import subprocess
from pathlib import Path
from typing import NamedTuple

VERSION = "2.0.6"

_SCRIPT = """
const jsonata = require('jsonata');
const lines = require('readline').createInterface({input: process.stdin, crlfDelay: Infinity});
const unknown = (name) => (() => { throw {code: 'T1006', message: name}; });
const added = {
  eval: unknown('eval'), parse: (text) => text === undefined ? undefined : JSON.parse(text), uuid: () => 'an id',
  hash: (text, algorithm) => algorithm === undefined ? undefined : 'a hash', partition: (array, size) => [array],
  range: (first, last, step) => [first, last], random: (seed) => 0.5,
};
const signatures = {
  parse: '<s:x>', uuid: '<:s>', hash: '<ss?:s>', partition: '<a<x>n?:a>', range: '<n?n?n?:a<n>>', random: '<n?:n>',
};
// Evaluation is asynchronous: one after the other, so that answers come in the order of the questions.
let running = Promise.resolve();
function evaluate(code) {
  running = running.then(async () => {
    let answer;
    try {
      const compiled = jsonata(code);
      for (const name in added) { compiled.registerFunction(name, added[name], signatures[name]); }
      const input = {count: 2, name: 'a name', list: [1, 2, 3], flag: true, nothing: null, deep: {a: [{b: 1}]}};
      const value = await compiled.evaluate(undefined, {states: {input: input, context: {Execution: {Id: 'x'}}}});
      const kind = value === undefined ? 'undefined' : value === null ? 'null' : Array.isArray(value) ? 'array'
        : typeof value === 'object' && ('_jsonata_lambda' in value || '_jsonata_function' in value) ? 'function' : typeof value;
      answer = {ok: true, type: kind};
    } catch (error) {
      answer = {ok: false, code: error.code || 'thrown', position: null};
    }
    console.log(JSON.stringify(answer));
  });
}
lines.on('line', (line) => {
  const asked = JSON.parse(line);
  if (typeof asked !== 'string') { evaluate(asked.evaluate); return; }
  let answer = {ok: true};
  try { jsonata(asked); }
  catch (error) {
    const position = error.position === undefined ? null : error.position;
    answer = {ok: false, code: error.code || null, position, name: error.name || null};
  }
  console.log(JSON.stringify(answer));
});
"""


class Verdict(NamedTuple):
    """What the reference says of an expression.

    ``code`` is empty where it accepts, ``bad-regex`` where JavaScript refuses a regular expression. ``position`` counts UTF-16
    units, and is None where the reference gives none.
    """

    code: str
    position: int | None


class Reference:
    """A running node process. ``folder`` holds ``node_modules/jsonata``."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            ["node", "-e", _SCRIPT], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def verdict(self, expression: str) -> Verdict:
        """What the reference says of one expression."""
        return self.verdicts([expression])[0]

    def verdicts(self, expressions: list[str]) -> list[Verdict]:
        """What the reference says of each."""
        assert self._process.stdin is not None and self._process.stdout is not None
        found: list[Verdict] = []
        # In portions that the pipes hold, so that neither side waits for the other for ever.
        for first in range(0, len(expressions), 50):
            portion = expressions[first : first + 50]
            self._process.stdin.write("".join(json.dumps(expression) + "\n" for expression in portion))
            self._process.stdin.flush()
            found += [_verdict(self._process.stdout.readline()) for _ in portion]
        return found

    def outcomes(self, expressions: list[str]) -> list[str]:
        """What evaluating each gives: the type of its value, ``undefined``, or ``!`` and the code of the error.

        With the functions that Step Functions adds, without ``$eval``, without an input document, and ``$states`` bound.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        found: list[str] = []
        for first in range(0, len(expressions), 50):
            portion = expressions[first : first + 50]
            self._process.stdin.write("".join(json.dumps({"evaluate": expression}) + "\n" for expression in portion))
            self._process.stdin.flush()
            for _ in portion:
                answer = json.loads(self._process.stdout.readline())
                found.append(answer["type"] if answer["ok"] else "!" + str(answer["code"]))
        return found

    def close(self) -> None:
        """Ends the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)


def _verdict(line: str) -> Verdict:
    answer = json.loads(line)
    if answer["ok"]:
        return Verdict("", None)
    if answer["code"] is None:
        assert answer["name"] == "SyntaxError", answer
        return Verdict("bad-regex", None)
    return Verdict(answer["code"], answer["position"])
