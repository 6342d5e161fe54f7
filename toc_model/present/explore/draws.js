// Parameters in every draw: standard normal scores sent through what a worldview, or the reader, believes.

const OUTER = 1.6448536269514722; // of a standard normal variable, its 95 % quantile
const STEPS = 2 ** 20; // of a unit, to which scores were rounded
const same = (x) => x;

export const FAMILIES = {
  normal: { lower: -Infinity, upper: Infinity, to: same, from: same },
  lognormal: { lower: 0, upper: Infinity, to: Math.log, from: Math.exp },
  lognormal_above_1: { lower: 1, upper: Infinity, to: (x) => Math.log(x - 1), from: (y) => 1 + Math.exp(y) },
  logit_normal: { lower: 0, upper: 1, to: (x) => Math.log(x / (1 - x)), from: (y) => 1 / (1 + Math.exp(-y)) },
};

function bytesOf(text) {
  const plain = atob(text);
  const found = new Uint8Array(plain.length);
  for (let k = 0; k < found.length; k++) found[k] = plain.charCodeAt(k);
  return found;
}

// Scores of three bytes each, draws of one source after those of another: by source.
export function unpackScores(text, names, draws) {
  const bytes = bytesOf(text);
  const found = {};
  names.forEach((name, place) => {
    const scores = new Float64Array(draws);
    for (let k = 0, at = place * draws * 3; k < draws; k++, at += 3) {
      scores[k] = (bytes[at] + (bytes[at + 1] << 8) + (bytes[at + 2] << 16) - 2 ** 23) / STEPS;
    }
    found[name] = scores;
  });
  return found;
}

// Ranks of two bytes each, by entry.
export function unpackRanks(text, names, draws) {
  const bytes = bytesOf(text);
  const found = {};
  names.forEach((name, place) => {
    const ranks = new Uint16Array(draws);
    for (let k = 0, at = place * draws * 2; k < draws; k++, at += 2) ranks[k] = bytes[at] + (bytes[at + 1] << 8);
    found[name] = ranks;
  });
  return found;
}

function unpackValues(text) {
  return new Float64Array(bytesOf(text).buffer);
}

// A distribution as documents give it: [family, location, scale, nil]; of draws that are carried as they are,
// ["drawn", values, null, nil].
export function distributionOf([family, location, scale, nil]) {
  if (family === "drawn") return { drawn: unpackValues(location), nil, isConstant: false };
  return { family, location, scale, nil, isConstant: scale === 0 };
}

// What a reader puts in its place: a certain value, or the 5 and 95 % quantiles of the same family.
export function believed(before, stated) {
  if (stated.length === 1) return { family: "normal", location: stated[0], scale: 0, nil: 0, isConstant: true };
  const [low, high] = stated.map(FAMILIES[before.family].to);
  return { ...before, location: (low + high) / 2, scale: (high - low) / (2 * OUTER), isConstant: false };
}

// The quantile at a standard normal score, given that the effect is not nil.
export function quantileAt(distribution, score) {
  if (distribution.drawn) return NaN;
  return FAMILIES[distribution.family].from(distribution.location + distribution.scale * score);
}

// 5, 50 and 95 % quantiles, given that the effect is not nil.
export function intervalOf(distribution) {
  return [-OUTER, 0, OUTER].map((score) => quantileAt(distribution, score));
}

// Values at standard normal scores.
export function valuesAt(distribution, scores, special) {
  const { family, location, scale, nil, drawn } = distribution;
  if (drawn) return drawn;
  const found = new Float64Array(scores.length);
  if (scale === 0) return found.fill(nil === 1 ? 0 : location);
  if (nil > 0) return nilled(distribution, scores, found, special);
  const { from } = FAMILIES[family];
  for (let k = 0; k < found.length; k++) found[k] = from(location + scale * scores[k]);
  return found;
}

// Where an effect may be nil the lowest scores stand for that, or those between where values may be below 0.
function nilled({ family, location, scale, nil }, scores, found, special) {
  if (nil === 1) return found;
  const { from, to, lower } = FAMILIES[family];
  const negative = lower >= 0 ? 0 : special.normal_cdf((to(0) - location) / scale);
  const beyond = (share, side, most) =>
    share < most ? from(location + scale * side * special.normal_quantile(share)) : 0;
  for (let k = 0; k < found.length; k++) {
    found[k] = beyond(special.normal_cdf(-scores[k]) / (1 - nil), -1, 1 - negative);
    if (negative > 0) found[k] += beyond(special.normal_cdf(scores[k]) / (1 - nil), 1, negative);
  }
  return found;
}

// The score of an entry, made of independent sources.
export function scoreOf(entry, weights, sources, draws) {
  const made = weights[entry] ?? { [entry]: 1 };
  const names = Object.keys(made);
  if (names.length === 1 && made[names[0]] === 1) return sources[names[0]] ?? new Float64Array(draws);
  const found = new Float64Array(draws);
  for (const name of names) {
    const weight = made[name];
    const source = sources[name];
    for (let k = 0; k < draws; k++) found[k] += weight * source[k];
  }
  return found;
}

// Scores that are standard normal among all draws, in the order that ranks say.
export function scoresOfRanks(ranks, many, special) {
  const found = new Float64Array(ranks.length);
  for (let k = 0; k < found.length; k++) found[k] = special.normal_quantile((ranks[k] + 0.5) / many);
  return found;
}
