// Laws of the page's pure functions, on many made-up inputs; prints those that were broken, as JSON.
import { bulkOf, fittingDots, placedLabels, quantileDots, roundStep, stackedDots, steadyEnds, ticksOf } from "./ticks.js";
import { linkedGroups, linkedShares, movedValues } from "./linked.js";
import { beliefAt, fromSlider, lineOf, placeOf, roundedIn, sliderEnds, toSlider } from "./scales.js";
import { rankedMatches } from "./matches.js";
import { amountOf, beliefText, calendarText, sayable } from "./naming.js";
import { pixelsOf, sideOf, tickText } from "./charts.js";
import { linesOf } from "./card.js";
import { csvOf } from "./csv.js";

const troubles = [];
let seed = 12345;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const holds = (law, is, ...found) => {
  if (!is) troubles.push([law, ...found]);
};
const same = (law, found, wanted) => holds(law, JSON.stringify(found) === JSON.stringify(wanted), found, wanted);
const near = (x, y, by = 1e-9) => Math.abs(x - y) <= by * Math.max(1, Math.abs(x), Math.abs(y));
const many = (law) => {
  for (let k = 0; k < 300; k++) law(k);
};

// Axes
many(() => {
  const low = (random() - 0.7) * 10 ** Math.floor(8 * random() - 4);
  const high = low + 10 ** (8 * random() - 4);
  const { ticks, step, digits } = ticksOf(low, high, 8);
  holds("ticks lie inside", ticks.every((x) => x >= low - 1e-6 * step && x <= high + 1e-6 * step), low, high, ticks);
  holds("ticks are enough and not too many", ticks.length >= 2 && ticks.length <= 10, low, high, ticks);
  holds("digits tell ticks apart", new Set(ticks.map((x) => x.toFixed(digits))).size === ticks.length, ticks, digits);
  holds("steps are round", ["1", "2", "5"].includes(String(Number(step.toPrecision(6))).replace(/e.*$/, "").replace(/[0.]/g, "")), step);
  holds("steps divide", (high - low) / roundStep(high - low, 5) <= 5 + 1e-6, low, high);
  const ends = steadyEnds(low, high);
  holds("ends hold what is shown", ends[0] <= low && ends[1] >= high, low, high, ends);
  same("ends stay for what fills them", steadyEnds(low, high, ends), ends);
});
same("ends follow what is small", steadyEnds(0, 1, [-50, 50])[1] < 5, true);
for (const [low, high] of [[0, 0], [-1e-17, 1e-17], [5, 5], [-0.03, -0.03]]) {
  const ends = steadyEnds(low, high, [-50, 50]);
  const { ticks, digits } = ticksOf(ends[0], ends[1], 5);
  holds("an axis of nothing is sober", ends[0] <= low && ends[1] >= high && digits <= 3 && ticks.length > 1, low, ends, ticks, digits);
  same("and steady", steadyEnds(low, high, ends), ends);
}
same("tick texts", [-2, 0, 0.5, -0.0001].map((x) => tickText(x, 1, true)), ["\u22122.0", "0", "+0.5", "0"]);

// Dots
const draws = Float64Array.from({ length: 1000 }, () => (random() - 0.4) ** 3);
const dots = quantileDots(draws, 100);
const sorted = draws.slice().sort();
holds("as many dots", dots.length === 100 && dots.every((x, k) => !k || x >= dots[k - 1]));
holds("a dot for each hundredth", dots.every((x, k) => x >= sorted[10 * k] && x <= sorted[10 * k + 9]));
same("dots of one draw", quantileDots([3], 4), [3, 3, 3, 3]);
const toPixel = pixelsOf([-1, 1], 0, 600);
const { size, many: beside } = fittingDots(dots, toPixel, 150, 10, 3);
const placed = stackedDots([...dots, 0], toPixel, size, beside);
holds("dots fit", Math.max(...placed.map(({ level }) => level)) * size <= 150 + size, size, beside);
holds("dots stay on their side", placed.every(({ dot, x }) => Math.sign(x - toPixel(0)) === Math.sign(dot) || dot === 0));
holds("no dot lies on another", new Set(placed.map(({ x, level }) => `${x.toFixed(3)}|${level}`)).size === placed.length);
const [from, to] = bulkOf([-100, ...dots.slice(1)]);
holds("one dot far out does not stretch the axis", from > -5 && to >= 0, from, to);
same("nothing changes", bulkOf([0, 0, 0]).map(Number), [0, 0]);
same("sides", [-1, 0, 1].map((x) => [sideOf(x, true), sideOf(x, false)]), [["better", "worse"], ["same", "same"], ["worse", "better"]]);

// Labels
many(() => {
  const labels = Array.from({ length: 1 + Math.floor(7 * random()) }, () => ({ x: 400 * random(), size: 20 + 100 * random() }));
  const found = placedLabels(labels, 400, 6);
  holds("labels lie inside", found.every(({ left, right }) => left >= 0 && right <= 400), labels, found);
  holds("no label lies on another", found.every((one, k) => found.every((other, j) => j <= k || one.row !== other.row || one.right <= other.left || other.right <= one.left)), labels, found);
});

// Linked shares
many(() => {
  const shares = linkedShares(Array.from({ length: 2 + Math.floor(4 * random()) }, random), 0, random());
  const wanted = Math.round(1e6 * random()) / 1e6;
  const moved = linkedShares(shares, 1, wanted);
  holds("shares add up", near(moved.reduce((sum, x) => sum + x, 0), 1), shares, moved);
  holds("the moved one is what it was set to", near(moved[1], wanted), moved, wanted);
  holds("the others keep their proportion", shares.length < 3 || near(moved[0] * shares[2], moved[2] * shares[0], 1e-4), shares, moved);
  holds("shares are shares", moved.every((x) => x >= 0 && x <= 1), moved);
});
same("what is left goes to all alike where all were nil", linkedShares([1, 0, 0], 0, 0.5), [0.5, 0.25, 0.25]);
same("beyond the ends", linkedShares([0.5, 0.5], 0, 7), [1, 0]);
const lever = { sums: true, variables: ["x", "x", "y", "y"].map((group) => ({ group })) };
same("groups", linkedGroups(lever).map(({ places }) => places), [[0, 1], [2, 3]]);
same("only the group moves", movedValues(lever, [0.5, 0.5, 0.2, 0.8], 0, 0.3), [0.3, 0.7, 0.2, 0.8]);
same("what is not linked moves alone", movedValues({ ...lever, sums: false }, [0.5, 0.5], 0, 0.3), [0.3, 0.5]);

// Beliefs on sliders
const FAMILIES = {
  normal: [[null, null], () => 20 * random() - 10], lognormal: [[0, null], () => Math.exp(12 * random() - 6)],
  lognormal_above_1: [[1, null], () => 1 + Math.exp(6 * random() - 3)], logit_normal: [[0, 1], () => 0.001 + 0.998 * random()],
};
for (const [family, [range, draw]] of Object.entries(FAMILIES)) {
  const entry = { range };
  many(() => {
    const [low, middle, high] = [draw(), draw(), draw()].sort((x, y) => x - y);
    const about = { family, belief: [low, high], marks: [{ label: "m", interval: [low, middle, high] }] };
    const line = lineOf(entry, about);
    const place = placeOf(line, about.belief);
    holds("a place is its belief", near(line.from(place.centre - place.half), low, 1e-6) && near(line.from(place.centre + place.half), high, 1e-6), family, low, high);
    const belief = beliefAt(entry, line, place);
    holds("a belief is in its range", belief.every((x) => (range[0] === null || x > range[0]) && (range[1] === null || x < range[1])), family, belief);
    holds("a belief rises", belief.length === 1 || belief[0] < belief[1], family, belief);
    holds("rounding is slight", belief.length === 1 || near(belief[0], low, 0.06), family, belief, low);
    same("rounding is done once", belief.map((x) => roundedIn(entry, line, x)), belief);
    const ends = sliderEnds(entry, line, about);
    holds("sliders hold what is known", ends[0] <= line.to(low) + 1e-9 && ends[1] >= line.to(high) - 1e-9, family, ends);
    const step = toSlider(ends, place.centre, 400);
    holds("sliders go both ways", step >= 0 && step <= 400 && toSlider(ends, fromSlider(ends, step, 400), 400) === step, family, step);
  });
  const line = lineOf(entry, { family, belief: [draw()], marks: [] });
  holds("certain at no spread", beliefAt(entry, line, { centre: line.to(draw()), half: 0 }).length === 1, family);
}
same("no slider comes to a year of the calendar", roundedIn({ range: [0, null], isDate: true }, { lower: 0, upper: Infinity }, 4e3), 999);
const constant = { family: "", belief: [0], marks: [] };
same("a constant at its bound has ends", sliderEnds({ range: [0, null] }, lineOf({ range: [0, null] }, constant), constant), [0, 1]);

// Words
same("sayable", [0.0123456, 1.2345, 27.345, 154.3, -8.76].map(sayable), [0.0123, 1.23, 27, 154, -8.8]);
const share = { isShare: true };
same("shares", [0.5, 0.064, 0.9987, 0, 1].map((x) => amountOf(share, x)), ["50 %", "6.4 %", "99.87 %", "0 %", "100 %"]);
same("exact shares", amountOf(share, 0.283, true), "28.3 %");
const date = { isDate: true, unit: "years from then" };
same("dates", beliefText(date, [3.73, 27.2]), "3.7 to 27 years");
same("certain", beliefText({ unit: "-" }, [2]), "2, certain");
const data = { dates: [{ name: "now", year: 2022.9 }, { name: "undated", year: null }] };
same("calendar", ["now", "undated"].map((name) => calendarText(data, { date: name }, date, [3, 27.2])), ["2025 to 2050", ""]);
same("one year", calendarText(data, { date: "now" }, date, [3]), "2025");
const things = [{ label: "pace of labs", question: "how fast?" }, { label: "fast field", question: "Labs?" }];
const textsOf = (one) => [one.label, one.question];
same("found by all words", rankedMatches(things, "  LABS fast ", textsOf).map((one) => one.label), ["pace of labs", "fast field"]);
same("nothing is asked", rankedMatches(things, " ", textsOf), []);
same("lines", linesOf("one two three four", (text) => text.length <= 8, 2), ["one two", "three\u2026"]);
const row = { mean: 1, q05: 0, q95: 2, mcse: 0.1 };
const figures = { before: row, after: row, change: row, relative: { mean: null, mcse: null }, shareBetter: 0.5, breakEven: null };
const lines = csvOf({ figures, moves: [{ worldview: 'a "b", c', figures }] }).trimEnd().split("\r\n");
holds("a table of commas", lines.length === 3 && lines[2].startsWith('"a ""b"", c",1,0,2,0.1,') && lines[1].split(",").length === lines[0].split(",").length, lines);

console.log(JSON.stringify(troubles.slice(0, 20)));
