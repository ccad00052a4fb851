// Where everything is: ELK lays out the normal ways of each scope by itself; the ways of errors are drawn between what stands then.
// A state that only errors lead to hangs on the first of them, so that it stands below what it handles.

const STATE_HEIGHT = 46;
const LABEL_WIDTH = 170;
const MANY_STATES = 300;

const pen = document.createElement("canvas").getContext("2d");

function measured(text, font) {
  pen.font = font;
  return pen.measureText(text).width;
}

/** The text, cut to a width; measured by halving, so that a long one costs little. */
function cutTo(text, width, font) {
  const pieces = Array.from(shown(text.slice(0, 400)));
  if (measured(pieces.join(""), font) <= width) return pieces.join("");
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measured(`${pieces.slice(0, middle).join("")}…`, font) <= width) low = middle;
    else high = middle - 1;
  }
  return `${pieces.slice(0, low).join("")}…`;
}

const FONT = "600 13px system-ui, sans-serif";
const SMALL = "11px system-ui, sans-serif";

function subtitle(view, state) {
  const call = view.calls.get(state.pointer);
  return [state.type || "?", call && call.name].filter(Boolean).join(" · ");
}

function titleOf(view, scope) {
  if (scope.kind === "branch") return `branch ${view.inside.get(scope.state).indexOf(scope) + 1}`;
  return scope.distributed ? "each item, in an execution of its own" : "each item";
}

/** The transitions of a scope by which its states hang together: all but Catch, and of these what else would hang on nothing. */
function hanging(view, scope) {
  const chosen = [];
  const reached = new Set();
  const visit = (start) => {
    const pending = [start];
    while (pending.length) {
      const state = pending.pop();
      if (reached.has(state)) continue;
      reached.add(state);
      for (const one of view.out.get(state) || []) {
        if (one.kind === "catch" || one.target === null) continue;
        chosen.push(one);
        pending.push(one.target);
      }
    }
  };
  if (scope.start !== null) visit(scope.start);
  for (let grew = true; grew; ) {
    grew = false;
    for (const state of scope.states) {
      if (!reached.has(state)) continue;
      for (const one of view.out.get(state) || []) {
        if (one.kind !== "catch" || one.target === null || reached.has(one.target)) continue;
        chosen.push(one);
        visit(one.target);
        grew = true;
      }
    }
  }
  for (const state of scope.states) visit(state);
  return chosen;
}

const LAYERED = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.layered.spacing.nodeNodeBetweenLayers": "46",
  "elk.spacing.nodeNode": "34",
  "elk.spacing.edgeNode": "18",
  "elk.spacing.edgeLabel": "4",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.layered.cycleBreaking.strategy": "MODEL_ORDER",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
  "elk.edgeRouting": "ORTHOGONAL",
};

/** The states of a scope as the flow goes: each before those that it leads to, but for the ways back of loops. */
function inFlow(scope, transitions) {
  const out = new Map();
  for (const one of [...transitions].reverse()) push(out, one.source, one.target);
  const done = [];
  const seen = new Set();
  for (const start of [scope.start, ...scope.states].filter((one) => one !== null)) {
    const pending = seen.has(start) ? [] : [[start, 0]];
    seen.add(start);
    while (pending.length) {
      const top = pending[pending.length - 1];
      const next = (out.get(top[0]) || [])[top[1]];
      top[1] += 1;
      if (next === undefined) done.push(pending.pop()[0]);
      else if (!seen.has(next)) {
        seen.add(next);
        pending.push([next, 0]);
      }
    }
  }
  return done.reverse();
}

function scopeNode(view, scope, id, withLabels) {
  const transitions = hanging(view, scope);
  const padding = scope.state === null ? "[top=30,left=20,bottom=20,right=20]" : "[top=40,left=16,bottom=16,right=16]";
  return {
    id,
    layoutOptions: {
      ...LAYERED,
      ...atLeastAsWideAs(scope.state === null ? "" : titleOf(view, scope)),
      ...(view.states.size > MANY_STATES ? { "elk.layered.thoroughness": "2" } : {}),
      "elk.padding": padding,
    },
    children: inFlow(scope, transitions).map((pointer) => stateNode(view, pointer, withLabels)),
    edges: transitions.map((one) => ({
      id: `edge ${one.pointer}`,
      sources: [`state ${one.source}`],
      targets: [`state ${one.target}`],
      labels: one.label && withLabels ? [labelOf(one)] : [],
    })),
  };
}

function atLeastAsWideAs(title) {
  return { "elk.nodeSize.constraints": "MINIMUM_SIZE", "elk.nodeSize.minimum": `(${measured(title, SMALL) + 24}, ${STATE_HEIGHT})` };
}

function labelOf(transition) {
  const text = cutTo(transition.label, LABEL_WIDTH, SMALL);
  return { text, width: measured(text, SMALL) + 6, height: 15 };
}

function stateNode(view, pointer, withLabels) {
  const state = view.states.get(pointer);
  const inside = view.inside.get(pointer) || [];
  const width = Math.max(measured(shown(state.name.slice(0, 60)), FONT), measured(subtitle(view, state), SMALL)) + 34;
  const own = { id: `state ${pointer}`, width: Math.min(Math.max(width, 120), 280), height: STATE_HEIGHT };
  if (inside.length === 0) return own;
  return {
    ...own,
    layoutOptions: {
      "elk.algorithm": "rectpacking",
      "elk.aspectRatio": "2.5",
      "elk.padding": "[top=54,left=14,bottom=14,right=14]",
      "elk.nodeSize.constraints": "MINIMUM_SIZE",
      "elk.nodeSize.minimum": `(${own.width}, ${STATE_HEIGHT})`,
    },
    children: inside.map((scope) => scopeNode(view, scope, `scope ${scope.pointer}`, withLabels)),
  };
}

/** Boxes of states and scopes, and the routes of edges with their labels, all in one system of coordinates; kept. */
async function layOut(machine) {
  if (!machine.laidOut) {
    const graph = wholeGraph(machine);
    machine.laidOut = places(machine, graph && (await (isLarge(machine) ? layOutApart(graph) : new ELK().layout(graph))));
  }
  return machine.laidOut;
}

/** In a thread of its own where ELK takes long, so that the page goes on; in the page where it does not, or where no thread is to be had. */
async function layOutApart(graph) {
  let worker = null;
  try {
    return await new Promise((resolve, reject) => {
      const workerFactory = () => {
        worker = workerOfElk();
        worker.addEventListener("error", reject);
        return worker;
      };
      new ELK({ workerFactory }).layout(graph).then(resolve, reject);
    });
  } catch {
    return new ELK().layout(graph);
  } finally {
    worker?.terminate();
  }
}

/** ELK's own script in a thread: asked for an ELK without a thread, it finds itself in one and takes over its messages. */
function workerOfElk() {
  const script = document.getElementById("elk").textContent;
  return new Worker(URL.createObjectURL(new Blob([script, "\ntry { new ELK(); } catch {}"], { type: "text/javascript" })));
}

/** The same at once, of a machine for which ELK takes long; null where it does not, or is done. */
function layOutRoughly(machine) {
  if (machine.laidOut || !isLarge(machine)) return null;
  return places(machine, placeRoughly(wholeGraph(machine)));
}

function isLarge(machine) {
  return machine.view.states.size > MANY_STATES;
}

function wholeGraph(machine) {
  const { view } = machine;
  const root = view.scopes.get("") || machine.graph.scopes[0];
  return root && scopeNode(view, root, "scope ", !isLarge(machine));
}

function places(machine, laid) {
  const found = { states: new Map(), scopes: new Map(), edges: new Map(), width: 0, height: 0 };
  if (laid) {
    found.width = laid.width;
    found.height = laid.height;
    collect(laid, 0, 0, found);
  }
  for (const one of machine.view.transitions.values()) {
    if (!found.edges.has(one.pointer) && one.target !== null) found.edges.set(one.pointer, errorRoute(found, one));
  }
  return found;
}

function collect(node, x, y, found) {
  for (const edge of node.edges || []) {
    const section = edge.sections && edge.sections[0];
    if (!section) continue;
    const points = [section.startPoint, ...(section.bendPoints || []), section.endPoint].map((one) => [x + one.x, y + one.y]);
    const label = edge.labels && edge.labels[0];
    const text = label && label.text ? { text: label.text, x: x + label.x, y: y + label.y, width: label.width, height: label.height } : null;
    found.edges.set(edge.id.slice("edge ".length), { path: rounded(points), middle: points[points.length >> 1], label: text });
  }
  for (const child of node.children || []) {
    const box = { x: x + child.x, y: y + child.y, width: child.width, height: child.height };
    const [kind, pointer] = [child.id.slice(0, 5), child.id.slice(6)];
    (kind === "state" ? found.states : found.scopes).set(pointer, box);
    collect(child, box.x, box.y, found);
  }
}

/** A way along points, its corners round. */
function rounded(points) {
  let path = `M${points[0].join(" ")}`;
  for (let i = 1; i < points.length - 1; i += 1) {
    const [[ax, ay], [bx, by], [cx, cy]] = [points[i - 1], points[i], points[i + 1]];
    const [before, after] = [Math.hypot(bx - ax, by - ay) || 1, Math.hypot(cx - bx, cy - by) || 1];
    const radius = Math.min(7, before / 2, after / 2);
    path += `L${bx - ((bx - ax) / before) * radius} ${by - ((by - ay) / before) * radius}`;
    path += `Q${bx} ${by} ${bx + ((cx - bx) / after) * radius} ${by + ((cy - by) / after) * radius}`;
  }
  return `${path}L${points[points.length - 1].join(" ")}`;
}

/** The way of an error: out of one side of a state and into the same side of its handler. */
function errorRoute(found, transition) {
  const [from, to] = [found.states.get(transition.source), found.states.get(transition.target)];
  if (!from || !to) return null;
  if (from === to) {
    const [x, y] = [from.x + from.width, from.y + 14];
    return { path: `M${x} ${y}C${x + 34} ${y - 14} ${x + 34} ${y + 34} ${x} ${y + 18}`, middle: [x + 26, y + 9], label: null };
  }
  const isRight = to.x + to.width / 2 >= from.x + from.width / 2;
  const [x1, y1] = [isRight ? from.x + from.width : from.x, from.y + Math.min(from.height, STATE_HEIGHT) / 2];
  const isBeside = isRight ? to.x > x1 + 40 : to.x + to.width < x1 - 40;
  const [x2, y2] = isBeside ? [isRight ? to.x : to.x + to.width, to.y + 16] : [isRight ? to.x + to.width : to.x, to.y + 16];
  const bend = (isRight ? 1 : -1) * Math.min(40 + Math.abs(y2 - y1) / 6, 160);
  const [c1, c2] = [x1 + bend, isBeside ? x2 - bend : x2 + bend];
  const middle = [(x1 + 3 * c1 + 3 * c2 + x2) / 8, (y1 + y2) / 2];
  found.width = Math.max(found.width, x1 + Math.max(bend, 0), x2 + Math.max(bend, 0));
  return { path: `M${x1} ${y1}C${c1} ${y1} ${c2} ${y2} ${x2} ${y2}`, middle, label: null };
}
