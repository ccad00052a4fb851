// Evaluates expressions with jsonata-js and the functions that Step Functions adds: one JSON line in, one out.
// Run as `node reference.js FOLDER`, FOLDER holding node_modules/jsonata; an undefined value is an error, as there.
"use strict";
const { createHash } = require("node:crypto");
const { createInterface } = require("node:readline");
const { join } = require("node:path");

const jsonata = require(join(process.argv[2], "node_modules", "jsonata"));

async function answer(line) {
  const { code, bindings, millis } = JSON.parse(line);
  try {
    const expression = jsonata(code);
    expression.assign("hash", (text, name) => createHash(name.replace("-", "").toLowerCase()).update(text).digest("hex"));
    expression.assign("parse", (text) => JSON.parse(text));
    expression.assign("millis", () => millis);
    expression.assign("now", () => new Date(millis).toISOString());
    const value = await expression.evaluate(undefined, bindings);
    return value === undefined ? { failed: true } : { value };
  } catch (error) {
    return { failed: true, error: `${error.code} ${error.message}` };
  }
}

(async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await answer(line)));
  }
})();
