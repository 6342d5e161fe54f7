// Nodes in every draw, from laws that are printed one by one: under the reference, and under any allocation.
// A node's value is a list of arrays, one for each of its places.

const EDGE = 1e-9; // how near to a bound that it can't attain a node is held

export function makeLaws(data, printed, special) {
  const { draws } = data;
  const made = new Map();
  const orders = new Map();
  const leverNames = data.levers.map((lever) => lever.name);
  const records = Object.fromEntries(data.nodes.map((node) => [node.name, node]));

  // The law of a node under some rivals: that which one of them gives, or the one that is written down, if any.
  function lawOf(node, rivals) {
    const rival = rivals.find((name) => printed.nodes[node][name]) ?? "";
    const key = `${rival}|${node}`;
    if (!made.has(key)) made.set(key, printed.nodes[node][rival] ? compiled(printed.nodes[node][rival], special) : null);
    return made.get(key);
  }

  // All nodes under some rivals, causes before effects.
  function order(rivals) {
    const key = [...rivals].sort().join();
    if (!orders.has(key)) {
      const found = new Map(Object.keys(printed.nodes).map((node) => [node, lawOf(node, rivals)]));
      orders.set(key, inCausalOrder(found));
    }
    return orders.get(key);
  }

  // Parameters as lists of arrays, from draws by entry, after changes that set or scale them.
  function stacked(byEntry, changes) {
    const found = {};
    for (const [name, entries] of Object.entries(data.parameters)) {
      if (entries.every((entry) => byEntry[entry])) found[name] = entries.map((entry) => byEntry[entry]);
    }
    for (const { kind, target, places, value } of changes) {
      if ((kind !== "set" && kind !== "scale") || !found[target]) continue;
      found[target] = found[target].map((values, place) => {
        if (places && !places.includes(place)) return values;
        return kind === "set" ? new Float64Array(draws).fill(value) : values.map((x) => x * value);
      });
    }
    return found;
  }

  // Nodes under the reference allocation, and what their laws keep for all others.
  function reference(parameters, anchor, rivals) {
    const [nodes, shared, kept] = [{}, {}, {}];
    for (const node of order(rivals)) {
      const law = lawOf(node, rivals);
      const out = new Float64Array(law.outBefore.length * draws);
      const c = Float64Array.from(law.c, ([name, place]) => anchor[name][place]);
      kept[node] = { c, kept: law.before(draws, c, packed(law.p, (name) => parameters[name] ?? nodes[name]), out) };
      [nodes[node], shared[node]] = split(law.outBefore, out, records[node].places.length);
    }
    return { nodes, shared, kept, anchor, rivals };
  }

  // What is written before any allocation is known, by place: under the reference, and where all allocations share it.
  function split(written, out, many) {
    const found = [new Array(many), new Array(many)];
    written.forEach(([place, ofReference], k) => {
      const values = out.subarray(k * draws, (k + 1) * draws);
      found[0][place] = values;
      if (!ofReference) found[1][place] = values;
    });
    return found;
  }

  // Nodes under one allocation, after changes that hold nodes or cut arrows; `known` are taken as they are given.
  function under({ reference: { nodes: first, shared, kept, anchor, rivals }, changes }, levers, known) {
    const isMoved = new Set(leverNames.filter((name) => !alike(levers[name], anchor[name])));
    const found = {};
    for (const node of order(rivals)) {
      if (known[node]) {
        found[node] = known[node];
      } else {
        const law = lawOf(node, rivals);
        const cuts = changes.filter((one) => one.kind === "cut" && one.effect === node);
        const seen = (name) => withCuts(name, levers[name] ?? found[name], anchor[name] ?? first[name], cuts);
        const own = law.parents.some((name) => isMoved.has(name))
          ? computed(law, seen, shared[node], kept[node])
          : first[node];
        found[node] = held(node, own, first[node], changes);
      }
      if (!alike(found[node], first[node])) isMoved.add(node);
    }
    return found;
  }

  function computed(law, seen, shared, { c, kept }) {
    const out = new Float64Array(law.outAfter.length * draws);
    law.after(draws, c, Float64Array.from(law.l, ([name, place]) => seen(name)[place]), packed(law.b, seen), kept, out);
    const found = [...shared];
    law.outAfter.forEach(([place], k) => { found[place] = out.subarray(k * draws, (k + 1) * draws); });
    return found;
  }

  function packed(inputs, valueOf) {
    const found = new Float64Array(inputs.length * draws);
    inputs.forEach(([name, place], k) => found.set(valueOf(name)[place], k * draws));
    return found;
  }

  // What a node is held at, a number or its own value under the reference; of changes of one place the last counts.
  function held(node, values, first, changes) {
    const mine = changes.filter((one) => (one.kind === "do" || one.kind === "pin") && one.target === node);
    return mine.reduce((now, { kind, places, value }) => now.map((own, place) => {
      if (places && !places.includes(place)) return own;
      return kind === "pin" ? first[place] : new Float64Array(draws).fill(withinBounds(records[node], value));
    }), values);
  }

  const keeps = printed.kept && printed.kept(special);

  // Periods by which what is left of the value comes later than under the reference.
  function later(comes, first, outcome) {
    const [share, none] = [new Float64Array(draws), new Float64Array(0)];
    keeps.after(draws, none, none, outcome, none, share);
    return share.map((left, k) => (comes[k] - first[k]) * left);
  }

  return { lawOf, later, order, records, reference, stacked, under };
}

function compiled({ make, before, after, ...inputs }, special) {
  const parents = new Set([...inputs.c, ...inputs.p, ...inputs.l, ...inputs.b].map(([name]) => name));
  return { ...inputs, ...make(special), outBefore: before, outAfter: after, parents: [...parents] };
}

function inCausalOrder(laws) {
  const found = new Set();
  const visit = (node) => {
    if (found.has(node) || !laws.get(node)) return;
    laws.get(node).parents.filter((name) => laws.has(name)).forEach(visit);
    found.add(node);
  };
  [...laws.keys()].forEach(visit);
  return [...found];
}

// A value that an effect sees, where some arrows from this cause, or from places of it, are cut.
function withCuts(name, values, first, cuts) {
  return cuts.filter((one) => one.target === name).reduce(
    (now, { places }) => now.map((own, place) => (!places || places.includes(place) ? first[place] : own)), values);
}

function alike(one, other) {
  return one.every((value, place) => value === other[place]);
}

export function withinBounds({ bounds: [lower, upper], attained: [atLower, atUpper] }, value) {
  if (upper === null) return value;
  const least = lower === null ? -Infinity : lower + (atLower ? 0 : EDGE);
  return Math.min(Math.max(value, least), upper - (atUpper ? 0 : EDGE));
}
