// What a machine's graph is asked for: states by their pointers, the state that a place is in, the ways that a finding speaks of.

function graphOf(machine) {
  const { scopes, states, transitions } = machine.graph;
  const view = {
    states: new Map(states.map((state) => [state.pointer, state])),
    scopes: new Map(scopes.map((scope) => [scope.pointer, scope])),
    transitions: new Map(transitions.map((one) => [one.pointer, one])),
    out: new Map(),
    into: new Map(),
    inside: new Map(),
    calls: new Map(machine.calls.map((call) => [call.state, call])),
    badges: new Map(),
  };
  for (const one of transitions) {
    push(view.out, one.source, one);
    if (one.target !== null) push(view.into, one.target, one);
  }
  for (const scope of scopes) if (scope.state !== null) push(view.inside, scope.state, scope);
  for (const finding of machine.findings) {
    const at = view.transitions.has(finding.pointer) ? finding.pointer : stateAt(view, finding.pointer);
    if (at !== null) push(view.badges, at, finding);
  }
  return view;
}

function push(map, key, value) {
  if (map.has(key)) map.get(key).push(value);
  else map.set(key, [value]);
}

/** The pointer of the innermost state around a place; null for the machine's own fields. */
function stateAt(view, pointer) {
  for (let at = pointer; at; at = at.slice(0, at.lastIndexOf("/"))) if (view.states.has(at)) return at;
  return null;
}

/** `Map / Inner` for a pointer to the state Inner inside Map. */
function wayTo(view, pointer) {
  const names = [];
  for (let at = pointer; at !== null; at = view.scopes.get(view.states.get(at).scope)?.state ?? null) names.unshift(view.states.get(at).name);
  return names.join(" / ");
}

/** What a finding speaks of: states in the order of its path with the numbers of its steps, and transitions. */
function routeOf(view, finding) {
  const states = [];
  const transitions = new Set();
  const numbers = new Map();
  const visit = (state) => {
    if (state !== null && state !== undefined && states[states.length - 1] !== state) states.push(state);
  };
  for (const [i, { pointer }] of finding.path.entries()) {
    const transition = view.transitions.get(pointer);
    const startsAt = pointer.endsWith("/StartAt") ? view.scopes.get(pointer.slice(0, -"/StartAt".length))?.start : null;
    const at = startsAt ?? stateAt(view, pointer);
    if (at !== null) push(numbers, at, i + 1);
    if (transition) {
      visit(transition.source);
      transitions.add(pointer);
      visit(transition.target);
    } else {
      visit(at);
    }
  }
  for (let i = 1; i < states.length; i += 1) {
    const between = (view.out.get(states[i - 1]) || []).filter((one) => one.target === states[i]);
    if (between.length && !between.some((one) => transitions.has(one.pointer))) transitions.add(between[0].pointer);
  }
  if (view.transitions.has(finding.pointer)) transitions.add(finding.pointer);
  const own = stateAt(view, finding.pointer);
  if (own !== null && !states.includes(own)) states.push(own);
  const related = finding.related.map((one) => stateAt(view, one.pointer)).filter((one) => one !== null && !states.includes(one));
  return { states, transitions, numbers, related: new Set(related) };
}
