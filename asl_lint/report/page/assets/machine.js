// The view of one machine: its graph beside what is selected, and the tables under them.

const MANY_ERRORS = 80; // ways of errors that are still told apart; of more, only those of what is selected are drawn

class MachineView {
  constructor(overview, index, machine) {
    this.overview = overview;
    this.index = index;
    this.machine = machine;
    this.panel = h("div", { class: "panel", role: "region", "aria-label": "What is selected" });
    this.canvas = h("div", { class: "canvas" }, h("p", { class: "waiting" }, "The graph is being laid out …"));
    this.element = h("main", { id: "main", class: "machine", tabindex: "-1" }, this.heading(), this.tools(), h("div", { class: "split" }, this.canvas, this.panel));
    this.drawing = null;
    this.selection = { kind: "findings" };
  }

  address(kind, value) {
    return value === undefined ? `#/${this.index}` : `#/${this.index}/${kind}/${inAddress(value)}`;
  }

  heading() {
    const { machine } = this;
    const facts = [
      [machine.type || "not said", "type"], [number(machine.graph.states.length), "states"], [most(machine.history, number), "events at most"],
      [most(machine.duration, time), "longest time"], [most(machine.cost, money), "cost of a run, at most"], [counts(machine.findings), "findings"],
    ];
    return h("header", { class: "title" },
      h("p", {}, h("a", { href: "#/" }, "← All machines"), " · ", name(machine.file)),
      h("h1", {}, name(machineName(machine))),
      machine.comment && h("p", { class: "comment" }, machine.comment),
      machine.damaged && h("p", { class: "warn" }, "Some of its text could not be read: what stands there is not known."),
      h("dl", { class: "tiles" }, facts.map(([value, label]) => h("div", {}, h("dt", {}, label), h("dd", {}, value)))));
  }

  tools() {
    const results = h("ul", { class: "results", "aria-label": "States found" });
    const input = h("input", { type: "search", "data-search": true, oninput: () => results.replaceChildren(...this.search(input.value)), onkeydown: (event) => {
      if (event.key === "Enter") results.querySelector("button")?.click();
    } });
    const zoom = (label, title, act) => h("button", { type: "button", "aria-label": title, title, onclick: () => this.drawing && act(this.drawing) }, label);
    const hasMany = this.machine.graph.transitions.filter((one) => one.kind === "catch").length > MANY_ERRORS;
    this.canvas.classList.toggle("many-errors", hasMany);
    const errors = h("input", { type: "checkbox", checked: !hasMany, onchange: () => this.showErrors(errors.checked) });
    this.showErrors(errors.checked);
    return h("div", { class: "tools" },
      h("div", { class: "search" }, h("label", { class: "field" }, h("span", {}, "Find a state"), input), results),
      h("label", { class: "check" }, errors, " ways of errors"),
      h("div", { class: "zoom", role: "group", "aria-label": "Zoom" },
        zoom("−", "Zoom out", (one) => one.zoom(1.25)), zoom("+", "Zoom in", (one) => one.zoom(0.8)), zoom("Fit", "Fit", (one) => one.fit()), zoom("All", "Show all of it", (one) => one.whole())));
  }

  showErrors(isShown) {
    this.canvas.classList.toggle("no-errors", !isShown);
  }

  search(text) {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return [];
    const { view } = this.machine;
    const found = [...view.states.values()].filter((state) => `${state.name} ${subtitle(view, state)}`.toLowerCase().includes(wanted));
    const shownStates = found.slice(0, 12).map((state) => h("li", {}, h("button", { type: "button", class: "plain", onclick: () => this.choose(state.pointer) }, name(wayTo(view, state.pointer)), h("span", { class: "line" }, ` ${subtitle(view, state)}`))));
    if (found.length === 0) shownStates.push(h("li", {}, "No such state."));
    else if (found.length > 12) shownStates.push(h("li", {}, `… and ${found.length - 12} more`));
    return shownStates;
  }

  tables() {
    const found = sections(this.machine, (pointer) => this.choose(pointer));
    const id = (title) => `section-${title.toLowerCase().replace(/\W+/g, "-")}`;
    const jump = (title) => h("button", { type: "button", class: "plain", onclick: () => document.getElementById(id(title)).scrollIntoView() }, title);
    return [
      h("nav", { class: "contents", "aria-label": "Tables" }, found.map(([title]) => jump(title))),
      ...found.map(([title, content]) => h("section", { id: id(title) }, h("h2", {}, title), typeof content === "string" ? h("p", {}, content) : content)),
    ];
  }

  async draw() {
    const rough = layOutRoughly(this.machine);
    if (rough) {
      this.show(rough);
      await painted();
      performance.mark("picture");
    }
    this.element.append(...this.tables());
    await ready;
    this.show(await layOut(this.machine));
    performance.mark("picture");
  }

  show(laid) {
    const had = this.drawing !== null && this.canvas.contains(document.activeElement);
    this.drawing = new Drawing(this.machine, laid, (pointer) => this.choose(pointer), (finding) => go(this.address("finding", this.machine.findings.indexOf(finding))));
    this.canvas.replaceChildren(this.drawing.svg, legend(this.machine.comparison !== null));
    this.drawing.fit();
    this.showSelection();
    if (had) this.drawing.svg.querySelector('[tabindex="0"]')?.focus();
  }

  choose(pointer) {
    go(this.address("state", pointer));
  }

  /** Goes to the finding that is so many after the selected one; without one, to the first or the last. */
  step(by) {
    const { findings } = this.machine;
    if (findings.length === 0) return;
    const at = this.selection.kind === "finding" ? Number(this.selection.value) : by > 0 ? -1 : 0;
    go(this.address("finding", (at + by + findings.length) % findings.length));
  }

  /** On paper the whole graph is shown. */
  printed(isPrinting) {
    this.drawing?.[isPrinting ? "whole" : "fit"]();
  }

  /** Selects a finding by its number, a state by its pointer, or nothing: all findings are listed then. */
  select(kind, value) {
    const { machine } = this;
    const isThere = (kind === "finding" && isNumber(value) && machine.findings[value]) || (kind === "state" && machine.view.states.has(value));
    this.selection = isThere ? { kind, value } : { kind: "findings" };
    const content = { finding: () => this.findingPanel(Number(value)), state: () => this.statePanel(value), findings: () => this.listPanel() }[this.selection.kind]();
    const [held, step] = [this.panel.contains(document.activeElement), document.activeElement?.dataset.step];
    this.panel.replaceChildren(...content.flat(Infinity).filter(Boolean));
    this.panel.scrollTop = 0;
    // What had the focus is gone with what was selected before: the same link has it now, or the head of what is shown.
    if (held) (this.panel.querySelector(`[data-step="${step}"]`) || this.panel.querySelector(".head"))?.focus();
    if (this.drawing) this.showSelection();
    announce(this.panel.querySelector(".head")?.textContent || "All findings");
  }

  showSelection() {
    const { kind, value } = this.selection;
    if (kind === "finding") this.drawing.showRoute(routeOf(this.machine.view, this.machine.findings[value]));
    else if (kind === "state") this.drawing.showState(value, !this.drawing.svg.contains(document.activeElement));
    else this.drawing.showState(null, false);
  }

  findingPanel(index) {
    const finding = this.machine.findings[index];
    const total = this.machine.findings.length;
    const step = (by, label) => h("a", { href: this.address("finding", (index + by + total) % total), "data-step": by }, label);
    const show = (pointer) => {
      const state = stateAt(this.machine.view, pointer);
      if (state && this.drawing) this.drawing.go(state);
    };
    return [
      h("p", { class: "steps" }, h("a", { href: this.address() }, "All findings"), ` · ${index + 1} of ${total} `, total > 1 && [step(-1, "previous"), " ", step(1, "next")]),
      filledList(findingDetail(finding, this.overview.explanations[finding.rule], show)),
    ];
  }

  statePanel(pointer) {
    return [h("p", { class: "steps" }, h("a", { href: this.address() }, "All findings")), filledList(stateDetail(this.machine, pointer, (one) => this.choose(one), (i) => this.address("finding", i)))];
  }

  listPanel() {
    const { findings } = this.machine;
    const list = h("ul", { class: "findings" });
    const refresh = () => {
      const kept = findings.filter(passes);
      list.replaceChildren(...kept.map((one) => h("li", {}, findingLink(one, this.address("finding", findings.indexOf(one)), false))));
      if (kept.length === 0) list.append(h("li", {}, findings.length ? "No finding passes the filters." : "Nothing was found."));
    };
    refresh();
    return [h("h2", { tabindex: "-1", class: "head" }, "Findings"), findings.length > 0 && filterBar(findings, this.machine.comparison !== null, false, refresh), list, h("p", { class: "hint" }, "Select a state in the graph to see what it does.")];
  }
}

function filledList(items) {
  return items.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false);
}

function legend(isCompared) {
  const line = (kind) => s("svg", { viewBox: "0 0 26 10", width: 26, height: 10, "aria-hidden": "true", class: "graph key" }, s("g", { class: `arrow ${kind}` }, s("path", { d: "M1 5H25" })));
  return h("p", { class: "legend" }, line("next"), " Next, Choice ", line("catch"), " on error ", "· ▾ start · double frame: end · E W I: findings",
    isCompared && [" · ", ["added", "changed", "removed"].map((mark) => [h("span", { class: `mark ${mark}` }, mark), " "])]);
}
