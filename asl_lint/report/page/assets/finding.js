// One finding: what, where with its lines, along which path, why it matters, how to mend it.

function findingDetail(finding, explanation, chooseStep) {
  const line = finding.span.start.line;
  const place = `${finding.file}:${line}`;
  return [
    h("h2", { tabindex: "-1", class: "head" }, severityMark(finding.severity), " ", outward(finding.url, h("code", {}, finding.rule)), finding.status === "new" && h("span", { class: "new" }, "new")),
    h("p", { class: "message" }, finding.message),
    finding.help && h("p", {}, finding.help),
    h("p", { class: "place" }, outward(finding.link, name(place)), finding.confidence !== "high" && ` · confidence ${finding.confidence}`),
    sourceLines(finding.lines),
    finding.path.length > 0 && [h("h3", {}, "Path"), h("ol", { class: "path" }, finding.path.map((step) => stepLine(step, chooseStep)))],
    finding.related.length > 0 && [h("h3", {}, "See also"), h("ul", { class: "path" }, finding.related.map((step) => stepLine(step, chooseStep)))],
    explanation && [h("h3", {}, "Why"), h("p", {}, explanation.why), h("h3", {}, "How to mend it"), h("p", {}, explanation.fix)],
    finding.fix && correction(finding),
    explanation && explanation.references.length > 0 && [
      h("h3", {}, "References"),
      h("ul", { class: "references" }, explanation.references.map((one) => h("li", {}, outward(one, one)))),
    ],
  ];
}

function stepLine(step, chooseStep) {
  const words = [step.message, " ", h("span", { class: "line" }, `line ${step.span.start.line}`)];
  return h("li", {}, chooseStep ? h("button", { type: "button", class: "plain", onclick: () => chooseStep(step.pointer) }, words) : words);
}

function sourceLines(lines) {
  if (lines.length === 0) return null;
  const rows = [];
  let before = lines[0].line - 1;
  for (const { line, parts } of lines) {
    if (line > before + 1) rows.push(h("span", { class: "gap" }, "⋯\n"));
    before = line;
    rows.push(h("span", { class: "number" }, `${line} `), parts.map(([text, role]) => (role ? h("mark", { class: role }, text) : text)), "\n");
  }
  return h("pre", { class: "source", tabindex: "0", role: "region", "aria-label": "Lines of the file" }, h("code", {}, rows));
}

function correction(finding) {
  const { fix } = finding;
  const rows = finding.correction.map(([sign, text]) => h(sign === "+" ? "ins" : "del", {}, `${sign} ${text}\n`));
  return [
    h("h3", {}, `Correction${fix.safe ? "" : " (look at it: it may change what the definition does)"}`),
    h("p", {}, fix.title),
    rows.length > 0 && h("pre", { class: "source", tabindex: "0", role: "region", "aria-label": "The lines, corrected" }, rows),
  ];
}

/** A row of a list of findings: one click leads to it. */
function findingLink(finding, address, isCurrent) {
  return h("a", { class: "finding", href: address, "aria-current": isCurrent && "true" },
    severityMark(finding.severity), " ", h("span", { class: "message" }, finding.message), " ",
    h("span", { class: "rule" }, finding.rule), finding.status === "new" && h("span", { class: "new" }, "new"));
}
