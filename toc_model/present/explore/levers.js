// What people do: two allocations, A and B, with presets, and a slider and a field for each share.
import { folded, freshId, make, say, whileMoved } from "./dom.js";
import { linkedGroups, movedValues } from "./linked.js";
import { allocationOf, firstState } from "./state.js";
import { begun } from "./numbers.js";
import { groupLabel, linkedLabel, presetOf, spaced } from "./naming.js";

const OWN = "";
const WHICH = ["a", "b"];

// The controls; `change(state => state, finished)` is called with what was moved.
export function leverControls(data, change) {
  const presets = WHICH.map((which) => presetPicker(data, which, change));
  const plain = data.levers.filter((lever) => !lever.sums).flatMap((lever) => variableRows(data, lever, null, change));
  const linked = data.levers
    .filter((lever) => lever.sums)
    .flatMap((lever) => linkedGroups(lever).map((group) => linkedRows(data, lever, group, change)));
  const swap = make("button", {
    type: "button",
    text: "Swap A and B",
    onClick: () => change((state) => swapped(data, state), true),
  });
  const reset = make("button", {
    type: "button",
    text: "Reset both",
    onClick: () => change((state) => ({ ...state, a: null, b: firstState(data).b }), true),
  });
  const element = make(
    "section",
    { id: "people", "aria-labelledby": "people-heading" },
    make("h2", { id: "people-heading", text: "What people do" }),
    make("p", { class: "note", text: "The answer is what moving from A to B changes." }),
    make("div", { class: "presets" }, ...presets.map((one) => one.element)),
    ...plain.map((one) => one.element),
    linked.length ? folded("How it is divided", ...linked.map((one) => one.element)) : null,
    make("div", { class: "buttons" }, swap, reset),
  );
  const parts = [...presets, ...plain, ...linked];
  return { element, update: (state) => parts.forEach((one) => one.update(state)) };
}

// B may be a preset by name, A only the status quo; all else are values.
function swapped(data, state) {
  return {
    ...state,
    a: chosenAs(data, state, "a", presetOf(data, state, "b"), "b"),
    b: chosenAs(data, state, "b", presetOf(data, state, "a"), "a"),
  };
}

// What stands in the state for an allocation: the preset `name`, or else the values of `other`.
function chosenAs(data, state, which, name, other = which) {
  if (which === "a" && name === data.statusQuo) return null;
  const preset = data.allocations.find((one) => one.name === name);
  if (which === "b" && preset) return name;
  if (preset) return preset.values;
  return name === data.statusQuo ? allocationOf(data, { ...state, a: null }, "a") : allocationOf(data, state, other);
}

function presetPicker(data, which, change) {
  const id = freshId("preset");
  const describe = make("p", { class: "note", id: `${id}-about` });
  const own = make("option", { value: OWN, text: "your own" });
  const options = [data.statusQuo, ...data.allocations.map((one) => one.name)].map((name) =>
    make("option", { value: name, text: spaced(name) }),
  );
  const picker = make(
    "select",
    {
      id,
      "aria-describedby": `${id}-about`,
      onChange: () => {
        if (picker.value !== OWN)
          change((state) => ({ ...state, [which]: chosenAs(data, state, which, picker.value) }), true);
      },
    },
    ...options,
    own,
  );
  const element = make(
    "div",
    { class: "preset" },
    make(
      "label",
      { for: id },
      make("b", { class: `letter ${which}`, text: which.toUpperCase() }),
      which === "a" ? " from" : " to",
    ),
    picker,
    describe,
  );
  const update = (state) => {
    const name = presetOf(data, state, which);
    own.hidden = name !== OWN;
    picker.value = name;
    say(describe, data.allocations.find((one) => one.name === name)?.description ?? "");
  };
  return { element, update };
}

// A fieldset for each variable of a lever that stands for itself.
function variableRows(data, lever, places, change) {
  const chosen = places ?? lever.variables.map((_, place) => place);
  return chosen.map((place) => {
    const variable = lever.variables[place];
    const rows = WHICH.map((which) => slider(data, lever, place, which, change));
    return {
      element: make(
        "fieldset",
        { class: "lever" },
        make("legend", { text: begun(lever.sums ? linkedLabel(variable) : variable.label) }),
        ...rows.map((one) => one.element),
      ),
      update: (state) => rows.forEach((one) => one.update(state)),
    };
  });
}

// Variables that add up to one.
function linkedRows(data, lever, { places }, change) {
  const rows = variableRows(data, lever, places, change);
  const element = make(
    "div",
    { class: "linked" },
    make("h3", { text: begun(groupLabel(lever, lever.variables[places[0]])) }),
    make("p", { class: "note", text: "These add up to 100 %: moving one scales the others in proportion." }),
    ...rows.map((one) => one.element),
  );
  return { element, update: (state) => rows.forEach((one) => one.update(state)) };
}

// A slider and a field of one variable in one allocation.
function slider(data, lever, place, which, change) {
  const variable = lever.variables[place];
  const { factor, mark } = variable.measure;
  const bounds = { min: factor * lever.lower, max: factor * lever.upper };
  const digits = variable.measure.digits ?? 0;
  const name = `${which.toUpperCase()}: ${variable.label}`;
  // While a slider is held, the others are scaled from where they stood when it was taken; until something else moves.
  let [held, last] = [null, null];
  const move = (text, finished) => {
    const wanted = Math.min(Math.max(Number(text) / factor, lever.lower), lever.upper - (lever.margin ?? 0));
    if (text === "" || !Number.isFinite(wanted)) return;
    change((state) => {
      held ??= allocationOf(data, state, which);
      last = { ...held, [lever.name]: movedValues(lever, held[lever.name], place, wanted) };
      return { ...state, [which]: last };
    }, finished);
    if (finished) held = null;
  };
  const range = make("input", {
    type: "range",
    ...bounds,
    step: 10 ** -digits,
    "aria-label": name,
  });
  whileMoved(range, (finished) => move(range.value, finished));
  const field = make("input", {
    type: "number",
    ...bounds,
    step: "any",
    "aria-label": `${name}, ${mark || variable.measure.unit}`,
    inputmode: "decimal",
    onChange: () => move(field.value, true),
  });
  const element = make(
    "div",
    { class: `slide ${which}` },
    make("b", { class: `letter ${which}`, "aria-hidden": "true", text: which.toUpperCase() }),
    range,
    field,
    make("span", { class: "mark", "aria-hidden": "true", text: mark || "" }),
  );
  const update = (state) => {
    if (state[which] !== last) held = null;
    const shown = factor * allocationOf(data, state, which)[lever.name][place];
    const text = String(Number(shown.toFixed(Math.max(digits, 1))));
    if (document.activeElement !== range || Number(range.value) !== Number(text)) range.value = text;
    if (document.activeElement !== field || Number(field.value) !== Number(text)) field.value = text;
    range.setAttribute("aria-valuetext", `${text} ${mark || variable.measure.unit}`);
  };
  return { element, update };
}
