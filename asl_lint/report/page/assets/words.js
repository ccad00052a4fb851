// Numbers and names as people read them.

const SEVERITIES = ["error", "warning", "info"];

function number(value) {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 10 });
}

function counted(count, word, words = `${word}s`) {
  return `${number(count)} ${count === 1 ? word : words}`;
}

function time(seconds) {
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 86400), "d"], [Math.floor(whole / 3600) % 24, "h"], [Math.floor(whole / 60) % 60, "min"], [whole % 60, "s"],
  ].filter(([count]) => count > 0).slice(0, 2);
  if (parts.length === 0) return seconds > 0 ? `${number(seconds)} s` : "0 s";
  return parts.map(([count, unit]) => `${number(count)} ${unit}`).join(" ");
}

function money(dollars) {
  return `$${dollars.toLocaleString("en-US", { maximumSignificantDigits: 3 })}`;
}

/** The most of a bound; its formula where that has symbols; "no bound" where there is none. */
function most(bound, show) {
  if (!bound) return "unknown";
  if (bound.max !== null) return show(bound.max);
  if (bound.formula === "∞") return "no bound";
  return show === money ? `$(${bound.formula})` : bound.formula;
}

/** The most of a bound with what the symbols in it stand for. */
function mostExplained(bound, show) {
  const symbols = bound && bound.max === null ? Object.entries(bound.symbols) : [];
  return [most(bound, show), symbols.map(([symbol, meaning]) => h("div", { class: "line" }, `${symbol}: ${meaning}`))];
}

/** `1 error, 2 warnings`, or `none`. */
function counts(findings) {
  const words = { error: "errors", warning: "warnings", info: "info" };
  const found = SEVERITIES.map((severity) => [findings.filter((one) => one.severity === severity).length, severity]);
  return found.filter(([count]) => count).map(([count, severity]) => counted(count, severity, words[severity])).join(", ") || "none";
}

/** Errors of a set, as an ErrorEquals would list them. */
function errorNames(set) {
  if (set === null) return "not known";
  if (!set.all_but) return set.names.join(", ") || "none";
  return set.names.length ? `all but ${set.names.join(", ")}` : "all";
}

function severityMark(severity) {
  return h("span", { class: `severity ${severity}` }, severity);
}

function machineName(one) {
  const file = one.file.split(/[\\/]/).pop();
  return one.machine === null ? file : `${one.machine} in ${file}`;
}
