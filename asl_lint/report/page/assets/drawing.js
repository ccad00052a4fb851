// The picture of a machine: boxes, arrows, badges; what is selected stands out. One stop for the Tab key, arrow keys inside.

class Drawing {
  /** `choose(pointer)` is called with a state that somebody selects, as by a badge of several findings; `open(finding)` with the only one of a badge. */
  constructor(machine, laidOut, choose, open) {
    this.machine = machine;
    this.laid = laidOut;
    this.choose = choose;
    this.open = open;
    this.boxes = new Map();
    this.arrows = new Map();
    this.tags = new Map();
    this.steps = s("g", { class: "steps", "aria-hidden": "true" });
    this.svg = this.drawn();
    this.window = null;
    this.listen();
  }

  drawn() {
    const { view, marks } = this.machine;
    // What is inside a state lies over it: the outer ones are drawn first.
    const nodes = s("g", {}, this.errorArrows(view.scopes.get("") || { states: [] }));
    for (const state of outerFirst(view)) {
      const box = this.laid.states.get(state.pointer);
      if (!box) continue;
      nodes.append(this.stateBox(state, box, marks[state.pointer]));
      for (const scope of view.inside.get(state.pointer) || []) nodes.append(this.scopeBox(scope), this.errorArrows(scope));
    }
    const arrows = s("g", { "aria-hidden": "true" }, [...view.transitions.values()].filter((one) => one.kind !== "catch").map((one) => this.arrow(one)));
    const badges = s("g", {}, [...this.badges()]);
    const help = "Graph of the states. Arrow keys go along the transitions, Enter selects, plus and minus zoom.";
    const heads = s("defs", {}, ["plain", "wrong", "chosen"].map(arrowHead));
    return s("svg", { class: "graph", role: "group", "aria-label": help, preserveAspectRatio: "xMidYMin meet" }, heads, nodes, arrows, badges, this.steps);
  }

  scopeBox(scope) {
    const box = this.laid.scopes.get(scope.pointer);
    if (!box) return "";
    const title = titleOf(this.machine.view, scope);
    return s("g", { class: "scope", "aria-hidden": "true" }, s("rect", { ...box, rx: 8 }), s("text", { x: box.x + 12, y: box.y + 18, class: "small" }, title));
  }

  stateBox(state, box, mark) {
    const view = this.machine.view;
    const found = view.badges.get(state.pointer) || [];
    const isStart = view.scopes.get(state.scope)?.start === state.pointer;
    const told = [state.name, state.type || "no type", isStart && "start", state.terminal && "end", mark, found.length && counts(found)].filter(Boolean).join(", ");
    const type = `type-${/^\w+$/.test(state.type || "") ? state.type : "none"}`;
    const kinds = ["state", type, mark, state.reached === false && "unreached", view.inside.has(state.pointer) && "holder"];
    const node = s("g", { class: kinds.filter(Boolean).join(" "), tabindex: "-1", role: "button", "aria-label": told, "aria-pressed": "false" },
      s("title", {}, state.name),
      s("rect", { ...box, rx: 8, class: "box" }),
      state.terminal && s("rect", { x: box.x + 3, y: box.y + 3, width: box.width - 6, height: box.height - 6, rx: 6, class: "inner" }),
      s("rect", { x: box.x, y: box.y + 8, width: 4, height: STATE_HEIGHT - 16, class: "stripe" }),
      s("text", { x: box.x + 14, y: box.y + 20, class: "title" }, cutTo(state.name, box.width - 28, FONT)),
      s("text", { x: box.x + 14, y: box.y + 36, class: "small" }, cutTo(subtitle(view, state), box.width - 28, SMALL)),
      isStart && s("path", { class: "start", d: `M${box.x + box.width / 2} ${box.y - 3}l-6 -9h12z` }));
    node.addEventListener("click", () => this.choose(state.pointer));
    node.addEventListener("focus", () => this.rove(node));
    node.dataset.pointer = state.pointer;
    this.boxes.set(state.pointer, node);
    return node;
  }

  /** The ways of errors in a scope: they may cross its states, and lie under them. */
  errorArrows(scope) {
    const own = scope.states.flatMap((pointer) => this.machine.view.out.get(pointer) || []);
    return s("g", { "aria-hidden": "true" }, own.filter((one) => one.kind === "catch").map((one) => this.arrow(one)));
  }

  arrow(transition) {
    const mark = this.machine.marks[transition.pointer];
    const route = this.laid.edges.get(transition.pointer);
    if (!route) return "";
    const head = transition.kind === "catch" ? "wrong" : "plain";
    const { label } = route;
    const group = s("g", { class: ["arrow", transition.kind, mark].filter(Boolean).join(" ") },
      s("title", {}, transition.label || "Next"),
      s("path", { d: route.path, "marker-end": `url(#head-${head})` }),
      label && s("rect", { x: label.x, y: label.y, width: label.width, height: label.height, rx: 3, class: "ground" }),
      label && s("text", { x: label.x + 3, y: label.y + 11.5, class: "small" }, label.text));
    this.arrows.set(transition.pointer, group);
    return group;
  }

  /** On each state and transition with findings: the letter of the worst, how many are as bad, and `+` where there are others. */
  *badges() {
    const { view } = this.machine;
    for (const [pointer, found] of view.badges) {
      const box = this.laid.states.get(pointer);
      const route = this.laid.edges.get(pointer);
      if (!box && !route) continue;
      const [x, y] = box ? [box.x + box.width - 6, box.y] : route.middle;
      const worst = SEVERITIES.find((severity) => found.some((one) => one.severity === severity));
      const asBad = found.filter((one) => one.severity === worst).length;
      const text = `${worst[0].toUpperCase()}${asBad > 1 ? asBad : ""}${asBad < found.length ? "+" : ""}`;
      const width = 12 + 7 * text.length;
      const badge = s("g", { class: `badge ${worst}`, "aria-hidden": "true" },
        s("title", {}, counts(found)), s("rect", { x: x - width / 2, y: y - 9, width, height: 18, rx: 9 }), s("text", { x, y: y + 4, "text-anchor": "middle" }, text));
      this.tags.set(pointer, badge);
      badge.addEventListener("click", () => (found.length > 1 && box ? this.choose(pointer) : this.open(found[0])));
      yield badge;
    }
  }

  // --- what is selected ---------------------------------------------------------------------------------------------------

  /** Shows a state by itself, or nothing for null. */
  showState(pointer, isMoved) {
    this.clear();
    this.press(pointer);
    if (pointer === null) return;
    for (const one of [...(this.machine.view.out.get(pointer) || []), ...(this.machine.view.into.get(pointer) || [])]) this.arrows.get(one.pointer)?.classList.add("near");
    if (isMoved) this.reveal([this.laid.states.get(pointer)]);
  }

  /** Shows a route: states with the numbers that their steps have in the list, transitions between them. */
  showRoute(route) {
    this.clear();
    if (route.states.length === 0) return;
    const last = route.states[route.states.length - 1];
    this.svg.classList.add("has-route");
    this.press(last);
    const states = new Set(route.states);
    for (const pointer of states) {
      const box = this.laid.states.get(pointer);
      const numbers = route.numbers.get(pointer);
      for (const one of [this.boxes, this.tags]) one.get(pointer)?.classList.add("on-route");
      if (box && numbers && states.size > 1) this.steps.append(stepMark(box, numbers));
    }
    for (const pointer of route.related) this.boxes.get(pointer)?.classList.add("related");
    for (const pointer of route.transitions) for (const one of [this.arrows, this.tags]) one.get(pointer)?.classList.add("on-route");
    this.reveal([...states].map((pointer) => this.laid.states.get(pointer)), this.laid.states.get(last));
  }

  clear() {
    this.svg.classList.remove("has-route");
    this.steps.replaceChildren();
    for (const one of [...this.boxes.values(), ...this.arrows.values(), ...this.tags.values()]) one.classList.remove("on-route", "related", "near", "selected");
    for (const one of this.svg.querySelectorAll('[aria-pressed="true"]')) one.setAttribute("aria-pressed", "false");
  }

  press(pointer) {
    const node = pointer && this.boxes.get(pointer);
    if (!node) return;
    node.classList.add("selected");
    node.setAttribute("aria-pressed", "true");
    this.rove(node);
  }

  /** Makes one state the stop of the Tab key. */
  rove(node) {
    for (const one of this.svg.querySelectorAll('[tabindex="0"]')) one.setAttribute("tabindex", "-1");
    node.setAttribute("tabindex", "0");
  }

  // --- the part that is seen ------------------------------------------------------------------------------------------------

  look(x, y, width) {
    const ratio = (this.svg.clientHeight || 600) / (this.svg.clientWidth || 800);
    this.window = { x, y, width, height: width * ratio };
    this.svg.setAttribute("viewBox", `${x} ${y} ${width} ${width * ratio}`);
  }

  /** The whole, as far as it can be read; of what is larger, the beginning. */
  fit() {
    const [shownWidth, shownHeight] = [this.svg.clientWidth || 800, this.svg.clientHeight || 600];
    const needed = Math.max(this.laid.width, (this.laid.height * shownWidth) / shownHeight) + 20;
    const width = Math.min(Math.max(needed, shownWidth), shownWidth * 1.5);
    const start = this.laid.states.get(this.machine.view.scopes.get("")?.start);
    const middle = width >= this.laid.width || !start ? this.laid.width / 2 : start.x + start.width / 2;
    this.look(middle - width / 2, -8, width);
  }

  whole() {
    const ratio = (this.svg.clientWidth || 800) / (this.svg.clientHeight || 600);
    const width = Math.max(this.laid.width, this.laid.height * ratio) + 20;
    this.look(this.laid.width / 2 - width / 2, -8, width);
  }

  zoom(factor, atX = 0.5, atY = 0.5) {
    const { x, y, width, height } = this.window;
    const wide = Math.min(Math.max(width * factor, 120), 4 * Math.max(this.laid.width, this.laid.height) + 800);
    const scale = wide / width;
    this.look(x + width * (1 - scale) * atX, y + height * (1 - scale) * atY, wide);
  }

  /** Brings boxes into view, all of them where they can still be read, else `first`. */
  reveal(boxes, first = boxes[0]) {
    const seen = boxes.filter(Boolean);
    if (seen.length === 0) return;
    const [left, top] = [Math.min(...seen.map((one) => one.x)) - 60, Math.min(...seen.map((one) => one.y)) - 50];
    const [right, bottom] = [Math.max(...seen.map((one) => one.x + one.width)) + 60, Math.max(...seen.map((one) => one.y + one.height)) + 50];
    const [shownWidth, shownHeight] = [this.svg.clientWidth || 800, this.svg.clientHeight || 600];
    const width = Math.max(right - left, ((bottom - top) * shownWidth) / shownHeight, shownWidth * 0.9);
    if (width <= shownWidth * 2.6) this.lookAround((left + right) / 2, (top + bottom) / 2, width);
    else if (first) this.lookAround(first.x + first.width / 2, first.y + STATE_HEIGHT / 2, shownWidth * 1.3);
  }

  /** Looks at a point in the middle, but not far beyond the edges of the picture. */
  lookAround(x, y, width) {
    const height = (width * (this.svg.clientHeight || 600)) / (this.svg.clientWidth || 800);
    const kept = (start, size, whole) => (size >= whole + 40 ? (whole - size) / 2 : Math.min(Math.max(start, -20), whole + 20 - size));
    this.look(kept(x - width / 2, width, this.laid.width), Math.min(kept(y - height / 2, height, this.laid.height), this.laid.height), width);
  }

  listen() {
    let from = null;
    this.svg.addEventListener("pointerdown", (event) => {
      if (event.button === 0) from = { x: event.clientX, y: event.clientY, window: this.window, moved: false };
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (from === null || !(event.buttons & 1)) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      if (!from.moved && Math.hypot(dx, dy) < 4) return;
      if (!from.moved) this.svg.setPointerCapture(event.pointerId);
      from.moved = true;
      const scale = from.window.width / this.svg.clientWidth;
      this.look(from.window.x - dx * scale, from.window.y - dy * scale, from.window.width);
    });
    this.svg.addEventListener("pointerup", () => (from = null));
    this.svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const bounds = this.svg.getBoundingClientRect();
      this.zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, (event.clientX - bounds.left) / bounds.width, (event.clientY - bounds.top) / bounds.height);
    }, { passive: false });
    this.svg.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    const at = event.target.dataset?.pointer;
    const { view } = this.machine;
    const zooms = { "+": () => this.zoom(1 / 1.25), "=": () => this.zoom(1 / 1.25), "-": () => this.zoom(1.25), 0: () => this.fit() };
    if (zooms[event.key]) zooms[event.key]();
    else if (!at) return;
    else if (event.key === "Enter" || event.key === " ") this.choose(at);
    else if (event.key === "ArrowDown") this.go((view.out.get(at) || []).map((one) => one.target)[0] ?? view.inside.get(at)?.[0]?.start);
    else if (event.key === "ArrowUp") this.go((view.into.get(at) || [])[0]?.source ?? view.scopes.get(view.states.get(at).scope)?.state);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") this.go(beside([...this.boxes.keys()], at, event.key === "ArrowRight" ? 1 : -1));
    else return;
    event.preventDefault();
  }

  go(pointer) {
    const node = pointer && this.boxes.get(pointer);
    if (!node) return;
    node.focus({ preventScroll: true });
    const { x, y, width, height } = this.window;
    const box = this.laid.states.get(pointer);
    if (box.x < x || box.y < y || box.x + box.width > x + width || box.y + STATE_HEIGHT > y + height) this.look(box.x + box.width / 2 - width / 2, box.y - height / 3, width);
  }
}

function outerFirst(view) {
  const depth = (state) => {
    const holder = view.scopes.get(state.scope)?.state ?? null;
    return holder === null ? 0 : 1 + depth(view.states.get(holder));
  };
  const depths = new Map([...view.states.values()].map((state) => [state, depth(state)]));
  return [...view.states.values()].sort((one, other) => depths.get(one) - depths.get(other));
}

function beside(all, one, by) {
  return all[(all.indexOf(one) + by + all.length) % all.length];
}

function arrowHead(kind) {
  return s("marker", { id: `head-${kind}`, class: `head ${kind}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 10, markerHeight: 10, markerUnits: "userSpaceOnUse", orient: "auto" }, s("path", { d: "M0 0L8 4L0 8Z" }));
}

function stepMark(box, steps) {
  const text = steps.length > 3 ? `${steps.slice(0, 2).join(",")}…` : steps.join(",");
  const width = 12 + 7 * text.length;
  return s("g", { class: "step" }, s("rect", { x: box.x - 8, y: box.y - 9, width, height: 18, rx: 9 }), s("text", { x: box.x - 8 + width / 2, y: box.y + 4, "text-anchor": "middle" }, text));
}
