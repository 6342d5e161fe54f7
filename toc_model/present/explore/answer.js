// The answer: a sentence to quote, the change draw by draw, before and after, and the same move under each worldview.
import { folded, make, plainTable, say } from "./dom.js";
import { dotKey, dotStrip, sideOf } from "./charts.js";
import { rowsTable } from "./rows.js";
import { begun, counted, errorOf, interval, percent } from "./numbers.js";
import { signed, value, valueInterval, withMinus, withUnit } from "./numbers.js";
import { costShare } from "./sentence.js";
import { direction, quantile } from "./statistics.js";
import { presetOf, spaced } from "./naming.js";
import { copyButton } from "./copying.js";

const LEVELS = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

// What the answer shows; `update` takes all that is reckoned at once, see main.js.
export function answerPart(data) {
  const { measure, label, lowerIsBetter } = data.objective;
  const quote = make("p", { class: "quote" });
  const headline = make("p", { class: "headline" });
  const strip = make("div", { class: "strip" });
  const draw = dotStrip(strip);
  const key = make("p", { class: "keys" });
  const table = make("div");
  const levels = rowsTable(`Mean ${label} and the middle 90 % of draws, ${measure.unit}`, [
    "allocation",
    "drawing",
    "mean [5\u00a0%, 95\u00a0%]",
  ]);
  const facts = make("dl", { class: "facts" });
  const published = data.delay?.published
    ? make("p", { class: "note", text: `Of a ${data.delay.period} of delay, published: ${data.delay.published}.` })
    : null;
  const rests = make("p", { class: "note" });
  const live = make("p", { class: "hidden", "aria-live": "polite" });
  const element = make(
    "section",
    { id: "answer", tabindex: "-1", "aria-labelledby": "answer-heading" },
    make("h2", { id: "answer-heading", text: "The answer" }),
    headline,
    quote,
    copyButton("Copy the sentence", () => latest.quote),
    make(
      "figure",
      {},
      make("figcaption", {
        text: `Each dot is one hundredth of the draws, at what the move changes there, in ${measure.changeUnit}`,
      }),
      strip,
      key,
      folded("The figures", table),
    ),
    facts,
    levels.element,
    published,
    rests,
    live,
  );
  // What the page opens with is read where it stands.
  const announce = throttled((text) => say(live, latest.opened === text ? "" : text));
  const latest = { quote: "", opened: "" };
  const update = ({ state, figures, change, quote: plain, text, restsOn }) => {
    latest.quote = plain;
    latest.opened ||= text;
    say(headline, headlineText(data, figures));
    headline.className = `headline ${sideOfMean(figures.change, lowerIsBetter)}`;
    say(quote, tied(text));
    announce(text);
    draw({ draws: change, factor: measure.factor, lowerIsBetter, label: stripLabel(data, figures) });
    dotKey(key, dotCounts(change, lowerIsBetter));
    levels.update({ rows: ["a", "b"].map((which) => levelRow(data, state, which, figures)), mark: "" });
    fillFacts(facts, factsOf(data, figures, change.length));
    say(rests, restsOn);
  };
  const updateTable = ({ change }) => table.replaceChildren(quantileTable(data, change));
  return { element, headline, update, updateTable };
}

// The change at some quantiles of its draws, which the dots show.
function quantileTable(data, change) {
  const { measure, label } = data.objective;
  const sorted = change.slice().sort();
  const rows = LEVELS.map((level) => [percent(level), withMinus(signed(measure, quantile(sorted, level)))]);
  return plainTable(`Change of ${label}, ${measure.changeUnit}`, ["of draws lie below", "change"], rows);
}

// Whether a mean change is for the better, as far as its draws can tell.
export function sideOfMean(change, lowerIsBetter) {
  const sign = direction(change);
  if (sign === 0) return "same";
  return sign < 0 === lowerIsBetter ? "better" : "worse";
}

// The change in a line.
export function headlineText(data, figures) {
  const { measure, label } = data.objective;
  const { before, after, change } = figures;
  const size = `${value(measure, Math.abs(change.mean), measure.changeDigits)} ${measure.changeUnit}`;
  const ends = `from ${value(measure, before.mean)} to ${withUnit(measure, after.mean)}`;
  const verb =
    direction(change) === 0
      ? `stays at ${withUnit(measure, before.mean)}, as far as these draws can tell`
      : `${change.mean < 0 ? "falls" : "rises"} by ${size}, ${ends}`;
  return withMinus(`${begun(label)} ${verb}`);
}

function stripLabel(data, figures) {
  const { measure, label } = data.objective;
  return withMinus(
    `Change of ${label} over draws: mean ${interval(measure, figures.change)} ${measure.changeUnit}, better in ${percent(figures.shareBetter)} of draws`,
  );
}

function levelRow(data, state, which, figures) {
  const { measure } = data.objective;
  const row = which === "a" ? figures.before : figures.after;
  const scaled = { mean: measure.factor * row.mean, low: measure.factor * row.q05, high: measure.factor * row.q95 };
  const kind = which === "a" ? "before" : sideOfMean(figures.change, data.objective.lowerIsBetter);
  return {
    name: which.toUpperCase(),
    note: spaced(presetOf(data, state, which)) || "your own",
    marks: [{ ...scaled, kind }],
    cells: [withMinus(valueInterval(measure, row))],
  };
}

function dotCounts(change, lowerIsBetter) {
  const counts = { better: 0, worse: 0, same: 0 };
  for (const x of change) counts[sideOf(x, lowerIsBetter)] += 1;
  const told = { better: "better", worse: "worse", same: "no change" };
  const text = (kind, count) =>
    count || kind !== "same" ? `${told[kind]} in ${percent(count / change.length)} of draws` : "";
  return Object.fromEntries(Object.entries(counts).map(([kind, count]) => [kind, text(kind, count)]));
}

// No line ends between a figure and what belongs to it.
function tied(text) {
  return text.replace(/(\d) (?=[%\u00b1])/g, "$1\u00a0");
}

// Terms and figures beside the drawing.
function factsOf(data, figures, draws) {
  const { measure } = data.objective;
  const { change, relative, breakEven } = figures;
  const found = [
    ["Change", withMinus(`${interval(measure, change)} ${measure.changeUnit}`)],
    [
      "Relative to A",
      relative.mean === null ? "none" : withMinus(`${relative.mean > 0 ? "+" : ""}${percent(relative.mean, 1)}`),
    ],
    ["Monte Carlo error", `\u00b1${errorOf(measure, change)} ${measure.changeUnit} (${counted(draws, "draw")})`],
  ];
  if (data.delay && breakEven)
    found.push([`Pays while a ${data.delay.period} of delay costs less than`, costText(data, breakEven)]);
  return found;
}

// What a period of delay may cost, in words.
function costText(data, found) {
  const told = {
    none: "nothing: it does not pay at no cost either",
    any: "anything: it delays nothing",
    unclear: "unclear: these draws can't tell",
  };
  return told[found.verdict] ?? `${costShare(found)} of what there is to lose`;
}

// The break-even in a cell.
export function costCell(found) {
  if (!found) return "";
  return found.verdict === "cost" ? costShare(found) : found.verdict;
}

function fillFacts(list, facts) {
  if (list.children.length !== facts.length)
    list.replaceChildren(...facts.map(() => make("div", {}, make("dt"), make("dd"))));
  facts.forEach((texts, k) => texts.forEach((text, part) => say(list.children[k].children[part], text)));
}

// The same move under each worldview as it ships, and under what is believed here.
export function worldviewPart(data) {
  const { measure, label, lowerIsBetter } = data.objective;
  const headings = [
    "worldview",
    "drawing",
    `${label} before`,
    "change",
    "better in",
    ...(data.delay ? ["break-even"] : []),
  ];
  const table = rowsTable(`Change of ${label}, ${measure.changeUnit}: mean and the middle 90 % of draws`, headings);
  const element = make(
    "section",
    { id: "worldviews", "aria-labelledby": "worldviews-heading" },
    make("h2", { id: "worldviews-heading", text: "The same move under each worldview" }),
    table.element,
    make("p", {
      class: "note",
      text: `\u201cAs set here\u201d is with your beliefs; all others are as they ship, at the same date, with the same rival mechanisms and changes of the model. A worldview is a set of beliefs; none of them is known to be right.${campsNote(data)}`,
    }),
  );
  const row = (name, figures, strong) => ({
    name,
    strong,
    marks: [
      {
        mean: measure.factor * figures.change.mean,
        low: measure.factor * figures.change.q05,
        high: measure.factor * figures.change.q95,
        kind: sideOfMean(figures.change, lowerIsBetter),
      },
    ],
    cells: [
      withMinus(withUnit(measure, figures.before.mean)),
      withMinus(`${signed(measure, figures.change.mean)} \u00b1${errorOf(measure, figures.change)}`),
      percent(figures.shareBetter),
      costCell(figures.breakEven),
    ],
  });
  let own = null;
  const moves = new Map();
  const show = () =>
    table.update({
      rows: [
        row("as set here", own, true),
        ...[...moves].map(([name, figures]) => row(labelOf(data, name), figures, false)),
      ],
      withSign: true,
      zero: true,
    });
  const updateOwn = (figures) => {
    own = figures;
    show();
  };
  const updateOne = ({ worldview, figures }) => {
    moves.set(worldview, figures);
    show();
  };
  return { element, updateOwn, updateOne };
}

function labelOf(data, name) {
  return data.worldviews.find((one) => one.name === name)?.label ?? spaced(name);
}

// Call a function with the latest of what is said, at most once a second and only when nothing more came for a while.
function throttled(act, quiet = 1000) {
  let waiting = 0;
  return (...given) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => act(...given), quiet);
  };
}

// How rows of camps are less sure than what the command tells of them.
function campsNote(data) {
  const camp = data.worldviews.find((one) => one.set !== null && one.part !== null);
  if (!camp) return "";
  const whole = data.worldviews.find((one) => one.name === camp.set);
  const many = data.sets[camp.set].parts.filter((part) => part === camp.part).length;
  return ` The rows of those that \u201c${whole.label}\u201d is made of are their members in it, ${many} draws of ${camp.label} for one, and so less sure than what ${data.prefix} run tells of them.`;
}
