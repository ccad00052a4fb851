// What is known of a machine as tables, each under its heading; a heading without a table says why.

function sections(machine, chooseState) {
  const to = (pointer) => stateButton(machine.view, pointer, chooseState);
  return [
    ["Changes", changesOf(machine, to)],
    ["Bounds of a run", boundsOf(machine, to)],
    ["Loops", loopsOf(machine, to)],
    ["Locks", locksOf(machine, to)],
    ["Permissions", permissionsOf(machine, to)],
    ["Placeholders", placeholdersOf(machine)],
    ["Errors", errorsOf(machine, to)],
    ["Contracts", contractsOf(machine)],
    ["Variables", variableTable(machine, to)],
    ["Not evaluated", notEvaluatedOf(machine)],
  ].filter(([, content]) => content !== null);
}

function boundsOf(machine, to) {
  const rows = [["History events", machine.history, number], ["Time", machine.duration, time], ["State transitions", machine.transitions, number], ["Cost", machine.cost, money]];
  return table("Bounds of one run", ["Measure", "At least", "At most", "Why"], rows.filter(([, bound]) => bound).map(([what, bound, show]) => [
    what,
    bound.min === null ? "—" : show(bound.min),
    most(bound, show),
    [
      Object.entries(bound.symbols).map(([symbol, meaning]) => h("div", {}, h("i", {}, symbol), `: ${meaning}`)),
      bound.max !== null && Object.keys(bound.symbols).length > 0 && h("div", {}, "TimeoutSeconds ends it"),
      bound.causes.map((cause) => h("div", {}, causePlace(machine, cause, to), cause.reason)),
    ],
  ]));
}

function causePlace(machine, cause, to) {
  const state = stateAt(machine.view, cause.pointer);
  return state === null ? null : [to(state), ": "];
}

function loopsOf(machine, to) {
  const kinds = { trap: "no way out", counted: "counted", external: "ends by what happens outside", unknown: "not known" };
  return table("Loops and what ends them", ["States", "Ends", "Turns at most", "Waits a turn", "Events a turn", "Why"], machine.loops.map((loop) => [
    loop.states.map((one, i) => [i > 0 && ", ", to(one)]),
    h("span", { class: `loop ${loop.kind}` }, kinds[loop.kind]),
    loop.turns === null ? "no bound" : number(loop.turns),
    loop.wait === null ? "not known" : time(loop.wait),
    number(loop.events),
    loop.reason,
  ])) || "No loops.";
}

function locksOf(machine, to) {
  const manners = { frees: "frees it", settles: "settles it", perhaps: "perhaps frees it" };
  return table("Locks and where each is released", ["Taken by", "Table", "Runs out by itself", "Released by"], machine.locks.map((lock) => [
    to(lock.state),
    code(lock.table),
    lock.lease ? "yes" : "no",
    lock.releases.length === 0 ? h("strong", { class: "lack" }, "nothing") : lock.releases.map((one) => h("div", {}, to(one.state), `: ${manners[one.manner]}`, one.same !== "same" && ` (${one.same === "unknown" ? "perhaps another item" : "another item"})`)),
  ])) || "No locks.";
}

function permissionsOf(machine, to) {
  const { needed, granted, missing, excess, whole, unknown } = machine.permissions;
  const lines = (all) => all.map((one) => h("div", {}, code(one)));
  const lacks = missing && missing.map((one) => [one.state === null ? "the machine" : to(one.state), lines(one.actions), lines(one.resources), one.tier]);
  return [
    granted === null && h("p", {}, "The role is not known: nothing says what is granted, missing or more than is needed."),
    missing !== null && (table("Missing", ["State", "Actions", "On", "For"], lacks) || h("p", {}, "Missing: nothing that is known.")),
    excess !== null && (excess.length > 0 ? table("More than is needed", ["Action"], excess.map((one) => [code(one)])) : h("p", {}, "More than is needed: nothing.")),
    unknown.length > 0 && table("Not known", ["State", "Why"], unknown.map((one) => [to(one.state), one.reason])),
    table("Needed", ["Actions", "On", "If"], needed.map((one) => [lines(one.actions), lines(one.resources), one.conditions.map((condition) => h("div", {}, code(`${condition.operator} ${condition.key} ${condition.value}`)))])) || h("p", {}, "Nothing is needed."),
    granted !== null && table(whole ? "Granted" : "Granted (and perhaps more by policies that are not at hand)", ["Effect", "Actions", "On"], granted.map((one) => [one.effect + (one.conditional ? ", on conditions" : ""), [one.not_actions && "all but ", lines(one.actions)], one.resources === null ? "not known" : [one.not_resources && "all but ", lines(one.resources)]])),
  ];
}

function placeholdersOf(machine) {
  return table("Placeholders and their values", ["Placeholder", "Times", "Value"], machine.placeholders.map((one) => [
    code(one.text), number(one.times), !one.known ? h("strong", { class: "lack" }, "nothing fills it in") : one.value === null ? "filled in by the deployment" : code(typeof one.value === "string" ? one.value : JSON.stringify(one.value)),
  ])) || "No placeholders.";
}

function errorsOf(machine, to) {
  const classes = { service: "of the service", choice: "of Choice", data: "of expressions" };
  const unseen = (one) => !one.sure && h("span", { class: "unsure" }, " (perhaps)");
  return table("What becomes of errors", ["State", "Tried again", "Caught", "Lost"], machine.error_handling.map((row) => [
    to(row.state),
    row.retried.map((one) => h("div", {}, errorNames(one.errors), one.attempts !== null && ` ×${one.attempts}`)),
    row.caught.map((one) => h("div", {}, errorNames(one.errors), " → ", to(one.next), unseen(one))),
    row.lost.map((one) => h("div", {}, errorNames(one.errors), one.class && ` ${classes[one.class]}`, unseen(one))),
  ])) || "No state that can fail.";
}

function contractsOf(machine) {
  return table("Contracts and whether they hold", ["Contract", "State", "What it asks"], machine.contracts.map((one) => [
    code(one.rule), h("span", { class: `contract ${one.state.replace(" ", "-")}` }, one.state), [one.summary, one.needs && ` (needs: ${one.needs})`],
  ]));
}

function variableTable(machine, to) {
  const at = (places) => [...new Set(places.map((place) => stateAt(machine.view, place)))].filter(Boolean).map((one, i) => [i > 0 && ", ", to(one)]);
  return table("Variables", ["Variable", "Type", "Set in", "Read in"], machine.variables.names.map((one) => [code(`$${one.name}`), typed(one.type), at(one.set), at(one.read)]));
}

function notEvaluatedOf(machine) {
  return table("Rules that could not be judged", ["Rule", "Needs"], machine.not_evaluated.map((one) => [code(one.rule), one.needs]));
}

function changesOf(machine, to) {
  const found = machine.comparison;
  if (found === null) return null;
  const { states, transitions, permissions, bounds, fixed } = found;
  const changed = (one) => (one.state === "" ? "the machine" : to(one.state));
  const way = (arrow) => [arrow.label || "Next", " → ", arrow.target === null ? "the end" : to(arrow.target)];
  const moved = new Set(transitions.changed.map((one) => one.pointer));
  const replaced = new Set(transitions.changed.map((one) => JSON.stringify(one.before)));
  const rows = [
    ...states.added.map((one) => ["added", to(one), ""]),
    ...states.removed.map((one) => ["removed", to(one), ""]),
    ...states.renamed.map((one) => ["renamed", to(one.state), ["it was ", name(lastName(one.before))]]),
    ...states.changed.map((one) => ["changed", changed(one), changedValues(one.values)]),
    ...transitions.changed.map((one) => ["transition changed", to(one.after.source), [way(one.before), ", now ", way(one.after)]]),
    ...transitions.added.map((pointer) => machine.view.transitions.get(pointer)).filter((one) => one && !moved.has(one.pointer)).map((one) => ["transition added", to(one.source), way(one)]),
    ...transitions.removed.filter((one) => !replaced.has(JSON.stringify(one))).map((one) => ["transition removed", to(one.source), way(one)]),
    ...permissions.added.map((one) => ["permission added", code(one.action), one.resources.join(", ")]),
    ...permissions.removed.map((one) => ["permission gone", code(one.action), one.resources.join(", ")]),
    ...bounds.map((one) => ["bound grew", one.state === null ? one.what : ["loop at ", to(one.state)], grownBound(one)]),
    ...fixed.map((one) => ["fixed", code(one.rule), one.message]),
  ];
  return table(`Against the earlier version: ${found.status}`, ["What", "Which", "How"], rows) || `Against the earlier version: ${found.status}.`;
}

function grownBound(one) {
  const show = { duration: time, cost: money }[one.what] || ((value) => `${number(value)} ${one.unit}`);
  const told = (when) => most({ max: one[when], formula: one.formulas[when] }, show);
  return one.what === "loop" && one.before === 0 ? `a new loop: ${told("after")}` : `${told("before")} → ${told("after")}`;
}

/** Each changed field as it was and as it is. */
function changedValues(values) {
  const side = (one, when, tag, sign) => when in one && h(tag, {}, `${sign} ${JSON.stringify(one[when], null, 1)}\n`);
  return values.map((one) => [h("div", {}, code(one.field)), h("pre", { class: "source", tabindex: "0", role: "region", "aria-label": `${one.field}, before and after` }, side(one, "before", "del", "-"), side(one, "after", "ins", "+"))]);
}
