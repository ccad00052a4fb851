// Making elements. Every text from a definition becomes a text node or an attribute's value, never markup.

const SVG = "http://www.w3.org/2000/svg";

// Halves of surrogate pairs, and besides them characters that are not seen, or that turn others around.
const LONE = /[\ud800-\udfff]/gu;
const HIDDEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff\u{e0000}-\u{e0fff}]/gu;

/** The text with each hidden character by its number, as `⟨U+202E⟩`. */
function shown(text) {
  return String(text).replace(HIDDEN, (one) => `⟨U+${one.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

/** Fills an element: `onclick` and the like are listeners, `true` is an attribute without a value, null and false are none. */
function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : shown(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : shown(child));
  }
  return element;
}

function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function s(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

/** A name from a file: its writing direction changes nothing around it, and one of blanks alone is seen. */
function name(text) {
  return h("bdi", { class: "name" }, String(text).trim() ? text : `⟨${counted(String(text).length, "blank")}⟩`);
}

/** The path of a file; a line may end after each of its folders and words. */
function filePath(text) {
  return h("bdi", { class: "name" }, text.split(/(?<=[/\\_])/).flatMap((part) => [part, h("wbr")]));
}

function code(text) {
  return h("code", {}, h("bdi", {}, text));
}

/** A link out of the page, where the address is one of the web's; else the content alone. */
function outward(address, ...content) {
  if (!/^https?:\/\//i.test(address || "")) return content;
  return h("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, content);
}

/** A table; cells are texts, nodes, or arrays of them. Null where there are no rows. */
function table(caption, headings, rows) {
  if (rows.length === 0) return null;
  const head = h("tr", {}, headings.map((heading) => h("th", { scope: "col" }, heading)));
  const body = rows.map((row) => h("tr", {}, row.map((cell, i) => (i === 0 ? h("th", { scope: "row" }, cell) : h("td", {}, cell)))));
  const whole = h("table", {}, h("caption", {}, caption), h("thead", {}, head), h("tbody", {}, body));
  return h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption }, whole);
}
