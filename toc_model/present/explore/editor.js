// One belief: its question, a slider for the middle of its interval and one for how sure, and where it comes from.
import { folded, freshId, make, say, whileMoved } from "./dom.js";
import { beliefMarks, medianText } from "./marks.js";
import { beliefAt, fromSlider, lineOf, placeOf, sliderEnds, toSlider } from "./scales.js";
import { begun } from "./numbers.js";
import { beliefText, calendarText, dateOf } from "./naming.js";
import { yearsFrom } from "./years.js";

const NOTCHES = 400;

// The editor of an entry; `update(state, about)` is told what is believed now, see known.js.
export function beliefEditor(data, entry, change, onClose = null) {
  const held = { key: "", line: null, ends: null, place: null };
  const set = (belief, finished) =>
    change((state) => ({ ...state, beliefs: { ...state.beliefs, [entry.name]: belief } }), finished);
  const moved = (finished) => {
    held.place = movedPlace(held, Number(centre.value), Number(spread.value));
    set(beliefAt(entry, held.line, held.place), finished);
  };
  const id = freshId("belief");
  const slider = (kind, label) =>
    make("input", {
      type: "range",
      id: `${id}-${kind}`,
      min: 0,
      max: NOTCHES,
      step: 1,
      "aria-label": `${begun(entry.label)}: ${label}`,
    });
  const [centre, spread] = [slider("centre", "middle"), slider("spread", "how unsure")];
  for (const range of [centre, spread]) whileMoved(range, moved);
  const told = make("output", { class: "told", for: `${id}-centre ${id}-spread` });
  const years = make("span", { class: "years" });
  const reset = make("button", {
    type: "button",
    class: "plain",
    text: "reset",
    "aria-label": `Reset: ${entry.label}`,
    onClick: () => change((state) => withoutBelief(state, entry.name), true),
  });
  const marks = beliefMarks(entry);
  const medians = make("p");
  const exact = exactFields(data, entry, set);
  const from = origin(data, entry);
  const closer = onClose
    ? make("button", {
        type: "button",
        class: "plain",
        text: "close",
        "aria-label": `Close: ${entry.label}`,
        onClick: onClose,
      })
    : null;
  const sure = make(
    "div",
    { class: "sure" },
    make("span", { "aria-hidden": "true", text: "certain" }),
    spread,
    make("span", { "aria-hidden": "true", text: "unsure" }),
  );
  const element = make(
    "fieldset",
    { class: "belief" },
    make("legend", { text: begun(entry.label) }),
    make("p", { class: "question", text: entry.question }),
    make("p", { class: "readout" }, told, years, reset),
    marks.element,
    centre,
    sure,
    folded("Source, and exact figures", medians, from.element, exact.element),
    closer,
  );
  const update = (state, about) => {
    const { belief } = about;
    const own = entry.name in state.beliefs;
    element.classList.toggle("own", own);
    reset.hidden = !own;
    if (closer) closer.hidden = own;
    sure.hidden = !about.canRange;
    place(entry, held, state, about);
    centre.value = toSlider(held.ends, held.place.centre, NOTCHES);
    spread.value = spreadStep(held);
    say(told, `${belief.length > 1 ? "90 % from " : ""}${beliefText(entry, belief, own)}`);
    const calendar = calendarText(data, state, entry, belief);
    say(years, calendar ? ` (${calendar})` : "");
    centre.setAttribute("aria-valuetext", told.textContent + years.textContent);
    spread.setAttribute("aria-valuetext", told.textContent);
    say(medians, medianText(entry, about.marks));
    from.update(state);
    exact.update(state, about, held.line);
    marks.update({ line: held.line, ends: held.ends, belief, marks: about.marks });
  };
  return { element, update };
}

function withoutBelief(state, name) {
  return { ...state, beliefs: Object.fromEntries(Object.entries(state.beliefs).filter(([other]) => other !== name)) };
}

// Where the sliders stand for what is believed: where they were put, if that is it; their ends stay while they can.
function place(entry, held, state, about) {
  const key = `${state.worldview}|${state.date}`;
  if (held.key !== key) Object.assign(held, { key, line: lineOf(entry, about), ends: null, place: null });
  const found = placeOf(held.line, about.belief);
  const isOut = !held.ends || found.centre < held.ends[0] || found.centre > held.ends[1];
  if (isOut) held.ends = sliderEnds(entry, held.line, about);
  if (!held.place || !sameBelief(beliefAt(entry, held.line, held.place), about.belief)) held.place = found;
}

// A slider that was not moved keeps exactly what it stands for.
function movedPlace(held, centre, spread) {
  return {
    centre:
      toSlider(held.ends, held.place.centre, NOTCHES) === centre
        ? held.place.centre
        : fromSlider(held.ends, centre, NOTCHES),
    half: spreadStep(held) === spread ? held.place.half : (spread / NOTCHES) * halfMost(held.ends),
  };
}

function halfMost(ends) {
  return 0.6 * (ends[1] - ends[0]);
}

function spreadStep({ ends, place: { half } }) {
  return Math.round(Math.min(half / halfMost(ends), 1) * NOTCHES);
}

function sameBelief(one, other) {
  return one.length === other.length && one.every((x, k) => x === other[k]);
}

// Status, source and history of an entry.
function origin(data, entry) {
  const [status, source, reason] = [make("b"), make("span"), make("p")];
  const element = make(
    "div",
    {},
    make("p", {}, status, source),
    reason,
    make(
      "ul",
      { class: "history" },
      ...entry.history.map(({ date, change }) => make("li", {}, make("time", { text: date }), ` ${change}`)),
    ),
    make("p", { class: "note" }, "In documents: ", make("code", { text: entry.name })),
  );
  // As the worldview has it that the reader starts from, or the base at the date.
  const update = ({ worldview, date }) => {
    const { members } = data.worldviews.find((one) => one.name === worldview);
    const own = (members.length === 1 && members[0].reasons[date][entry.name]) || entry.grounds[date];
    say(status, `${begun(own.status)}. `);
    say(source, own.source);
    say(reason, own.reason);
  };
  return { element, update };
}

// Fields for the ends of the interval; two that are the same mean certainty. Years of the calendar become numbers of
// years from the date.
function exactFields(data, entry, set) {
  const latest = { state: null, line: null, canRange: true };
  const fields = ["5 % below", "5 % above"].map((label) => ({
    label: `${begun(entry.label)}: ${label}`,
    input: make("input", { type: "number", step: "any", onChange: () => typed() }),
  }));
  const [low, high] = fields.map(({ input }) => input);
  const trouble = make("p", { class: "trouble", role: "alert" });
  const typed = () => {
    const given = (latest.canRange ? [low, high] : [low]).map((one) => (one.value === "" ? NaN : Number(one.value)));
    const { years: found, allowed: kind } = yearsFrom(entry, dateOf(data, latest.state), given);
    const allowed = kind || troubleWith(entry, latest.line, found);
    say(trouble, allowed ? `Allowed: ${allowed}.` : "");
    if (allowed) return;
    const belief = found[0] === found[1] ? [found[0]] : found;
    set(belief, true);
    if (found !== given) fill(belief);
  };
  const fill = (belief, left = null) =>
    [low, high].forEach((one, k) => {
      if (one !== left) one.value = String(Number(belief[k ? belief.length - 1 : 0].toPrecision(4)));
    });
  const second = make("span", {}, " and 5 % above ", high);
  const first = make("span");
  const unit = make("span");
  const element = make("div", { class: "exact" }, first, low, second, unit, trouble);
  const update = (state, { belief, canRange }, line) => {
    Object.assign(latest, { state, line, canRange });
    const own = entry.units?.[state.date] ?? entry.unit;
    second.hidden = !canRange;
    say(first, canRange ? "5 % below " : "A certain value: ");
    say(unit, ` ${own}`);
    for (const { label, input } of fields) input.setAttribute("aria-label", `${label}, ${own}`);
    fill(belief, document.activeElement);
  };
  return { element, update };
}

// What would be allowed in place of figures that can't be; empty where they can.
function troubleWith(entry, line, found) {
  const [lower, upper] = entry.range;
  const isIn = (x) => Number.isFinite(x) && (lower === null || x >= lower) && (upper === null || x <= upper);
  const isInside = found[0] === found[1] || found.length < 2 || found.every((x) => x > line.lower && x < line.upper);
  if (found.every(isIn) && isInside && !(found[0] > found[1])) return "";
  const ends = [
    [lower, "at least"],
    [upper, "at most"],
  ]
    .filter(([end]) => end !== null)
    .map(([end, words]) => `${words} ${end}`);
  return [
    found.length > 1 ? "two figures that rise" : "a figure",
    ...ends,
    ...(isInside ? [] : ["for an interval, inside these"]),
  ].join(", ");
}
