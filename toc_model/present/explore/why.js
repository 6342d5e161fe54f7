// Live figures: how many, through which steps, which parts of the outcome, and what would turn the sign.
import { folded, make, plainTable, say } from "./dom.js";
import { lineChart } from "./curve.js";
import { rowsTable } from "./rows.js";
import { begun, errorOf, interval, percent, signed, sized, value, withMinus, withUnit } from "./numbers.js";
import { sideOfMean } from "./answer.js";
import { amountOf, beliefText, calendarText, leverAt } from "./naming.js";

// The curve along the case's first lever.
export function curvePart(data) {
  const variable =
    data.levers.flatMap((lever) => lever.variables).find((one) => one.name === data.lever) ??
    data.levers[0].variables[0];
  const { measure, label } = data.objective;
  const own = variable.measure;
  const holder = make("div", { class: "strip" });
  const draw = lineChart(holder);
  const table = make("div");
  const element = make(
    "section",
    { id: "curve", "aria-labelledby": "curve-heading" },
    make("h2", { id: "curve-heading", text: `How much: ${variable.label}` }),
    make("p", {
      class: "note",
      text: `Mean change of ${label} from A when all else is as in B; the band is two Monte Carlo errors to each side.`,
    }),
    holder,
    folded("The figures", table),
  );
  const update = (state, points) => {
    const shown = points.map(({ x, figures }) => ({
      x: own.factor * x,
      mean: measure.factor * figures.change.mean,
      error: measure.factor * figures.change.mcse,
    }));
    const marks = ["a", "b"].map((which) => ({
      label: which.toUpperCase(),
      x: own.factor * leverAt(data, state, which, variable.name),
    }));
    const best = points.reduce((one, other) => (better(data, other, one) ? other : one));
    draw({
      points: shown,
      marks: merging(marks),
      xMark: "",
      xLabel: `${variable.label}, ${own.unit}`,
      yLabel: `change of ${label}, ${measure.changeUnit}`,
      label: withMinus(
        `Mean change by ${variable.label}; best near ${withUnit(own, best.x)}, ${signed(measure, best.figures.change.mean)} ${measure.changeUnit}`,
      ),
    });
    table.replaceChildren(
      plainTable(
        `Change of ${label} by ${variable.label}`,
        [variable.label, `change [5 %, 95 %], ${measure.changeUnit}`, "better in"],
        points.map(({ x, figures }) => [
          withUnit(own, x),
          withMinus(interval(measure, figures.change, true)),
          percent(figures.shareBetter),
        ]),
      ),
    );
  };
  return { element, update, variable: variable.name };
}

function better(data, one, other) {
  const [x, y] = [one, other].map(({ figures }) => figures.change.mean);
  return data.objective.lowerIsBetter ? x < y : x > y;
}

// Letters that would lie on each other are written as one.
function merging(marks) {
  const [a, b] = marks;
  return Math.abs(a.x - b.x) < 1e-9 ? [{ label: "A, B", x: a.x }] : marks;
}

// The change split over the steps that it goes through.
export function stepsPart(data) {
  const { measure, label, lowerIsBetter } = data.objective;
  const table = rowsTable(`Part of the change, ${measure.changeUnit}: mean and the middle 90 % of draws`, [
    "step",
    "drawing",
    "part",
    "before",
    "after",
  ]);
  const none = make("p", {
    text: "One of the steps is held or set by what you changed, so that the change can't be split over them.",
  });
  const element = make(
    "section",
    { id: "steps", "aria-labelledby": "steps-heading" },
    make("h2", { id: "steps-heading", text: `Through what the move changes ${label}` }),
    table.element,
    none,
    make("p", {
      class: "note",
      text: "Parts are Shapley values over holding each step at its value under A, and add up to the change.",
    }),
  );
  none.hidden = true;
  element.hidden = !data.stages.length;
  const update = (steps) => {
    none.hidden = steps !== null;
    table.element.hidden = steps === null;
    if (steps === null) return;
    table.update({
      rows: steps.map(({ node, label: name, before, after, part }) => ({
        name: begun(name),
        marks: [
          {
            mean: measure.factor * part.mean,
            low: measure.factor * part.q05,
            high: measure.factor * part.q95,
            kind: sideOfMean(part, lowerIsBetter),
          },
        ],
        cells: [
          withMinus(`${signed(measure, part.mean)} \u00b1${errorOf(measure, part)}`),
          levelText(data, node, before.mean),
          levelText(data, node, after.mean),
        ],
      })),
      withSign: true,
      zero: true,
    });
  };
  return { element, update };
}

// The level of a node in words: a share of what can be in per cent, all else in its own unit.
function levelText(data, name, mean) {
  const { bounds, unit } = data.nodes.find((one) => one.name === name);
  return bounds[0] === 0 && bounds[1] === 1 ? percent(mean, 1) : withMinus(`${sized(mean)} ${unit}`);
}

// Parts of the outcome before and after.
export function partsPart(data) {
  const { measure, label } = data.objective;
  const table = rowsTable(`Mean, ${measure.unit}: circle under A, dot under B`, [
    "part",
    "drawing",
    "A",
    "B",
    "change",
  ]);
  const element = make(
    "section",
    { id: "parts", "aria-labelledby": "parts-heading" },
    make("h2", { id: "parts-heading", text: `What ${label} is made of` }),
    table.element,
  );
  element.hidden = !data.objective.parts.length;
  const update = (parts) =>
    table.update({
      rows: parts.map(({ label: name, before, after, change }) => ({
        name: begun(name),
        joined: true,
        marks: [
          { mean: measure.factor * before.mean, kind: "before" },
          { mean: measure.factor * after.mean, kind: sideOfMean(change, data.objective.lowerIsBetter) },
        ],
        cells: [value(measure, before.mean), value(measure, after.mean), withMinus(signed(measure, change.mean))],
      })),
    });
  return { element, update };
}

// The single beliefs nearest to turning the sign of the change, the others as they are.
export function turnPart(data) {
  const body = make("tbody");
  const verdict = make("p", { class: "note" });
  const headings = ["belief", "now", "the sign turns at", "how far from the middle"];
  const table = make(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": "Table of what would turn the sign" },
    make(
      "table",
      { class: "turns" },
      make("thead", {}, make("tr", {}, ...headings.map((text) => make("th", { scope: "col", text })))),
      body,
    ),
  );
  const element = make(
    "section",
    { id: "turn", "aria-labelledby": "turn-heading" },
    make("h2", { id: "turn-heading", text: "What would turn the sign" }),
    make("p", {
      text: "One belief at a time, held to be certain, with all others as they are: the value nearest to its median at which the mean change would be for the worse instead of the better, or the other way round.",
    }),
    table,
    verdict,
  );
  // `turns` are {entry, now, value, distance}; `done` beliefs `of` all have been looked at.
  const update = (state, turns, { done, of }) => {
    const nearest = [...turns].sort((one, other) => one.distance - other.distance).slice(0, MOST_TURNS);
    table.hidden = !nearest.length;
    while (body.rows.length > nearest.length) body.rows[nearest.length].remove();
    nearest.forEach((turn, k) => fillTurn(data, state, body.rows[k] ?? body.appendChild(emptyTurn()), turn));
    say(verdict, turnVerdict(turns.length, nearest.length, done, of));
  };
  return { element, update };
}

const MOST_TURNS = 8;

function emptyTurn() {
  return make("tr", {}, make("th", { scope: "row" }), make("td"), make("td"), make("td"));
}

function fillTurn(data, state, row, { entry, now, value: turning, distance }) {
  const years = calendarText(data, state, entry, [turning]);
  say(row.cells[0], begun(entry.label));
  say(row.cells[1], beliefText(entry, now, entry.name in state.beliefs));
  say(row.cells[2], `${amountOf(entry, turning)}${years ? ` (${years})` : ""}`);
  say(row.cells[3], `${distance.toFixed(1)} standard deviations`);
}

function turnVerdict(turning, shown, done, of) {
  if (done < of) return `Looking: ${done} of ${of} beliefs so far, of which ${turning} would turn it.`;
  if (!turning) return "None of these beliefs turns the sign by itself, within the middle 98 % of what is believed.";
  const rest = turning > shown ? `; the ${shown} nearest are shown` : "";
  return `${turning} of ${of} beliefs would turn it within the middle 98 % of what is believed${rest}. Whether a mean this near to zero differs from it is within the Monte Carlo error.`;
}
