// What draws come to, as toc_model/statistics has it; sums are added in NumPy's order, so that figures are the same.
// All draws are Float64Array.

const ROUNDING = 1e-12;
const AS_GOOD = 1.959964;
const FEW_OF_PART = 3;
const MOST_PLAYERS = 12;

// Sums ---------------------------------------------------------------------------------------------------------------

/** Sum of `many` values from `start` on, in pairs of blocks as NumPy adds them. */
export function sumOf(values, start = 0, many = values.length - start) {
  if (many > 128) {
    const half = (many >> 1) - ((many >> 1) % 8);
    return sumOf(values, start, half) + sumOf(values, start + half, many - half);
  }
  const end = start + many;
  const rest = start + many - (many % 8);
  let found = many < 8 ? 0 : sumOfEights(values, start, rest);
  for (let at = rest; at < end; at++) found += values[at];
  return found;
}

function sumOfEights(values, start, end) {
  let [a, b, c, d, e, f, g, h] = values.subarray(start, start + 8);
  for (let at = start + 8; at < end; at += 8) {
    a += values[at];
    b += values[at + 1];
    c += values[at + 2];
    d += values[at + 3];
    e += values[at + 4];
    f += values[at + 5];
    g += values[at + 6];
    h += values[at + 7];
  }
  return a + b + (c + d) + (e + f + (g + h));
}

/** Mean of values. */
export function meanOf(values) {
  return sumOf(values) / values.length;
}

function meanSize(values) {
  const sizes = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) sizes[i] = Math.abs(values[i]);
  return meanOf(sizes);
}

function sumOfSquares(values) {
  const squares = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) squares[i] = values[i] * values[i];
  return sumOf(squares);
}

function fromMean(values) {
  const mean = meanOf(values);
  const found = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) found[i] = values[i] - mean;
  return found;
}

/** One quantity plus so many times another, draw by draw. */
export function plusTimes(x, factor, y) {
  const found = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) found[i] = x[i] + factor * y[i];
  return found;
}

/** Whether what adds up cancels out: a mean that is zero but for rounding. */
export function nearlyNil(values) {
  return Math.abs(meanOf(values)) <= ROUNDING * meanSize(values);
}

/** One quantity less another in the same draw; zero where what is left is only rounding. */
export function difference(x, y) {
  const usual = meanSize(y);
  const found = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const left = x[i] - y[i];
    found[i] = Math.abs(left) <= ROUNDING * (Math.abs(y[i]) + usual) ? 0 : left;
  }
  return found;
}

// How draws were made ------------------------------------------------------------------------------------------------

/**
 * How draws were made, as far as errors depend on it; independently where neither part nor rank is said.
 *
 * `part` says of which part of a mixture a draw is, `rank` what rank it has among members of a camp, and `pool` which
 * draw of a pool was picked for it; each is an array with an entry a draw, or null. `mean(x)` and `error(x)` of the
 * design that is given back are the mean over draws and its Monte Carlo error.
 */
export function designOf({ draws, part = null, rank = null, pool = null }) {
  const made = {
    draws,
    parts: part === null ? null : groupsOf(part),
    byRank: rank === null ? null : orderOf(rank),
    picked: pool === null ? null : groupsOf(pool),
  };
  const isIndependent = part === null && rank === null;
  return { draws, mean: meanOf, error: isIndependent ? independentError : (x) => errorBeside(made, x) };
}

function independentError(x) {
  return Math.sqrt(sumOfSquares(fromMean(x)) / (x.length - 1)) / Math.sqrt(x.length);
}

// The error of what part and rank leave open; where that is nothing, for so few draws, of independent ones.
function errorBeside(made, x) {
  const squares = squaresLeft(made, x).reduce((sum, [factor, left]) => sum + factor * sumOfSquares(left), 0);
  return Math.sqrt(Math.max(squares, 0));
}

// Arrays whose squares times their factors add up to that of the error.
function squaresLeft({ draws, parts, byRank, picked }, x) {
  const many = parts === null ? 1 : parts.sizes.length;
  if (draws <= FEW_OF_PART * many) return [[1 / (draws * (draws - 1)), fromMean(x)]];
  const besidePart = parts === null ? fromMean(x) : fromMeansOfParts(parts, x);
  const lost = 1 / (draws * (draws - many));
  if (byRank === null) return [[lost, besidePart]];
  const [left, own] = [fromNeighbours(byRank, besidePart), 1 / (1.5 * (1 - 2 / draws))];
  if (picked === null) return [[lost * own, left]];
  return [
    [lost * (own - 1), left],
    [lost, totalsOf(picked, left)],
  ];
}

function fromMeansOfParts(parts, x) {
  const means = totalsOf(parts, x);
  for (let part = 0; part < means.length; part++) means[part] /= parts.sizes[part];
  const found = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) found[i] = x[i] - means[parts.of[i]];
  return found;
}

// What is left beside the line between neighbours in rank: of 1.5 times the variance; nothing at the ends.
function fromNeighbours(order, x) {
  const left = new Float64Array(x.length);
  for (let i = 1; i < order.length - 1; i++) {
    left[order[i]] = x[order[i]] - (x[order[i - 1]] + x[order[i + 1]]) / 2;
  }
  return left;
}

// Rows that share a label: the group of each row, and the rows of one group after another.
function groupsOf(labels) {
  const names = [...new Set(labels)].sort((a, b) => (a < b ? -1 : 1));
  const places = new Map(names.map((name, place) => [name, place]));
  const of = Int32Array.from(labels, (label) => places.get(label));
  const sizes = new Int32Array(names.length);
  for (const group of of) sizes[group]++;
  const starts = new Int32Array(names.length);
  for (let group = 1; group < names.length; group++) starts[group] = starts[group - 1] + sizes[group - 1];
  return { of, order: orderOf(of), starts, sizes };
}

function orderOf(ranks) {
  return Int32Array.from(ranks.keys()).sort((i, j) => ranks[i] - ranks[j] || i - j);
}

function totalsOf({ order, starts, sizes }, x) {
  const ordered = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) ordered[i] = x[order[i]];
  const found = new Float64Array(starts.length);
  for (let group = 0; group < starts.length; group++) {
    found[group] = ordered[starts[group]] + sumOf(ordered, starts[group] + 1, sizes[group] - 1);
  }
  return found;
}

// Figures ------------------------------------------------------------------------------------------------------------

/** A quantile of sorted values, interpolated between neighbours as NumPy does it. */
export function quantile(sorted, level) {
  const at = (sorted.length - 1) * level;
  if (at >= sorted.length - 1) return sorted[sorted.length - 1];
  const below = Math.floor(at);
  const [low, high, share] = [sorted[below], sorted[below + 1], at - below];
  return share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share;
}

/** Mean, 90 % interval and Monte Carlo error of the mean. */
export function figures(x, design) {
  const sorted = x.slice().sort();
  return { mean: design.mean(x), q05: quantile(sorted, 0.05), q95: quantile(sorted, 0.95), mcse: design.error(x) };
}

/** The sign of a mean, -1 or 1, or 0 where its Monte Carlo error covers zero. */
export function direction({ mean, mcse }) {
  return Math.abs(mean) <= AS_GOOD * mcse ? 0 : Math.sign(mean);
}

/** The mean change as a share of the mean before, with its Monte Carlo error; null where the mean before is zero. */
export function relativeChange(before, change, design) {
  if (nearlyNil(before)) return { mean: null, mcse: null };
  const start = meanOf(before);
  const mean = meanOf(change) / start;
  return { mean, mcse: design.error(plusTimes(change, -mean, before)) / Math.abs(start) };
}

/**
 * The cost of a period's delay at which a change is worth nothing.
 *
 * `loss` is the change of the loss, `later` that of the delay times what is left of the value. The verdict is "none",
 * "any", "unclear" or "cost", and only the last has a cost.
 */
export function breakEven(loss, later, design) {
  const [falls, delayed] = [loss, later].map((x) => -direction({ mean: meanOf(x), mcse: design.error(x) }));
  if (falls < 0 || (falls === 0 && isNil(loss))) return withoutCost("none");
  if (delayed > 0 || (delayed === 0 && isNil(later))) return withoutCost(falls > 0 ? "any" : "unclear");
  if (falls === 0 || delayed === 0) return withoutCost("unclear");
  const lost = meanOf(later);
  const cost = -meanOf(loss) / lost;
  return { verdict: "cost", cost, mcse: design.error(plusTimes(loss, cost, later)) / lost };
}

function withoutCost(verdict) {
  return { verdict, cost: null, mcse: null };
}

function isNil(x) {
  return x.every((value) => value === 0);
}

/**
 * What a move changes: figures of the outcome before and after, of its paired change, and of what delay may cost.
 *
 * `change` is such as `difference` gives; `later` is null where delay is not counted, and then so is `breakEven`.
 */
export function moveFigures({ before, change, later, design, lowerIsBetter }) {
  const loss = lowerIsBetter ? change : change.map((x) => -x);
  return {
    before: figures(before, design),
    after: figures(plusTimes(before, 1, change), design),
    change: figures(change, design),
    relative: relativeChange(before, change, design),
    shareBetter: shareBelowZero(loss),
    breakEven: later === null ? null : breakEven(loss, later, design),
  };
}

function shareBelowZero(x) {
  let found = 0;
  for (let i = 0; i < x.length; i++) if (x[i] < 0) found++;
  return found / x.length;
}

// Shapley values -----------------------------------------------------------------------------------------------------

/**
 * What each player adds to a total, averaged over all orders of joining: an array of draws a player, in their order.
 *
 * `valueOf` is called once for every set of players, an array in their order, the smallest first.
 */
export function shapley(players, valueOf) {
  if (players.length < 1 || players.length > MOST_PLAYERS) {
    throw new RangeError(`Shapley values: found ${players.length} players; allowed: 1 to ${MOST_PLAYERS}`);
  }
  const sets = setsOf(players.length);
  const values = new Map(sets.map((set) => [set, valueOf(players.filter((_, i) => set & (1 << i)))]));
  return players.map((_, player) => addedBy(player, players.length, sets, values));
}

function addedBy(player, many, sets, values) {
  const found = new Float64Array(values.get(0).length);
  for (const before of sets.filter((set) => !(set & (1 << player)))) {
    const [without, joined] = [values.get(before), values.get(before | (1 << player))];
    const orders = many * choose(many - 1, sizeOf(before));
    for (let i = 0; i < found.length; i++) found[i] += (joined[i] - without[i]) / orders;
  }
  return found;
}

// Every set of so many players as bits, the smallest first, those of a size in the order of their first players.
function setsOf(many) {
  const firstFirst = (set) => Array.from({ length: many }, (_, i) => (set >> i) & 1).join("");
  const sets = Array.from({ length: 2 ** many }, (_, set) => ({ set, size: sizeOf(set), key: firstFirst(set) }));
  return sets.sort((a, b) => a.size - b.size || (a.key > b.key ? -1 : 1)).map(({ set }) => set);
}

function sizeOf(set) {
  return set === 0 ? 0 : (set & 1) + sizeOf(set >> 1);
}

function choose(many, some) {
  return some === 0 ? 1 : (choose(many, some - 1) * (many - some + 1)) / some;
}
