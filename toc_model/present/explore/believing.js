import { believed, distributionOf, scoreOf, scoresOfRanks, unpackRanks, unpackScores, valuesAt } from "./draws.js";

// What worldviews believe of entries, and draws of the parameters. `special` has the normal distribution.
export function makeBelieving(data, special) {
  const { draws } = data;
  const worldviews = Object.fromEntries(data.worldviews.map((one) => [one.name, one]));
  const entries = Object.fromEntries(data.entries.map((one) => [one.name, one]));
  const sets = Object.fromEntries(Object.entries(data.sets).map(([name, set]) => [name, unpacked(set, draws)]));
  const kept = new Map();

  // The distribution of an entry for one member of a worldview at a date, as documents give it.
  function plain(member, date, entry) {
    return member.tables[date][entry] ?? data.tables[date][entry];
  }

  // The same as each member has it, with what the reader put in its place.
  function distributions(worldview, date, entry, stated) {
    return worldviews[worldview].members.map((member) => {
      const before = distributionOf(plain(member, date, entry));
      return stated ? believed(before, stated) : before;
    });
  }

  // Whether the reader may give it a range: constants and shapes of their own can only be set to a certain value.
  function canRange(worldview, date, entry) {
    return worldviews[worldview].members.every((member) => {
      const found = distributionOf(plain(member, date, entry));
      return !found.isConstant && !found.drawn && !entries[entry].terms;
    });
  }

  function drawn(worldview, date, entry, stated) {
    const set = sets[worldviews[worldview].set];
    const { members } = worldviews[worldview];
    const found = distributions(worldview, date, entry, stated);
    const made = members.map((member, place) => {
      const kept = member.reranked[date];
      const ranked = Boolean(kept && (stated || kept.includes(entry)));
      return { ranked, key: JSON.stringify([ranked, member.weights[entry], stated ?? plain(member, date, entry)]), place };
    });
    const values = (one) => valuesAt(found[one.place], scores(set, members[one.place], entry, one.ranked), special);
    if (stated?.length === 1 || made.every((one) => one.key === made[0].key)) return values(made[0]);
    const every = made.map(values);
    return Float64Array.from({ length: draws }, (_, k) => every[set.parts[k]][k]);
  }

  function scores(set, member, entry, ranked) {
    if (ranked && set.ranks[entry]) return scoresOfRanks(set.ranks[entry], draws, special);
    return scoreOf(entry, member.weights, set.sources, draws);
  }

  // Draws of all entries that are in use. Those that no reader changed are computed once.
  function parameters(worldview, date, names, beliefs) {
    const place = `${worldview}|${date}`;
    if (!kept.has(place)) kept.set(place, {});
    const mine = kept.get(place);
    const found = {};
    for (const entry of names) {
      if (beliefs[entry]) found[entry] = drawn(worldview, date, entry, beliefs[entry]);
      else found[entry] = mine[entry] ??= drawn(worldview, date, entry, null);
    }
    return found;
  }

  function designData(worldview) {
    const { part, rank, pool } = sets[worldviews[worldview].set];
    return { draws, part, rank, pool };
  }

  return { canRange, designData, distributions, parameters, sets, worldviews };
}

function unpacked(set, draws) {
  return {
    sources: unpackScores(set.scores, set.sources, draws),
    ranks: set.ranks ? unpackRanks(set.ranks, set.ranked, draws) : {},
    parts: set.parts ?? new Array(draws).fill(0),
    part: set.part,
    rank: set.rank,
    pool: set.picked,
  };
}
