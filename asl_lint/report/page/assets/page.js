// The page: which view is shown, by the address after `#`; theme, keys, print.

const THEMES = ["auto", "light", "dark"];
const status = h("p", { class: "status", role: "status", "aria-live": "polite" });
let view = null;
let asked = 0; // how many addresses were shown: who comes back from waiting sees whether its own is still the last

function go(address) {
  location.hash = address;
}

/** A text as a part of an address, and back. Half a surrogate pair, which no address can have, is `~u` and its number. */
function inAddress(text) {
  return encodeURIComponent(String(text).replace(LONE, (one) => `~u${one.charCodeAt(0).toString(16)}`));
}

function fromAddress(part) {
  return decodeURIComponent(part).replace(/~u([0-9a-f]{4})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
}

function announce(text) {
  status.textContent = text;
}

/** `#/3/finding/0` as its parts; what cannot be read is the overview. */
function route() {
  try {
    return location.hash.replace(/^#\/?/, "").split("/").map(fromAddress);
  } catch {
    return [""];
  }
}

function isNumber(part) {
  return /^\d+$/.test(part);
}

async function show() {
  const mine = ++asked;
  const overview = await block("overview");
  if (mine !== asked) return;
  const [first, kind, value] = route();
  const isMachine = isNumber(first) && Number(first) < overview.machines.length;
  if (!isMachine) {
    replace(first === "alone" && isNumber(kind) && overview.findings[kind] ? aloneView(overview, overview.findings[kind]) : new OverviewView(overview));
    document.title = "asl-lint report";
    return;
  }
  const index = Number(first);
  if (!(view instanceof MachineView) || view.index !== index) {
    const machine = await machineOf(index);
    if (mine !== asked) return;
    replace(new MachineView(overview, index, machine));
    document.title = shown(`${machineName(overview.machines[index])} · asl-lint report`);
    view.select(kind, value);
    const drawn = view;
    await painted();
    if (drawn === view) await drawView(drawn);
  } else {
    view.select(kind, value);
  }
}

/** Until what was changed is to be seen. */
function painted() {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
}

async function drawView(drawn) {
  await drawn.draw();
  if (drawn === view) document.documentElement.dataset.drawn = drawn.index;
}

function aloneView(overview, finding) {
  return { step() {}, printed() {}, element: h("main", { id: "main", class: "alone", tabindex: "-1" }, h("p", {}, h("a", { href: "#/" }, "← All machines")), h("h1", {}, "Finding in ", name(finding.file)), findingDetail(finding, overview.explanations[finding.rule], null)) };
}

function replace(next) {
  const isFirst = view === null;
  document.getElementById("main").replaceWith(next.element);
  view = next;
  window.scrollTo(0, 0);
  if (!isFirst) next.element.focus({ preventScroll: true });
}

// --- theme ------------------------------------------------------------------------------------------------------------------

function stored(value) {
  try {
    if (value) localStorage.setItem("asl-lint-theme", value);
    return localStorage.getItem("asl-lint-theme");
  } catch {
    return value; // a page from disk need not have a store
  }
}

function setTheme(theme, button) {
  document.documentElement.dataset.theme = theme;
  button.textContent = `Theme: ${theme}`;
}

function themeButton() {
  const button = h("button", { type: "button", id: "theme", onclick: () => {
    const theme = beside(THEMES, document.documentElement.dataset.theme, 1);
    stored(theme);
    setTheme(theme, button);
  } });
  const known = stored();
  setTheme(THEMES.includes(known) ? known : "auto", button);
  return button;
}

// --- keys -------------------------------------------------------------------------------------------------------------------

const KEYS = [
  ["/", "search", () => document.querySelector("[data-search]")?.focus()],
  ["j", "next finding", () => view?.step(1)],
  ["k", "previous finding", () => view?.step(-1)],
  ["g", "graph", () => (document.querySelector('.graph [tabindex="0"]') ?? document.querySelector('.graph [role="button"]'))?.focus()],
  ["t", "theme", () => document.getElementById("theme").click()],
  ["Escape", "one step back to the overview", () => go(route().length > 1 && view instanceof MachineView ? `#/${view.index}` : "#/")],
];

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target.matches?.("input:not([type=checkbox]), select, textarea");
  const found = KEYS.find(([key]) => key === event.key);
  if (isTyping && event.key === "Escape") event.target.blur();
  if (!found || isTyping) return;
  event.preventDefault();
  found[2]();
}

function keyHelp() {
  const rows = [...KEYS, ["Arrows", "in the graph: along the transitions"], ["Enter", "in the graph: select"], ["+ − 0", "in the graph: zoom"]];
  const list = rows.map(([key, meaning]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, meaning)));
  return h("details", { class: "keys" }, h("summary", {}, "Keys"), h("dl", {}, list));
}

// --- start ------------------------------------------------------------------------------------------------------------------

const ready = new Promise((resolve) => {
  if (document.readyState !== "loading") resolve();
  else document.addEventListener("DOMContentLoaded", resolve);
});

document.body.append(
  h("a", { class: "skip", href: "#main", onclick: (event) => {
    event.preventDefault();
    document.getElementById("main").focus();
  } }, "Skip to the content"),
  h("header", { class: "page" }, h("a", { class: "brand", href: "#/" }, "asl-lint"), h("span", { class: "grow" }), keyHelp(), h("button", { type: "button", onclick: () => window.print() }, "Print"), themeButton()),
  h("main", { id: "main" }, h("p", { class: "waiting" }, "The report is being unpacked …")),
  status,
);
window.addEventListener("hashchange", show);
window.addEventListener("beforeprint", () => view?.printed(true));
window.addEventListener("afterprint", () => view?.printed(false));
document.addEventListener("keydown", pressed);
show();
