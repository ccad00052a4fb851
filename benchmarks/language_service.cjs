// Validates definitions with amazon-states-language-service, which is a library for editors and has no command line.
//
//     NODE_PATH=…/node_modules node language_service.cjs FILE…
//
// Prints one line a file and one a diagnostic; exits with 1 if there is a diagnostic, as linters do.

"use strict";

const { readFileSync } = require("node:fs");
const { getLanguageService, TextDocument } = require("amazon-states-language-service");

async function main(files) {
  const service = getLanguageService({});
  let found = 0;
  for (const file of files) {
    const document = TextDocument.create(`file://${file}`, "asl", 1, readFileSync(file, "utf8"));
    const diagnostics = await service.doValidation(document, service.parseJSONDocument(document));
    found += diagnostics.length;
    console.log(`${file}: ${diagnostics.length} diagnostics`);
    for (const { range, message } of diagnostics) {
      console.log(`  ${range.start.line + 1}:${range.start.character + 1} ${message}`);
    }
  }
  process.exitCode = found > 0 ? 1 : 0;
}

main(process.argv.slice(2));
