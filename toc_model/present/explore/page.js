// The page: the answer, what can be set, and what follows, laid out by the style sheet.
import { make, say } from "./dom.js";
import { dotStrip } from "./charts.js";
import { answerPart, sideOfMean, worldviewPart } from "./answer.js";
import { beliefControls } from "./beliefs.js";
import { claimControls } from "./claims.js";
import { graphPart } from "./graphpart.js";
import { leverControls } from "./levers.js";
import { settingsList } from "./settings.js";
import { curvePart, partsPart, stepsPart, turnPart } from "./why.js";
import { takeawayPart } from "./takeaway.js";
import { percent, signed, value, withMinus } from "./numbers.js";

// All parts by name, within `root`; `change` takes what the reader sets, `history` has `undo` and `restart`.
export function pageOf(root, data, change, history, latest) {
  const parts = {
    bar: answerBar(data),
    answer: answerPart(data),
    settings: settingsList(data, change, () => document.querySelector("#people select")),
    people: leverControls(data, change),
    beliefs: beliefControls(data, change),
    claims: claimControls(data, change),
    worldviews: worldviewPart(data),
    curve: curvePart(data),
    steps: stepsPart(data),
    outcome: partsPart(data),
    turn: turnPart(data),
    takeaway: takeawayPart(data, latest),
  };
  const graph = graphPart(data, change, parts.beliefs.open);
  const undo = make("button", { type: "button", text: "Undo", onClick: history.undo });
  const restart = make("button", { type: "button", text: "Start again", onClick: history.restart });
  const told = make("p", { class: "trouble", role: "alert" });
  const controls = make(
    "div",
    { class: "controls", role: "region", "aria-label": "What can be set" },
    make("div", { class: "buttons steps" }, undo, restart),
    parts.settings.element,
    parts.people.element,
    parts.beliefs.element,
    parts.claims.element,
  );
  const more = make(
    "div",
    { class: "more" },
    ...["worldviews", "curve", "steps", "outcome", "turn"].map((name) => parts[name].element),
  );
  const wide = make("div", { class: "wide" }, graph.element, parts.takeaway.element, limitsPart(data));
  root.replaceChildren(
    parts.bar.element,
    make("div", { class: "first" }, told, parts.answer.element),
    make("div", { class: "side" }, controls),
    more,
    wide,
  );
  hideWhileSeen(parts.bar.element, parts.answer.headline);
  printUnfolded();
  const canUndo = (can) => {
    undo.disabled = !can;
  };
  const canRestart = (can) => {
    restart.disabled = !can;
  };
  const busy = (is) => {
    [more, wide].forEach((one) => one.setAttribute("aria-busy", String(is)));
    parts.takeaway.ready(!is);
  };
  return { ...parts, graph, canUndo, canRestart, busy, tell: (read) => say(told, troubleText(read)) };
}

// What of an address this page could not take.
function troubleText({ troubles, isOld, isRefused = false }) {
  return [
    isRefused ? "That is not set: the model has no finite figure there, for it takes a law to a limit at which it is not defined." : "",
    isOld ? "The address is of another version of this page, whose figures may differ." : "",
    troubles.length ? `The address says what this page can't take, which was left out: ${troubles.join(", ")}.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

// The answer in a line, for when the whole of it is out of sight.
function answerBar(data) {
  const { measure, label, lowerIsBetter } = data.objective;
  const level = make("span", { class: "level" });
  const moved = make("strong");
  const share = make("span", { class: "share" });
  const strip = make("span", { class: "mini" });
  const draw = dotStrip(strip, { count: 40, height: 44, small: true });
  const element = make(
    "a",
    { class: "bar", href: "#answer" },
    make(
      "span",
      { class: "line" },
      level,
      " ",
      moved,
      " ",
      share,
      make("span", { class: "hidden", text: "; to the full answer" }),
    ),
    strip,
  );
  element.addEventListener("click", (event) => {
    event.preventDefault();
    const answer = document.getElementById("answer");
    answer.scrollIntoView();
    answer.focus({ preventScroll: true });
  });
  const update = ({ figures, change }) => {
    const { before, after } = figures;
    say(
      level,
      `${label} ${value(measure, before.mean)} \u2192 ${value(measure, after.mean)} ${measure.mark || measure.unit}`,
    );
    say(
      moved,
      withMinus(`${signed(measure, figures.change.mean)} ${measure.mark === "%" ? "points" : measure.changeUnit}`),
    );
    moved.className = sideOfMean(figures.change, lowerIsBetter);
    say(share, `better in ${percent(figures.shareBetter)}`);
    draw({ draws: change, factor: measure.factor, lowerIsBetter, label: "" });
  };
  return { element, update };
}

// On wide screens the bar is there only while the answer is not.
function hideWhileSeen(bar, headline) {
  new IntersectionObserver(([seen]) => {
    bar.classList.toggle("spare", seen.isIntersecting);
  }).observe(headline);
}

// What the model leaves out.
function limitsPart(data) {
  const element = make(
    "section",
    { id: "limits", "aria-labelledby": "limits-heading" },
    make("h2", { id: "limits-heading", text: "What to mind" }),
    ...data.remarks.map((text) => make("p", { text })),
    make(
      "dl",
      {},
      ...data.limits.map(({ title, text }) => make("div", {}, make("dt", { text: title }), make("dd", { text }))),
    ),
  );
  element.hidden = !data.remarks.length && !data.limits.length;
  return element;
}

// What is folded in the figures is printed; controls are not.
function printUnfolded() {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [
      ...document.querySelectorAll(".more details:not([open]), .wide details:not([open]), .first details:not([open])"),
    ];
    opened.forEach((one) => {
      one.open = true;
    });
  });
  addEventListener("afterprint", () =>
    opened.forEach((one) => {
      one.open = false;
    }),
  );
}
