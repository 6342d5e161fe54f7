// What you believe: whose beliefs to start from, of when, rival mechanisms, the questions that matter most, the rest.
import { freshId, make, say } from "./dom.js";
import { beliefEditor } from "./editor.js";
import { begun } from "./numbers.js";
import { spaced } from "./naming.js";
import { rankedMatches } from "./matches.js";

const MOST_FOUND = 12;

// The controls; `update(state, known)` is told by `known(name)` what is believed about an entry.
export function beliefControls(data, change) {
  const byName = new Map(data.entries.map((entry) => [entry.name, entry]));
  const cruxes = data.cruxes
    .filter((name) => byName.has(name))
    .map((name) => ({ name, ...beliefEditor(data, byName.get(name), change) }));
  const start = [worldviewPicker(data, change), datePicker(data, change), rivalSwitches(data, change)];
  const others = otherBeliefs(data, byName, change);
  const element = make(
    "section",
    { id: "beliefs", "aria-labelledby": "beliefs-heading" },
    make("h2", { id: "beliefs-heading", text: "What you believe" }),
    ...start.map((one) => one.element),
    make("h3", { text: "The questions that matter most" }),
    make("p", {
      class: "note",
      text: "The bar is where the answer lies with 90 % probability. Marks are the medians of worldviews, and say where a figure is published.",
    }),
    ...cruxes.map((one) => one.element),
    others.element,
  );
  const update = (state, known) => {
    start.forEach((one) => one.update(state));
    cruxes.forEach((one) => one.update(state, known(one.name)));
    others.update(state, known);
  };
  // To the sliders of an entry, wherever they are.
  const open = (name) => {
    const crux = cruxes.find((one) => one.name === name);
    if (crux) reach(crux.element);
    else others.open(name);
  };
  return { element, update, open };
}

function worldviewPicker(data, change) {
  const id = freshId("worldview");
  const about = make("p", { class: "note", id: `${id}-about` });
  const picker = make(
    "select",
    {
      id,
      "aria-describedby": `${id}-about`,
      onChange: () => change((state) => ({ ...state, worldview: picker.value }), true),
    },
    ...data.worldviews
      .filter((one) => one.selectable)
      .map((one) => make("option", { value: one.name, text: one.label })),
  );
  const update = (state) => {
    picker.value = state.worldview;
    const found = data.worldviews.find((one) => one.name === state.worldview);
    say(about, [found?.description, found?.note].filter(Boolean).join(" "));
  };
  return {
    element: make(
      "div",
      { class: "start" },
      make("label", { for: id, text: "Start from the worldview" }),
      picker,
      about,
    ),
    update,
  };
}

function datePicker(data, change) {
  if (data.dates.length < 2) return { element: null, update: () => {} };
  const id = freshId("date");
  const picker = make(
    "select",
    { id, onChange: () => change((state) => ({ ...state, date: picker.value }), true) },
    ...data.dates.map((one) => make("option", { value: one.name, text: one.label })),
  );
  const element = make("div", { class: "start" }, make("label", { for: id, text: "As of" }), picker);
  return {
    element,
    update: (state) => {
      picker.value = state.date;
    },
  };
}

// Rival mechanisms, of which those that replace the same thing exclude each other.
function rivalSwitches(data, change) {
  if (!data.rivals.length) return { element: null, update: () => {} };
  const labels = new Map(data.nodes.map((node) => [node.name, node.label]));
  const switches = data.rivals.map((rival) => {
    const id = freshId("rival");
    const box = make("input", {
      type: "checkbox",
      id,
      "aria-describedby": `${id}-about`,
      onChange: () =>
        change(
          (state) => ({
            ...state,
            rivals: data.rivals
              .map(({ name }) => name)
              .filter((name) => (name === rival.name ? box.checked : state.rivals.includes(name))),
          }),
          true,
        ),
    });
    const gives = rival.gives.map((name) => labels.get(name) ?? spaced(name)).join(", ");
    const reason = make("span", { class: "reason" });
    const about = make(
      "p",
      { class: "note", id: `${id}-about` },
      `${rival.statement} `,
      gives ? `Replaces: ${gives}. ` : "",
      reason,
    );
    const update = (state) => {
      const against = rival.conflicts.filter(
        (name) => state.rivals.includes(name) && !state.rivals.includes(rival.name),
      );
      box.checked = state.rivals.includes(rival.name);
      box.disabled = against.length > 0;
      const names = against.map((name) => data.rivals.find((one) => one.name === name)?.label ?? spaced(name));
      say(reason, against.length ? `Not together with ${names.join(", ")}.` : "");
    };
    return {
      element: make("div", { class: "switch" }, box, make("label", { for: id, text: begun(rival.label) }), about),
      update,
    };
  });
  const summary = make("summary");
  const element = make(
    "details",
    {},
    summary,
    make(
      "fieldset",
      { class: "switches" },
      make("legend", { class: "hidden", text: "Rival mechanisms" }),
      ...switches.map((one) => one.element),
    ),
  );
  const update = (state) => {
    say(summary, `Rival mechanisms (${state.rivals.length} of ${data.rivals.length} on)`);
    switches.forEach((one) => one.update(state));
  };
  return { element, update };
}

// All other beliefs: found by words, and open while they are one's own or wanted.
function otherBeliefs(data, byName, change) {
  const rest = data.entries.filter((entry) => !data.cruxes.includes(entry.name));
  const editors = new Map();
  const wanted = new Set();
  const latest = { state: null, known: null };
  const id = freshId("search");
  const field = make("input", {
    type: "search",
    id,
    autocomplete: "off",
    placeholder: "such as a word of the question",
  });
  const found = make("ul", { class: "found" });
  const told = make("p", { class: "note", role: "status" });
  const shown = make("div", { class: "others" });
  const possible = () => rest.filter((entry) => !entry.rival || latest.state?.rivals.includes(entry.rival));
  const list = () => {
    const all = rankedMatches(possible(), field.value, (entry) => [entry.label, entry.name, spaced(entry.name), entry.question]);
    found.replaceChildren(
      ...all
        .slice(0, MOST_FOUND)
        .map((entry) =>
          make(
            "li",
            {},
            make("button", {
              type: "button",
              class: "plain",
              text: begun(entry.label),
              onClick: () => open(entry.name),
            }),
            make("span", { class: "note", text: ` ${entry.question}` }),
          ),
        ),
    );
    say(
      told,
      field.value.trim()
        ? `${all.length} found${all.length > MOST_FOUND ? `, the first ${MOST_FOUND} shown` : ""}`
        : `${possible().length} more beliefs can be changed.`,
    );
  };
  const place = () => {
    const names = [...byName.keys()].filter(
      (name) => wanted.has(name) || (latest.state && name in latest.state.beliefs && !data.cruxes.includes(name)),
    );
    for (const name of names) {
      if (!editors.has(name))
        editors.set(
          name,
          beliefEditor(data, byName.get(name), change, () => close(name)),
        );
    }
    const elements = names.map((name) => editors.get(name).element);
    if (elements.length !== shown.children.length || elements.some((one, k) => shown.children[k] !== one))
      shown.replaceChildren(...elements);
    if (latest.state) names.forEach((name) => editors.get(name).update(latest.state, latest.known(name)));
  };
  const open = (name) => {
    wanted.add(name);
    field.value = "";
    list();
    place();
    reach(editors.get(name).element);
  };
  const close = (name) => {
    wanted.delete(name);
    place();
    field.focus();
  };
  field.addEventListener("input", list);
  const element = make(
    "div",
    {},
    make("h3", {}, make("label", { for: id, text: "Every other belief" })),
    field,
    told,
    found,
    shown,
  );
  const update = (state, known) => {
    const before = latest.state;
    Object.assign(latest, { state, known });
    if (!before || before.rivals !== state.rivals) list();
    place();
  };
  return { element, update, open };
}

function reach(editor) {
  editor.scrollIntoView({ block: "center" });
  editor.querySelector("input").focus({ preventScroll: true });
}
