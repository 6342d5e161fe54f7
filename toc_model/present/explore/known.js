// What is believed about an entry under a state, and what worldviews believe: families, intervals and medians.
import { FAMILIES, intervalOf } from "./draws.js";
import { quantile } from "./statistics.js";

// Asks of the model, with answers that no reader's belief changes kept.
export function makeKnown(data, model) {
  const kept = new Map();
  const remember = (key, find) => {
    if (!kept.has(key)) kept.set(key, find());
    return kept.get(key);
  };
  const ofWorldview = (worldview, date, entry) =>
    remember(`${worldview}|${date}|${entry}`, () => {
      const distributions = model.distributions(worldview, date, entry, null);
      const [first] = distributions;
      if (first.isConstant && distributions.length === 1) return [first.location];
      const isPlain = ["base", "patch"].includes(model.worldviews[worldview].kind) && !first.drawn;
      return isPlain
        ? intervalOf(first)
        : intervalOfDraws(model.parameters(worldview, date, [entry], {})[entry], distributions);
    });
  // Of a worldview that only has its draws within a mixture.
  const ofPart = ({ set, part }, date, entry) => {
    const { parts } = model.sets[model.worldviews[set].set];
    const draws = model.parameters(set, date, [entry], {})[entry].filter((_, k) => parts[k] === part);
    return intervalOfDraws(draws, model.distributions(set, date, entry, null));
  };
  const marks = (date, entry) =>
    remember(`|${date}|${entry}`, () =>
      data.worldviews
        .filter((one) => one.set !== null)
        .map((one) => ({
          label: `${one.label}${isPublished(data, one, date, entry) ? " (published)" : ""}`,
          interval: one.part === null ? ofWorldview(one.name, date, entry) : ofPart(one, date, entry),
        }))
        .filter(({ interval }) => interval.length === 3 && interval.every(Number.isFinite)),
    );
  const familyOf = (state, entry) => {
    const found = model
      .distributions(state.worldview, state.date, entry, null)
      .find((one) => FAMILIES[one.family] && !one.isConstant);
    return found ? found.family : "";
  };

  // {belief, family, marks, canRange} of an entry: the belief is [low, high] or [value].
  return (state, entry) => {
    const [low, middle = low, high = low] = ofWorldview(state.worldview, state.date, entry);
    const shipped = low < high ? [low, high] : [middle];
    return {
      belief: state.beliefs[entry] ?? shipped,
      family: familyOf(state, entry),
      marks: marks(state.date, entry),
      canRange: model.canRange(state.worldview, state.date, entry),
    };
  };
}

// Whether what a worldview says of an entry is a published figure: its own, or that of the base where it says nothing.
function isPublished(data, { kind, members }, date, entry) {
  if (kind !== "base" && kind !== "patch") return false;
  const own = members[0].reasons[date][entry] ?? data.entries.find((one) => one.name === entry).grounds[date];
  return own.status === "published";
}

// Of draws in which the effect is not nil, as quantiles are stated.
function intervalOfDraws(draws, distributions) {
  const canBeNil = distributions.some((one) => (one.nil ?? 0) > 0);
  const sorted = (canBeNil ? draws.filter((x) => x !== 0) : draws.slice()).sort();
  return sorted.length ? [0.05, 0.5, 0.95].map((level) => quantile(sorted, level)) : [0];
}
