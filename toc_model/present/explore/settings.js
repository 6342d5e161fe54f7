// What differs from where the page began, as a list of which each item can be undone.
import { make, say } from "./dom.js";
import { begun } from "./numbers.js";
import { beliefText, calendarText, groupLabel, linkedLabel, presetOf, spaced } from "./naming.js";
import { allocationOf, firstState } from "./state.js";

// Departures from the first state: {text, back}, of which `back` gives the state without it.
export function departures(data, state) {
  const first = firstState(data);
  const entries = new Map(data.entries.map((entry) => [entry.name, entry]));
  const claims = new Map(data.claims.map((claim) => [claim.id, claim]));
  const found = [];
  const add = (text, back) => found.push({ text, back });
  for (const which of ["a", "b"]) {
    if (presetOf(data, state, which) !== presetOf(data, first, which)) {
      add(`${which.toUpperCase()}: ${allocationText(data, state, which)}`, (now) => ({
        ...now,
        [which]: first[which],
      }));
    }
  }
  if (state.worldview !== first.worldview)
    add(`Worldview: ${labelled(data.worldviews, state.worldview)}`, (now) => ({ ...now, worldview: first.worldview }));
  if (state.date !== first.date)
    add(`As of ${labelled(data.dates, state.date)}`, (now) => ({ ...now, date: first.date }));
  for (const { name } of data.rivals.filter(
    (one) => state.rivals.includes(one.name) !== first.rivals.includes(one.name),
  )) {
    const isOn = state.rivals.includes(name);
    add(`Rival mechanism${isOn ? "" : " off"}: ${labelled(data.rivals, name)}`, (now) => ({
      ...now,
      rivals: isOn ? now.rivals.filter((one) => one !== name) : [...now.rivals, name],
    }));
  }
  for (const [name, belief] of Object.entries(state.beliefs)) {
    const entry = entries.get(name);
    const years = calendarText(data, state, entry, belief);
    add(`${begun(entry.label)}: ${beliefText(entry, belief, true)}${years ? ` (${years})` : ""}`, (now) => ({
      ...now,
      beliefs: Object.fromEntries(Object.entries(now.beliefs).filter(([one]) => one !== name)),
    }));
  }
  for (const id of state.denied)
    add(`Denied: ${id} ${claims.get(id)?.text ?? ""}`, (now) => ({
      ...now,
      denied: now.denied.filter((one) => one !== id),
    }));
  for (const id of state.granted)
    add(`Granted: ${id} ${claims.get(id)?.text ?? ""}`, (now) => ({
      ...now,
      granted: now.granted.filter((one) => one !== id),
    }));
  for (const [name, held] of Object.entries(state.holds))
    add(`Held: ${nodeLabel(data, name)} at ${held}`, (now) => ({
      ...now,
      holds: Object.fromEntries(Object.entries(now.holds).filter(([one]) => one !== name)),
    }));
  for (const cut of state.cuts)
    add(
      `Cut: ${cut
        .split("->")
        .map((name) => nodeLabel(data, name))
        .join(" \u2192 ")}`,
      (now) => ({ ...now, cuts: now.cuts.filter((one) => one !== cut) }),
    );
  return found;
}

function labelled(things, name) {
  return things.find((one) => one.name === name)?.label ?? spaced(name);
}

function nodeLabel(data, name) {
  return labelled(data.nodes, name.replace(/\[.*$/, ""));
}

// An allocation in a line: a preset by its name, one's own by its values.
export function allocationText(data, state, which) {
  const preset = presetOf(data, state, which);
  if (preset) return spaced(preset);
  const values = allocationOf(data, state, which);
  const quo = allocationOf(data, { ...state, a: null }, "a");
  return data.levers
    .flatMap((lever) =>
      lever.variables.map((variable, place) => {
        const { measure } = variable;
        const label = lever.sums ? `${linkedLabel(variable)} (${groupLabel(lever, variable)})` : variable.label;
        const isMoved = Math.abs(values[lever.name][place] - quo[lever.name][place]) > 1e-9;
        return isMoved
          ? `${label} ${Number((measure.factor * values[lever.name][place]).toFixed(1))} ${measure.mark || measure.unit}`
          : "";
      }),
    )
    .filter(Boolean)
    .join(", ");
}

// The list, with a button to undo each; `elsewhere` is where the focus goes when nothing is left of it.
export function settingsList(data, change, elsewhere) {
  const list = make("ul", { class: "departures" });
  const heading = make("h2", { id: "changes-heading" });
  const element = make("section", { id: "changes", "aria-labelledby": "changes-heading" }, heading, list);
  let shown = "";
  const takeBack = (place, back) => {
    change(back, true);
    const buttons = list.querySelectorAll("button");
    (buttons[Math.min(place, buttons.length - 1)] ?? elsewhere()).focus();
  };
  const item = ({ text, back }, place) =>
    make(
      "li",
      {},
      make("span", { text }),
      make("button", {
        type: "button",
        class: "plain",
        text: "undo",
        "aria-label": `Undo: ${text}`,
        onClick: () => takeBack(place, back),
      }),
    );
  const update = (state) => {
    const found = departures(data, state);
    const now = JSON.stringify(found.map(({ text }) => text));
    if (now === shown) return;
    shown = now;
    element.hidden = !found.length;
    say(heading, `What you changed (${found.length})`);
    list.replaceChildren(...found.map(item));
  };
  return { element, update };
}
