// One state: its call, what its role must allow, its Retry as a timeline, its ways out, variables in and out, its definition.

const MOST_ATTEMPTS = 24;

function stateDetail(machine, pointer, chooseState, findingAddress) {
  const { view } = machine;
  const state = view.states.get(pointer);
  const call = view.calls.get(pointer);
  const handling = machine.error_handling.find((one) => one.state === pointer);
  const to = (target) => stateButton(view, target, chooseState);
  return [
    h("h2", { tabindex: "-1", class: "head" }, name(wayTo(view, pointer))),
    h("p", {}, [state.type, state.language, state.terminal && "ends its scope", state.reached === false && "never reached", machine.marks[pointer]].filter(Boolean).join(" · ")),
    state.comment && h("p", { class: "comment" }, state.comment),
    ownFindings(machine, pointer, findingAddress),
    call && [h("h3", {}, "Call"), h("p", {}, code(call.name || call.resource || "not known"), call.pattern && ` ${call.pattern}`)],
    neededBy(machine, pointer),
    handling && handling.retried.length > 0 && [h("h3", {}, "Retry"), handling.retried.map(timeline)],
    waysOut(view, pointer, to),
    variablesOf(machine, pointer),
    changeOf(machine, pointer),
    h("h3", {}, machine.marks[pointer] === "removed" ? "Definition that it had" : `Definition, line ${state.span ? state.span.start.line : "?"}`),
    h("pre", { class: "source", tabindex: "0", role: "region", "aria-label": "Definition of the state" }, h("code", {}, inColours(JSON.stringify(state.definition ?? null, null, 2)))),
  ];
}

/** What an earlier version of the state had in the fields that changed, and its name where that was another. */
function changeOf(machine, pointer) {
  if (machine.comparison === null) return null;
  const { changed, renamed } = machine.comparison.states;
  const values = changed.filter((one) => one.state === pointer).flatMap((one) => one.values);
  const before = renamed.filter((one) => one.state === pointer).map((one) => h("p", {}, "It was ", name(lastName(one.before)), "."));
  if (values.length + before.length === 0) return null;
  return [h("h3", {}, "Changed"), before, changedValues(values)];
}

/** The name of the state that a pointer leads to. */
function lastName(pointer) {
  return pointer.slice(pointer.lastIndexOf("/") + 1).replace(/~1/g, "/").replace(/~0/g, "~");
}

function stateButton(view, pointer, chooseState) {
  if (!view.states.has(pointer)) return name(pointer);
  return h("button", { type: "button", class: "plain", onclick: () => chooseState(pointer) }, name(wayTo(view, pointer)));
}

function ownFindings(machine, pointer, address) {
  const found = machine.findings.filter((one) => stateAt(machine.view, one.pointer) === pointer);
  if (found.length === 0) return null;
  return [h("h3", {}, "Findings"), h("ul", { class: "findings" }, found.map((one) => h("li", {}, findingLink(one, address(machine.findings.indexOf(one)), false))))];
}

function neededBy(machine, pointer) {
  const { states, missing, unknown } = machine.permissions;
  const needs = states.filter((one) => one.state === pointer);
  const lacks = (missing || []).filter((one) => one.state === pointer);
  const open = unknown.filter((one) => one.state === pointer);
  if (needs.length + open.length === 0) return null;
  const isMissing = (action) => lacks.some((one) => one.actions.includes(action));
  const rows = needs.flatMap((need) => need.actions.map((action) => h("li", {}, code(action), ` on ${need.resources.join(", ")}`, need.any && " (one of these)", isMissing(action) && h("strong", { class: "lack" }, " missing"))));
  return [h("h3", {}, "The role must allow"), h("ul", {}, rows, open.map((one) => h("li", {}, `not known: ${one.reason}`)))];
}

function waysOut(view, pointer, to) {
  const words = { next: "Next", rule: "if", default: "Default", catch: "on error" };
  const out = view.out.get(pointer) || [];
  if (out.length === 0) return null;
  return [h("h3", {}, "Leads to"), h("ul", {}, out.map((one) => h("li", {}, words[one.kind], " ", one.label && one.kind !== "default" && [code(one.label), " "], one.target === null ? [name(one.name ?? "?"), " (no such state)"] : to(one.target))))];
}

// --- Retry ----------------------------------------------------------------------------------------------------------------

/** Seconds after the first failure at which each attempt starts at the latest; null where the text does not say. */
function attemptsOf(retrier) {
  const { attempts, interval, backoff, max_delay: longest } = retrier;
  if (attempts === null || interval === null || backoff === null) return null;
  const starts = [];
  for (let i = 0, at = 0; i < Math.min(attempts, MOST_ATTEMPTS); i += 1) {
    const wait = interval * backoff ** i;
    at += longest === null ? wait : Math.min(wait, longest);
    starts.push(at);
  }
  return starts;
}

function timeline(retrier) {
  const starts = attemptsOf(retrier);
  const errors = h("p", { class: "errors" }, errorNames(retrier.errors));
  if (starts === null) return h("div", { class: "retrier" }, errors, h("p", {}, "how often and how late only a run tells"));
  const after = retrier.total_delay === null ? "" : `, the last after ${time(retrier.total_delay)}`;
  const spread = retrier.jitter === "FULL" ? ", each wait anything up to what is shown" : "";
  const told = retrier.attempts === 0 ? "not tried again" : `${counted(retrier.attempts, "attempt")}${after} of waiting${spread}`;
  return h("div", { class: "retrier" }, errors, h("p", {}, told), starts.length > 0 && ticks(starts, told));
}

function ticks(starts, told) {
  const end = starts[starts.length - 1] || 1;
  const place = (seconds) => 8 + (seconds / end) * 304;
  let free = 30;
  return s("svg", { class: "timeline", viewBox: "0 0 320 40", role: "img", "aria-label": `Timeline: ${told}` },
    s("line", { x1: 8, y1: 14, x2: 312, y2: 14 }), s("circle", { cx: 8, cy: 14, r: 4, class: "failure" }), s("text", { x: 4, y: 34 }, "fails"),
    starts.map((at, i) => {
      const x = place(at);
      const text = time(at);
      const isLast = i === starts.length - 1;
      const isWritten = x - 4 * text.length > free && (isLast || x + 4 * text.length < 290);
      if (isWritten) free = x + 4 * text.length;
      return [s("circle", { cx: x, cy: 14, r: 4 }), isWritten && s("text", { x: isLast ? 316 : x, y: 34, "text-anchor": isLast ? "end" : "middle" }, text)];
    }));
}

// --- variables --------------------------------------------------------------------------------------------------------------

const LONGEST_TYPE = 80;

/** A type, a long one with all of it under the pointer; a dash where it is not known. */
function typed(type) {
  if (!type) return "—";
  const whole = [...type];
  return whole.length <= LONGEST_TYPE ? code(type) : h("span", { title: type }, code(`${whole.slice(0, LONGEST_TYPE - 1).join("")}…`));
}

function variablesOf(machine, pointer) {
  const { names, before, after } = machine.variables;
  const known = before.find((one) => one.state === pointer);
  const left = after.find((one) => one.state === pointer);
  const byName = new Map(names.map((one) => [one.name, one]));
  const here = (places) => places.some((place) => stateAt(machine.view, place) === pointer);
  const read = new Set(names.filter((one) => here(one.read)).map((one) => one.name));
  const set = names.filter((one) => here(one.set)).map((one) => one.name);
  const incoming = known && known.may ? known.may : [];
  if (incoming.length + set.length + read.size === 0) return null;
  const row = (one, type, told) => [[code(`$${one}`)], typed(type), told];
  const typeBefore = (one) => (known && known.types[one]) || (byName.has(one) && byName.get(one).type);
  const told = (one) => [known.must.includes(one) ? "set on every way" : "set on some ways", read.has(one) && " · read here"];
  const lost = [...read].filter((one) => !incoming.includes(one) && !set.includes(one));
  return [
    h("h3", {}, "Variables in"),
    table("Variables in", ["Variable", "Type", "Before this state"], [...lost.map((one) => row(one, null, "read here, set on no way that is known")), ...[...incoming].sort((one, other) => read.has(other) - read.has(one)).map((one) => row(one, typeBefore(one), told(one)))]) || h("p", {}, "none"),
    h("h3", {}, "Variables out"),
    table("Variables out", ["Variable", "Type", "How"], set.map((one) => row(one, left && left.types[one], "set here"))) || h("p", {}, "none is set here"),
  ];
}

// --- JSON -------------------------------------------------------------------------------------------------------------------

/** The text of a JSON value with its names, strings and other values in their colours. */
function inColours(text) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|-?\b\d[\d.eE+-]*|\b(?:true|false|null)\b/g)) {
    parts.push(text.slice(at, found.index));
    const word = found[1] ? found[0].slice(0, -found[1].length) : found[0];
    parts.push(h("span", { class: found[1] ? "key" : word.startsWith('"') ? "string" : "value" }, word), found[1] || "");
    at = found.index + found[0].length;
  }
  return [...parts, text.slice(at)];
}
