// Taking it away: a link, the command that gives the same figures, and files.
import { folded, make, say } from "./dom.js";
import { counted } from "./numbers.js";
import { copyButton, download } from "./copying.js";
import { cardOf } from "./card.js";
import { csvOf } from "./csv.js";
import { allocationDocument, commandOf, worldviewDocument } from "./exporting.js";

// The part; `latest()` gives {state, figures, change, text, headline, restsOn, moves} as they are shown now.
export function takeawayPart(data, latest) {
  const [command, filed] = [commandLine(), commandLine()];
  const reads = make("p", { class: "note" });
  const files = folded(
    "The same from files",
    make("p", {
      class: "note",
      text: "Files can be read, argued about and passed on, and give the sentence word for word; save them where the command is given.",
    }),
    filed.element,
  );
  const beliefs = saver("Beliefs (worldview.toml)", "worldview.toml", "application/toml", () =>
    worldviewDocument(data, latest().state),
  );
  const people = saver("Allocations (allocations.toml)", "allocations.toml", "application/toml", () =>
    allocationDocument(data, latest().state),
  );
  const table = saver("Figures (CSV)", "figures.csv", "text/csv", () => csvOf(latest()));
  const card = saver("Picture (PNG)", "answer.png", "image/png", () => cardOf(shownOn(data, latest())));
  // Within another page there is no address to copy.
  const link = location.protocol === "about:" ? null : copyButton("Copy the link", () => location.href);
  const element = make(
    "section",
    { id: "takeaway", "aria-labelledby": "takeaway-heading" },
    make("h2", { id: "takeaway-heading", text: "Take it away" }),
    make("p", {
      text: `${link ? "The address of this page holds all that you set. " : ""}This command gives the same figures:`,
    }),
    command.element,
    reads,
    files,
    make("div", { class: "buttons" }, link, beliefs, people, table, card),
    make("p", { class: "note", text: footerOf(data) }),
  );
  const update = (state) => {
    const [ofBeliefs, ofPeople] = [worldviewDocument(data, state), allocationDocument(data, state)];
    command.say(commandOf(data, state));
    filed.say(commandOf(data, state, { files: true }));
    files.hidden = ofBeliefs === null && ofPeople === null;
    beliefs.hidden = ofBeliefs === null;
    people.hidden = ofPeople === null;
    say(
      reads,
      state.a === null
        ? ""
        : "It reads allocations.toml, since A is not the status quo; save that file where it is given.",
    );
  };
  return {
    element,
    update,
    ready: (is) => {
      table.disabled = !is;
    },
  };
}

// A command that can be copied.
function commandLine() {
  const code = make("code");
  return {
    element: make(
      "div",
      {},
      make("pre", { tabindex: "0" }, code),
      copyButton("Copy the command", () => code.textContent),
    ),
    say: (text) => say(code, text),
  };
}

// A button that hands out a file.
function saver(label, name, kind, contentOf) {
  return make("button", { type: "button", text: label, onClick: async () => download(name, await contentOf(), kind) });
}

function shownOn(data, { headline, text, restsOn, change }) {
  const { measure, lowerIsBetter } = data.objective;
  const footer = `${footerOf(data)}; ${new Date().toISOString().slice(0, 10)}`;
  return {
    title: data.title,
    headline,
    text,
    restsOn,
    footer,
    change,
    factor: measure.factor,
    unit: `change in ${measure.changeUnit}`,
    lowerIsBetter,
  };
}

// By what the figures were made.
function footerOf(data) {
  return `toc_model ${data.made.version}, model ${data.model}; ${counted(data.draws, "draw")}, seed ${data.seed}`;
}
