// The blocks of data: JSON, compressed, unpacked when it is first asked for.

const unpacked = new Map();

async function unpack(id) {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (one) => one.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** What a block holds; the few machines that were looked at last are kept. */
function block(id) {
  const found = unpacked.get(id) || unpack(id);
  unpacked.delete(id);
  unpacked.set(id, found);
  if (unpacked.size > 8) unpacked.delete([...unpacked.keys()].find((one) => one !== "overview"));
  return found;
}

async function machineOf(index) {
  const machine = await block(`machine-${index}`);
  machine.view ||= graphOf(machine);
  return machine;
}
