// A first layout, at once, for machines that ELK needs seconds for: rows by the longest way from the start, straight arrows.

/** Gives a graph in ELK's form its places: the boxes inside first, then those around them. */
function placeRoughly(node) {
  for (const child of node.children || []) placeRoughly(child);
  if (node.edges) inRows(node);
  else if (node.children) sideBySide(node);
  return node;
}

function sideBySide(holder) {
  let x = 14;
  for (const scope of holder.children) {
    [scope.x, scope.y] = [x, 54];
    x += scope.width + 14;
  }
  holder.width = Math.max(holder.width, x);
  holder.height = 68 + Math.max(...holder.children.map((scope) => scope.height));
}

/** Children come as the flow goes: an arrow to one that came before leads back, and moves nothing. */
function inRows(scope) {
  const states = new Map(scope.children.map((one, i) => [one.id, { one, i, row: 0 }]));
  const out = new Map();
  for (const edge of scope.edges) push(out, edge.sources[0], edge.targets[0]);
  for (const [id, { i, row }] of states) {
    for (const target of (out.get(id) || []).map((one) => states.get(one))) if (target.i > i) target.row = Math.max(target.row, row + 1);
  }
  const rows = [];
  for (const { one, row } of states.values()) (rows[row] ||= []).push(one);
  const widths = rows.map((row) => row.reduce((sum, one) => sum + one.width + 34, -34));
  scope.width = 40 + Math.max(120, ...widths);
  scope.height = 40;
  rows.forEach((row, i) => {
    let x = (scope.width - widths[i]) / 2;
    for (const one of row) {
      [one.x, one.y] = [x, scope.height];
      x += one.width + 34;
    }
    scope.height += Math.max(...row.map((one) => one.height)) + 46;
  });
  for (const edge of scope.edges) edge.sections = [straight(states.get(edge.sources[0]).one, states.get(edge.targets[0]).one)];
}

function straight(from, to) {
  const isDown = to.y > from.y;
  return {
    startPoint: { x: from.x + from.width / (isDown ? 2 : 3), y: from.y + (isDown ? from.height : 0) },
    endPoint: { x: to.x + to.width / (isDown ? 2 : 1.5), y: to.y + (isDown ? 0 : to.height) },
  };
}
