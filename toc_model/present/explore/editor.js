// One belief: its question, a slider for the middle of its interval and one for how sure, and where it comes from.
import { freshId, folded, make, makeSvg, redrawn } from "./dom.js";
import { placedLabels } from "./ticks.js";
import { drawing, pixelsOf } from "./charts.js";
import { beliefAt, fromSlider, lineOf, placeOf, sliderEnds, toSlider } from "./scales.js";
import { begun } from "./numbers.js";
import { amountOf, beliefText, calendarText } from "./naming.js";

const STEPS = 400;
const THUMB = 8;
const ROW = 14;
const LETTER = 6.4;

// The editor of an entry; it shows what `update(state, believed)` says is believed now, [low, high] or [value].
export function beliefEditor(data, entry, change, onClose = null) {
  const line = lineOf(entry);
  const held = { ends: null, place: null };
  const set = (belief, finished) => change((state) => ({ ...state, beliefs: { ...state.beliefs, [entry.name]: belief } }), finished);
  const moved = (finished) => {
    const place = { centre: fromSlider(held.ends, Number(centre.value), STEPS), half: Number(spread.value) / STEPS * halfMost(held.ends) };
    // The slider that was not moved keeps what it stands for exactly.
    if (toSlider(held.ends, held.place.centre, STEPS) === Number(centre.value)) place.centre = held.place.centre;
    if (spreadStep(held) === Number(spread.value)) place.half = held.place.half;
    held.place = place;
    set(beliefAt(entry, line, place), finished);
  };
  const id = freshId("belief");
  const centre = make("input", { type: "range", id: `${id}-centre`, min: 0, max: STEPS, step: 1, "aria-label": `${begun(entry.label)}: middle`,
    onInput: () => moved(false), onChange: () => moved(true) });
  const spread = make("input", { type: "range", id: `${id}-spread`, min: 0, max: STEPS, step: 1,
    onInput: () => moved(false), onChange: () => moved(true) });
  const told = make("output", { class: "told", for: `${id}-centre ${id}-spread` });
  const years = make("span", { class: "years" });
  const reset = make("button", { type: "button", class: "plain", text: "reset", "aria-label": `Reset: ${entry.label}`, onClick: () => change((state) => without(state, entry.name), true) });
  const marks = make("div", { class: "marks" });
  const draw = redrawn(marks, paintMarks(entry, line));
  const exact = exactFields(entry, set);
  const element = make("fieldset", { class: "belief" },
    make("legend", { text: begun(entry.label) }),
    make("p", { class: "question", text: entry.question }),
    make("p", { class: "readout" }, told, years, reset),
    marks, centre,
    make("div", { class: "sure" }, make("label", { for: `${id}-spread`, text: "Certain" }), spread, make("span", { "aria-hidden": "true", text: "unsure" })),
    folded("Source, and exact figures", ...origin(entry), exact.element),
    onClose ? make("button", { type: "button", class: "plain", text: "close", "aria-label": `Close: ${entry.label}`, onClick: onClose }) : null);
  const update = (state, believed) => {
    const own = entry.name in state.beliefs;
    element.classList.toggle("own", own);
    reset.hidden = !own;
    held.ends ??= sliderEnds(entry, line, believed);
    const found = placeOf(line, believed);
    if (!Number.isFinite(found.centre)) return;
    if (found.centre < held.ends[0] || found.centre > held.ends[1]) held.ends = sliderEnds(entry, line, believed);
    if (!held.place || !sameBelief(beliefAt(entry, line, held.place), believed)) held.place = found;
    centre.value = toSlider(held.ends, held.place.centre, STEPS);
    spread.value = spreadStep(held);
    told.textContent = `${believed.length > 1 ? "90 % from " : ""}${beliefText(entry, believed, own)}`;
    const calendar = calendarText(data, state, entry, believed);
    years.textContent = calendar ? ` (${calendar})` : "";
    centre.setAttribute("aria-valuetext", told.textContent + years.textContent);
    spread.setAttribute("aria-valuetext", believed.length > 1 ? told.textContent : "certain");
    exact.update(believed);
    draw({ ends: held.ends, believed, current: state.worldview });
  };
  return { element, update };
}

export function without(state, name) {
  const { [name]: _, ...beliefs } = state.beliefs;
  return { ...state, beliefs };
}

function halfMost(ends) {
  return 0.6 * (ends[1] - ends[0]);
}

function spreadStep({ ends, place }) {
  return Math.round(Math.min(place.half / halfMost(ends), 1) * STEPS);
}

function sameBelief(one, other) {
  return one.length === other.length && one.every((x, k) => x === other[k]);
}

// The interval that is believed, and the medians of worldviews above it, each with its name.
function paintMarks(entry, line) {
  return (holder, width, { ends, believed }) => {
    const toPixel = pixelsOf(ends, THUMB, width - THUMB);
    const along = (x) => toPixel(Math.min(Math.max(line.to(x), ends[0]), ends[1]));
    const labels = merged(entry.marks.filter((mark) => typeof mark.q50 === "number"))
      .map(({ label, q50 }) => ({ label, x: along(q50), size: LETTER * label.length }));
    const places = placedLabels(labels, width, 8);
    const height = (Math.max(-1, ...places.map(({ row }) => row)) + 1) * ROW + 14;
    const base = height - 4;
    const top = (row) => base - 8 - (row + 1) * ROW;
    holder.replaceChildren(drawing(width, height, marksLabel(entry),
      ...labels.map(({ x }, k) => makeSvg("line", { class: "stem", x1: x, x2: x, y1: top(places[k].row) + 3, y2: base })),
      ...labels.map(({ label }, k) => makeSvg("text", { class: "mark", x: places[k].left, y: top(places[k].row) + ROW - 3, text: label })),
      makeSvg("line", { class: "believed", x1: along(believed[0]), x2: along(believed[believed.length - 1]) + 0.01, y1: base, y2: base })));
  };
}

// Worldviews of one median share a mark.
function merged(marks) {
  const found = new Map();
  for (const { label, q50 } of marks) {
    const key = q50.toPrecision(3);
    found.set(key, { q50, label: found.has(key) ? `${found.get(key).label}, ${label}` : label });
  }
  return [...found.values()];
}

function marksLabel(entry) {
  const told = entry.marks.filter((mark) => typeof mark.q50 === "number").map((mark) => `${mark.label} ${amountOf(entry, mark.q50)}`);
  return told.length ? `Medians: ${told.join("; ")}` : "";
}

// Status, source and history of an entry.
function origin(entry) {
  return [
    make("p", {}, make("b", { text: `${begun(entry.status)}. ` }), entry.source),
    make("ul", { class: "history" }, ...entry.history.map(({ date, change }) => make("li", {}, make("time", { text: date }), ` ${change}`))),
    make("p", { class: "note" }, "In documents: ", make("code", { text: entry.name })),
  ];
}

// Fields for the ends of the interval; two that are the same mean certainty.
function exactFields(entry, set) {
  const field = (label) => make("input", { type: "number", step: "any", "aria-label": `${begun(entry.label)}: ${label}, ${entry.unit}`, onChange: () => typed() });
  const [low, high] = [field("5 %"), field("95 %")];
  const trouble = make("p", { class: "trouble", role: "alert" });
  const typed = () => {
    const found = [Number(low.value), Number(high.value)];
    const [lower, upper] = entry.range;
    const fits = (x) => Number.isFinite(x) && (lower === null || x >= lower) && (upper === null || x <= upper);
    const allowed = [lower === null ? "" : `at least ${lower}`, upper === null ? "" : `at most ${upper}`].filter(Boolean).join(" and ");
    const right = low.value !== "" && high.value !== "" && found.every(fits) && found[0] <= found[1];
    trouble.textContent = right ? "" : `Two figures that rise${allowed ? `, ${allowed}` : ""}.`;
    if (right) set(found[0] === found[1] ? [found[0]] : found, true);
  };
  const element = make("div", { class: "exact" }, make("span", { text: "5 % below " }), low, make("span", { text: " and 5 % above " }), high, make("span", { text: ` ${entry.unit}` }), trouble);
  const update = (believed) => {
    const texts = [believed[0], believed[believed.length - 1]].map((x) => String(Number(x.toPrecision(4))));
    if (document.activeElement !== low) low.value = texts[0];
    if (document.activeElement !== high) high.value = texts[1];
  };
  return { element, update };
}
