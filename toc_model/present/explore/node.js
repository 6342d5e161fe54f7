import { folded, freshId, make, plainTable, say, whileMoved } from "./dom.js";
import { graphLine } from "./graphwords.js";
import { placePlot, placesTable } from "./nodeplot.js";
import { nodeChildren, nodeExtent, nodeHoldRange } from "./nodewords.js";
import { nodeLine, nodeMovedWords, nodeNumber, nodeParent, nodeSpread, nodeWords } from "./nodewords.js";
import { canCut, holdTrouble, recordOf } from "./state.js";

const SHOWN_PLACES = 2;
const SHOWN_CLAIMS = 3;
const PLOT_NOTE = "Brackets and bars hold 90 % of the draws; one in a hundred at each end is not drawn.";
const CUT_NOTE = "Where an arrow is cut, this node sees that cause as in the reference world, whatever A and B do.";
const NO_CUT_NOTE = "No arrow into it can be cut, for one of its ends only keeps accounts.";

function panelPart(title, ...children) {
  return make("section", { class: "g-part" }, make("h4", { text: title }), ...children);
}

function panelNote(text) {
  return make("p", { class: "g-note", text });
}

// Filled now, and again whenever the state has changed.
function panelRenewed(context, fill) {
  context.renewals.push(fill);
  fill();
}

// Its values ---------------------------------------------------------------------------------------------------------

// What is folded stays open when the figures change.
function panelDistribution(context, record) {
  const places = record.places.length ? record.places.map(nodeWords) : [""];
  const shown = places.length > SHOWN_PLACES + 1 ? SHOWN_PLACES : places.length;
  const [note, table] = [panelNote(""), make("div")];
  const [first, more] = [make("div", { class: "g-plots" }), make("div", { class: "g-plots" })];
  panelRenewed(context, () => {
    const values = context.hooks.values(record.name);
    if (!values) return;
    const { before, after } = values;
    const plots = places.map((place, index) => placePlot(before[index], after[index], place, record.unit));
    say(note, `${nodeMovedWords(before, after)} ${PLOT_NOTE}`);
    first.replaceChildren(...plots.slice(0, shown));
    more.replaceChildren(...plots.slice(shown));
    table.replaceChildren(placesTable(record, places, values));
  });
  const others = shown < places.length ? folded(`${places.length - shown} more places`, more) : null;
  return panelPart("Under A and under B", note, first, others, folded("These figures as a table", table));
}

// Holding it ---------------------------------------------------------------------------------------------------------

function panelHold(context, record) {
  if (!record.canHold) return panelInstead(context, record);
  const { hooks } = context;
  const values = hooks.values(record.name);
  const extent = values ? nodeExtent([...values.before, ...values.after]) : [0, 1];
  const range = nodeHoldRange(record.bounds, extent, hooks.held(record.name));
  const start = values ? nodeSpread(values.after[0]).mean : (range.low + range.high) / 2;
  const { element, show } = holdControls(record, range, (value, finished) =>
    hooks.hold(record.name, value, finished));
  panelRenewed(context, () => {
    if (!element.contains(document.activeElement)) show(hooks.held(record.name) ?? null, start);
  });
  return panelPart("Hold it", element);
}

function panelInstead({ data, hooks, rivals }, record) {
  const names = record.instead || [];
  const others = names.map((name) => panelPick(nodeParent(data, name, rivals).label, () => hooks.pick(name)));
  const more = names.length ? " Change instead one of:" : "";
  return panelPart("Hold it", panelNote(`It only keeps accounts of other nodes, so that it can't be held.${more}`),
    make("div", { class: "g-picks" }, ...others));
}

// A number field and a slider that hold a node together, and a button that lets it follow its law again.
function holdControls(record, range, hold) {
  const state = make("p", { class: "g-note", id: freshId("g-state") });
  const trouble = make("p", { class: "g-trouble", id: freshId("g-trouble"), role: "alert" });
  const common = { min: range.low, max: range.high, "aria-describedby": `${state.id} ${trouble.id}` };
  const number = make("input", { type: "number", id: freshId("g-hold"), step: "any", ...common });
  const sliding = { "aria-label": `Hold at, slider (${record.unit})`, step: range.step };
  const slider = make("input", { type: "range", ...sliding, ...common });
  const release = make("button", { type: "button", text: "Release" });
  const show = (value, start = slider.value) => {
    const isHeld = value !== null;
    number.value = isHeld ? String(Number(value.toPrecision(6))) : "";
    slider.value = isHeld ? value : start;
    slider.setAttribute("aria-valuetext", isHeld ? `${nodeNumber(value)} ${record.unit}` : "not held");
    release.disabled = !isHeld;
    const words = `Held at ${nodeNumber(value ?? NaN)} ${record.unit} under A and B, whatever its causes.`;
    say(state, isHeld ? words : "Not held: it follows its equation. A number or the slider holds it.");
  };
  const complain = (text) => {
    say(trouble, text);
    if (text) number.setAttribute("aria-invalid", "true");
    else number.removeAttribute("aria-invalid");
  };
  const set = (value, finished = true) => {
    complain("");
    show(value);
    hold(value, finished);
  };
  whileMoved(slider, (finished) => set(Number(slider.value), finished));
  number.addEventListener("change", () => {
    const value = number.value.trim() === "" ? NaN : Number(number.value);
    const found = holdTrouble(record, value);
    if (found) complain(found);
    else set(value);
  });
  release.addEventListener("click", () => {
    number.focus();
    set(null);
  });
  const end = (value) => make("span", { class: "g-soft", text: nodeNumber(value) });
  const element = make("div", { class: "g-hold", role: "group", "aria-label": "Hold it" },
    make("div", { class: "g-hold-row" },
      make("label", { for: number.id, text: `Hold at (${record.unit})` }), number, release),
    make("div", { class: "g-hold-row" }, end(range.low), slider, end(range.high)),
    state, trouble);
  return { element, show };
}

// Causes and effects -------------------------------------------------------------------------------------------------

function panelPick(label, onClick) {
  return make("button", { type: "button", class: "g-item", text: label, onClick });
}

function panelMeans(context, name) {
  const shown = make("span", { class: "g-item-value" });
  panelRenewed(context, () => {
    const found = context.hooks.values(name);
    say(shown, found ? graphLine(nodeLine(found.before, found.after)).shown : "");
  });
  return shown;
}

function panelCut(context, cause, effect, label) {
  const id = freshId("g-cut");
  const box = make("input", { type: "checkbox", role: "switch", id });
  box.addEventListener("change", () => context.hooks.cut(cause, effect, box.checked));
  panelRenewed(context, () => {
    box.checked = context.hooks.isCut(cause, effect);
  });
  const from = make("span", { class: "hidden", text: ` from ${label}` });
  return make("span", { class: "g-cut-switch" }, box, make("label", { for: id }, "cut this arrow", from));
}

function panelCauses(context, record) {
  const { data, rivals } = context;
  const parents = record.parents.map((name) => nodeParent(data, name, rivals));
  const causes = parents.filter(({ kind }) => kind === "node" || kind === "lever");
  const isCuttable = ({ name }) => canCut(data, context, `${name}->${record.name}`);
  const items = causes.map((cause) => make("li", {},
    panelPick(cause.label, () => context.hooks.pick(cause.name)),
    cause.kind === "lever" ? make("span", { class: "g-soft", text: "lever" }) : panelMeans(context, cause.name),
    isCuttable(cause) ? panelCut(context, cause.name, record.name, cause.label) : null));
  const about = causes.some(isCuttable) ? CUT_NOTE : NO_CUT_NOTE;
  const listed = items.length ? [make("ul", { class: "g-items" }, ...items), panelNote(about)] : [];
  const none = items.length ? [] : [panelNote("No lever and no other node: beliefs alone.")];
  return panelPart("What moves it", ...listed, ...none, panelBeliefs(context, parents));
}

function panelBeliefs({ hooks }, parents) {
  const entries = parents.flatMap((parent) => parent.entries || []);
  if (!entries.length) return null;
  const items = entries.map(({ name, label, question }) => make("li", {},
    hooks.belief ? panelPick(label, () => hooks.belief(name)) : make("strong", { text: label }),
    question ? ` ${question}` : null));
  const count = entries.length === 1 ? "1 belief" : `${entries.length} beliefs`;
  return folded(`${count} in its equation`, make("ul", { class: "g-items g-beliefs" }, ...items));
}

function panelEffects(context, name) {
  const { data, hooks, rivals } = context;
  const items = nodeChildren(data, name, rivals).map((child) => make("li", {},
    panelPick(recordOf(data, context, child).label, () => hooks.pick(child)), panelMeans(context, child)));
  const found = items.length ? make("ul", { class: "g-items" }, ...items) : panelNote("Nothing else in the model.");
  return panelPart("What it moves", found);
}

// Equation and claims ------------------------------------------------------------------------------------------------

// Markup that Python made is parsed as XML; what can't be parsed is shown as a line of text.
function equationOf({ equation, text }) {
  const parsed = new DOMParser().parseFromString(equation, "application/xml");
  const root = parsed.documentElement;
  if (root.localName === "math" && !parsed.querySelector("parsererror")) return document.importNode(root, true);
  return make("code", { text });
}

function panelEquation(record) {
  const room = { class: "g-equation", tabindex: 0, role: "group", "aria-label": "Equation" };
  const part = panelPart("Equation", make("div", room, equationOf(record)),
    make("ul", { class: "g-notes" }, ...record.notes.map((text) => make("li", { text }))));
  part.classList.add("g-wide");
  return part;
}

function panelClaims(data, record) {
  const claims = record.claims.map((id) => data.claims.find((claim) => claim.id === id) || { id, text: "", kind: "" });
  if (!claims.length) return null;
  const items = claims.map(({ id, kind, text }) =>
    make("li", {}, make("strong", { text: id }), kind ? ` (${kind}) ` : " ", text));
  const list = make("ul", { class: "g-claims" }, ...items);
  const title = claims.length === 1 ? "The claim that it stands for" : "The claims that it stands for";
  const part = panelPart(title, claims.length > SHOWN_CLAIMS ? folded(`All ${claims.length} claims`, list) : list);
  part.classList.add("g-wide");
  return part;
}

// The panel ----------------------------------------------------------------------------------------------------------

function panelHeading({ hooks }, { label, name, kicker, statement, unit }) {
  const heading = make("h3", { tabindex: -1, text: label });
  const back = make("button", { type: "button", text: "Back to the graph", onClick: () => hooks.back(name) });
  const facts = make("p", { class: "g-facts" }, "In code: ", make("code", { text: name }), `. Unit: ${unit}.`);
  const element = make("header", { class: "g-panel-head" },
    make("div", {}, make("p", { class: "g-kicker", text: kicker }), heading), make("div", { class: "g-back" }, back),
    statement ? make("p", { class: "g-statement", text: statement }) : null, facts);
  return { element, heading };
}

function panelOfLever(context, lever) {
  const { measure } = lever.variables[0];
  const unit = measure.mark || measure.unit || lever.unit;
  const table = make("div");
  panelRenewed(context, () => {
    const found = context.hooks.values(lever.name);
    if (!found) return;
    const rows = lever.variables.map((variable, place) => {
      const told = [found.before, found.after].map((sets) => nodeNumber(variable.measure.factor * sets[place][0]));
      return [variable.label, ...told];
    });
    table.replaceChildren(plainTable(`What it is set to, in ${unit}`, ["variable", "A", "B"], rows));
  });
  const about = { label: nodeWords(lever.name), kicker: "Lever: what people choose", unit };
  const note = panelNote("It is set with the controls of the page, for A and for B.");
  const parts = [panelPart("Under A and under B", table, note), panelEffects(context, lever.name)];
  return { ...panelHeading(context, { ...lever, ...about }), parts };
}

function panelOfNode(context, record) {
  const { data } = context;
  const chapter = data.chapters.find(({ name }) => name === record.chapter);
  const title = chapter ? `: ${chapter.title}` : "";
  const kicker = `${record.isOutcome ? "Outcome" : "Node"} of the chapter ${nodeWords(record.chapter)}${title}`;
  const absent = record.undefinedWhere;
  const parts = [
    absent ? panelNote(`Undefined where ${absent}.`) : null,
    record.rival ? panelNote(`Its law is that of the rival mechanism ${nodeWords(record.rival)}.`) : null,
    panelDistribution(context, record),
    panelHold(context, record),
    make("div", { class: "g-around" }, panelCauses(context, record), panelEffects(context, record.name)),
    panelEquation(record),
    panelClaims(data, record),
  ];
  return { ...panelHeading(context, { ...record, kicker }), parts: parts.filter(Boolean) };
}

// A panel about one node or lever. `hooks` asks for the page's state and changes it: rivals() -> names,
// values(name) -> {before: [draws per place], after} or null, held(name) -> number or null,
// hold(name, number or null, whether a hand is done), isCut(cause, effect), cut(cause, effect, whether), pick(name),
// back(name) and, if beliefs can be shown, belief(entry). Gives back {show(name, withFocus), refresh(), hide(), shown()}; refresh is to be called after every change.
export function nodePanel(container, { data, hooks }) {
  let current = { name: null, record: null, renewals: [] };

  function show(name, withFocus = true) {
    const context = { data, hooks, rivals: hooks.rivals(), renewals: [] };
    const record = recordOf(data, context, name);
    const lever = data.levers.find((one) => one.name === name);
    if (!record && !lever) return hide();
    const { element, heading, parts } = record ? panelOfNode(context, record) : panelOfLever(context, lever);
    current = { name, record, renewals: context.renewals };
    container.replaceChildren(make("article", { class: "g-panel", "aria-label": heading.textContent },
      element, make("div", { class: "g-parts" }, ...parts)));
    container.hidden = false;
    if (withFocus) heading.focus();
    return undefined;
  }

  // Controls stay the elements that they are, so that a hand or a reader that is on one is left in peace.
  function refresh() {
    if (current.name === null) return;
    if (recordOf(data, { rivals: hooks.rivals() }, current.name) !== current.record) show(current.name, false);
    else current.renewals.forEach((renew) => renew());
  }

  function hide() {
    current = { name: null, record: null, renewals: [] };
    container.replaceChildren();
    container.hidden = true;
  }

  hide();
  return { show, refresh, hide, shown: () => current.name };
}
