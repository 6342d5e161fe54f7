// Where the marks of an axis stand, how far it goes, and where dots lie: plain numbers, nothing drawn.

const NOTHING = 1e-12; // what differs by less is alike

// A round step (1, 2 or 5 times a power of ten) that divides a width into at most so many parts.
export function roundStep(width, parts) {
  const rough = width / Math.max(parts, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

// Round values from low to high, with the decimals that tell them apart.
export function ticksOf(low, high, parts) {
  const step = roundStep(high - low || 1, parts);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const ticks = [];
  for (let k = first; k <= last; k++) ticks.push(k === 0 ? 0 : Number((k * step).toPrecision(12)));
  return { ticks, step, digits };
}

// Ends of an axis that shows low to high; the ends that it had stay while what is shown fills a good part of it, so
// that a moving answer is seen to move. Around what is all alike there is as much room as its own size asks for.
export function steadyEnds(low, high, before = null, least = 0) {
  const width = Math.max(high - low < NOTHING ? roomOf(low, high) : high - low, least);
  if (before && low >= before[0] && high <= before[1] && width > 0.4 * (before[1] - before[0])) return before;
  const step = roundStep(width, 10);
  return [Math.floor(low / step - 0.25) * step, Math.ceil(high / step + 0.25) * step];
}

function roomOf(low, high) {
  const size = Math.max(Math.abs(low), Math.abs(high));
  return size < NOTHING ? 1 : size;
}

// Ends of an axis on which the bulk of dots can be told apart: what lies half as far again from zero as one dot in
// twenty does, and more, is left to the edge.
export function bulkOf(dots) {
  const last = dots.length - 1;
  const far = [1.5 * Math.min(0, dots[Math.round(0.05 * last)]), 1.5 * Math.max(0, dots[Math.round(0.95 * last)])];
  const reach = 0.3 * Math.max(-far[0], far[1]);
  const inside = dots.filter((dot) => dot >= Math.min(far[0], -reach) && dot <= Math.max(far[1], reach));
  const shown = inside.length ? inside : dots;
  return [Math.min(0, ...shown), Math.max(0, ...shown)];
}

// So many quantiles that each stand for an equal part of the draws.
export function quantileDots(draws, count) {
  const sorted = Float64Array.from(draws).sort();
  return Array.from({ length: count }, (_, k) => {
    const place = ((k + 0.5) / count) * sorted.length - 0.5;
    const below = Math.max(0, Math.floor(place));
    const above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (sorted[above] - sorted[below]) * Math.min(Math.max(place - below, 0), 1);
  });
}

// Dots of one size stacked over an axis in columns of so many beside each other, none of them across zero; those at
// zero stand in a column of their own.
export function stackedDots(dots, toPixel, size, many) {
  const zero = toPixel(0);
  const wide = many * size;
  const gap = dots.includes(0) ? wide / 2 : 0;
  const filled = new Map();
  return dots.map((dot) => {
    const side = Math.sign(dot);
    const column = side && Math.max(0, Math.floor((Math.abs(toPixel(dot) - zero) - gap) / wide));
    const key = side * (column + 1);
    const before = filled.get(key) ?? 0;
    filled.set(key, before + 1);
    const along = (before % many) + 0.5;
    const x = side ? zero + side * (gap + (column * many + along) * size) : zero + (along - many / 2) * size;
    return { dot, x, level: Math.floor(before / many) };
  });
}

// How large dots can be, and in columns of how many, so that the highest stack fits: the narrowest columns that allow
// dots of a good size.
export function fittingDots(dots, toPixel, height, largest, smallest) {
  const fits = (size, many) =>
    (Math.max(...stackedDots(dots, toPixel, size, many).map(({ level }) => level)) + 1) * size <= height;
  for (const [many, least] of [
    [1, 0.7],
    [2, 0.65],
    [3, 0.6],
    [4, 0],
  ]) {
    for (let size = largest; size >= Math.max(least * largest, smallest); size -= 0.5)
      if (fits(size, many)) return { size, many };
  }
  return { size: smallest, many: 4 };
}

// Where labels over a line stand, each beside a stem down to its own place on it: {row, left} for each {x, size}, rows
// counted from the line. No label lies on another, nor on the stem of one above it while that can be helped.
export function placedLabels(labels, width, gap) {
  const placed = [];
  const order = labels.map((_, k) => k).sort((one, other) => labels[other].x - labels[one].x);
  for (const k of order) placed[k] = freePlace(labels[k], placed.filter(Boolean), width, gap);
  return placed;
}

function freePlace({ x, size }, placed, width, gap) {
  const sides = [x + gap / 2, x - gap / 2 - size].filter((left) => left >= 0 && left + size <= width);
  const lefts = sides.length ? sides : [Math.max(0, width - size)];
  for (const left of lefts) {
    for (let row = 0; row <= placed.length; row++) {
      const place = { x, row, left, right: left + size };
      if (placed.every((other) => !inTheWay(place, other, gap))) return place;
    }
  }
  return { x, row: Math.max(...placed.map(({ row }) => row)) + 1, left: lefts[0], right: lefts[0] + size };
}

function inTheWay(one, other, gap) {
  if (one.row === other.row) return one.left < other.right + gap && other.left < one.right + gap;
  const [upper, lower] = one.row > other.row ? [one, other] : [other, one];
  return upper.x > lower.left - 2 && upper.x < lower.right + 2;
}
