// The first view: what was looked at, every machine in a row, every finding one click away.

const FIRST = 200;

class OverviewView {
  constructor(data) {
    this.data = data;
    this.findings = [
      ...data.findings.map((one, i) => ({ ...one, address: `#/alone/${i}`, line: one.span.start.line })),
      ...data.machines.flatMap((machine, index) => machine.findings.map((one, i) => ({ ...one, home: machine, address: `#/${index}/finding/${i}` }))),
    ].sort((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity));
    this.machines = h("div", {});
    this.list = h("ul", { class: "findings" });
    this.count = h("p", { class: "hint", role: "status" });
    this.shownFindings = FIRST;
    this.more = h("button", { type: "button", onclick: () => {
      this.shownFindings += FIRST;
      this.refresh();
    } }, "Show more");
    const bar = filterBar(this.findings, data.against !== null, true, () => {
      this.shownFindings = FIRST;
      this.refresh();
    });
    this.element = h("main", { id: "main", class: "overview", tabindex: "-1" },
      h("header", { class: "title" }, h("h1", {}, "State machines under review"), this.tiles()),
      bar, this.count,
      h("section", {}, h("h2", {}, "Machines"), this.machines),
      h("section", {}, h("h2", {}, "Findings"), this.list, this.more),
      this.others());
    this.refresh();
  }

  tiles() {
    const { summary, against } = this.data;
    const { findings, comparison } = summary;
    const tile = (count, word) => [number(count), count === 1 ? word : `${word}s`];
    const tiles = [
      tile(summary.machines, "machine"), tile(summary.states, "state"),
      [...tile(findings.error, "error"), "error"], [...tile(findings.warning, "warning"), "warning"], [number(findings.info), "info", "info"],
      [...tile(summary.not_evaluated, "rule")].map((one, i) => (i ? `${one} not evaluated` : one)), [number(summary.suppressed), "suppressed"],
    ];
    if (comparison) tiles.push([`${comparison.new} new, ${comparison.fixed} fixed`, `against ${against}`]);
    return h("dl", { class: "tiles" }, tiles.map(([value, label, kind]) => h("div", { class: kind && value !== "0" && kind }, h("dt", {}, label), h("dd", {}, value))));
  }

  refresh() {
    const wanted = filters.machine.trim().toLowerCase();
    const isWanted = (one) => `${one.file} ${one.machine || ""}`.toLowerCase().includes(wanted);
    const isNarrow = filters.rule || filters.status || filters.severities.size < SEVERITIES.length;
    const machines = this.data.machines.map((machine, index) => ({ machine, index, kept: machine.findings.filter(passes) }))
      .filter(({ machine, kept }) => isWanted(machine) && (!isNarrow || kept.length > 0));
    machines.sort((one, other) => worst(other.kept) - worst(one.kept) || one.index - other.index);
    this.machines.replaceChildren(machineTable(machines, this.data.against !== null) || h("p", {}, "No machine passes the filters."));
    const kept = this.findings.filter((one) => passes(one) && isWanted(one.home || one));
    this.list.replaceChildren(...kept.slice(0, this.shownFindings).map((one) => h("li", {}, findingLink(one, one.address, false), h("span", { class: "line" }, name(`${one.home ? machineName(one.home) : one.file}, line ${one.line}`)))));
    if (kept.length === 0) this.list.append(h("li", {}, this.findings.length ? "No finding passes the filters." : "Nothing was found."));
    this.more.hidden = kept.length <= this.shownFindings;
    const listed = kept.length > this.shownFindings ? `, the first ${number(this.shownFindings)} listed` : "";
    this.count.textContent = `${counted(machines.length, "machine")} and ${counted(kept.length, "finding")} of ${number(this.findings.length)} shown${listed}`;
  }

  /** Puts the focus on the finding that is so many after the one that has it. */
  step(by) {
    const links = [...this.list.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  }

  /** On paper all findings are listed that pass the filters. */
  printed(isPrinting) {
    this.shownFindings = isPrinting ? Infinity : FIRST;
    this.refresh();
  }

  others() {
    const { data } = this;
    const parts = [
      ["Not evaluated", table("Rules that could not be judged", ["Rule", "Needs", "Machines"], data.not_evaluated.map((one) => [code(one.rule), one.needs, number(one.machines)]))],
      ["Not checked", table("State machines whose definition could not be had", ["Machine", "Template", "Why"], data.unresolved.map((one) => [name(one.machine), name(one.file), one.reason]))],
      ["Failures", table("Files that could not be read, rules that failed", ["File", "Why"], data.errors.map((one) => [name(one.file), one.message]))],
      ["Suppressed", table("Findings that somebody silences", ["Rule", "Finding", "Place", "Reason"], data.suppressed.map((one) => [code(one.rule), one.message, name(`${one.file}:${one.span.start.line}`), one.reason || `by ${one.by}`]))],
      ["Removed", table("Machines that are gone", ["Machine", "States", "Findings gone with it"], data.removed.map((one) => [name(machineName(one)), number(one.states), number(one.fixed.length)]))],
    ];
    return parts.filter(([, content]) => content !== null).map(([title, content]) => h("section", {}, h("h2", {}, title), content));
  }
}

/** How bad findings are, as a number: an error outweighs all warnings. */
function worst(findings) {
  return findings.reduce((sum, one) => sum + { error: 1e8, warning: 1e4, info: 1 }[one.severity], 0);
}

function machineTable(machines, isCompared) {
  const headings = ["Machine", "Findings", "States", "Loops", "Events at most", "Longest time", "Cost of a run", "Not evaluated"];
  return table("State machines, the worst first", isCompared ? [...headings, "Compared"] : headings, machines.map(({ machine, index, kept }) => {
    const { loops } = machine;
    const row = [
      [h("a", { href: `#/${index}` }, name(machine.machine ?? machineName(machine))), machine.damaged && " (damaged)", h("div", { class: "line" }, filePath(machine.file))],
      severityCounts(kept),
      number(machine.states),
      loops.all === 0 ? "none" : `${number(loops.bounded)} of ${number(loops.all)} bounded`,
      mostExplained(machine.history, number), mostExplained(machine.duration, time), mostExplained(machine.cost, money),
      machine.not_evaluated ? counted(machine.not_evaluated, "rule") : "—",
    ];
    return isCompared ? [...row, machine.status] : row;
  }));
}

function severityCounts(findings) {
  const found = SEVERITIES.map((severity) => [severity, findings.filter((one) => one.severity === severity).length]).filter(([, count]) => count);
  return found.length === 0 ? "none" : found.map(([severity, count]) => h("span", { class: `severity ${severity}` }, counted(count, severity, severity === "info" ? severity : undefined)));
}
