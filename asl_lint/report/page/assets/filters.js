// What is shown of the findings: by severity, by rule, by machine, and against an earlier version by what is new.

const filters = { severities: new Set(SEVERITIES), rule: "", machine: "", status: "" };

function passes(finding) {
  return filters.severities.has(finding.severity) && (!filters.rule || finding.rule === filters.rule) && (!filters.status || finding.status === filters.status);
}

/** The controls; `changed` is called after each change. Without `findMachine` there is no field for machines. */
function filterBar(findings, compared, findMachine, changed) {
  const found = (severity) => findings.filter((one) => one.severity === severity).length;
  const box = (severity) => {
    const input = h("input", { type: "checkbox", checked: filters.severities.has(severity), onchange: () => {
      filters.severities[input.checked ? "add" : "delete"](severity);
      changed();
    } });
    return h("label", { class: "check" }, input, " ", severityMark(severity), ` ${number(found(severity))}`);
  };
  const rules = [...new Set([...findings.map((one) => one.rule), filters.rule])].filter(Boolean).sort();
  return h("form", { class: "filters", role: "search", "aria-label": "Filter the findings", onsubmit: (event) => event.preventDefault() },
    h("fieldset", {}, h("legend", {}, "Severity"), SEVERITIES.map(box)),
    choice("Rule", "rule", [["", "all rules"], ...rules.map((one) => [one, one])], changed),
    compared && choice("Compared", "status", [["", "new and old"], ["new", "new only"], ["unchanged", "old only"]], changed),
    findMachine && field("Machine or file", "machine", changed));
}

function choice(label, key, options, changed) {
  const select = h("select", { onchange: () => {
    filters[key] = select.value;
    changed();
  } }, options.map(([value, text]) => h("option", { value, selected: filters[key] === value }, text)));
  return h("label", { class: "field" }, h("span", {}, label), select);
}

function field(label, key, changed) {
  const input = h("input", { type: "search", "data-search": true, value: filters[key], oninput: () => {
    filters[key] = input.value;
    changed();
  } });
  return h("label", { class: "field" }, h("span", {}, label), input);
}
