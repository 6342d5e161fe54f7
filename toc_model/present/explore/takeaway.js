// Taking it away: a link, the command that gives the same figures, and files.
import { make, say } from "./dom.js";
import { copyButton, download } from "./copying.js";
import { cardOf } from "./card.js";
import { csvOf } from "./csv.js";
import { allocationDocument, commandOf, worldviewDocument } from "./exporting.js";

// The part; `latest()` gives {state, figures, change, text, headline, restsOn} as they are shown now.
export function takeawayPart(data, latest) {
  const command = make("code", { class: "command", tabindex: "0" });
  const { measure, lowerIsBetter } = data.objective;
  const save = (label, name, kind, contentOf) => make("button", { type: "button", text: label, onClick: () => {
    const content = contentOf(latest());
    if (content !== null) download(name, content, kind);
  } });
  const beliefs = save("Beliefs (worldview, TOML)", "worldview.toml", "application/toml", ({ state }) => worldviewDocument(data, state));
  const people = save("Allocations (TOML)", "allocations.toml", "application/toml", ({ state }) => allocationDocument(data, state));
  const table = save("Figures (CSV)", "figures.csv", "text/csv", csvOf);
  const card = make("button", { type: "button", text: "Picture (PNG)", onClick: async () => {
    const now = latest();
    const made = await cardOf({ title: data.title, headline: now.headline, text: now.text, restsOn: now.restsOn, footer: `${footerOf(data)}; ${new Date().toISOString().slice(0, 10)}`, change: now.change,
      factor: measure.factor, unit: `change in ${measure.changeUnit}`, lowerIsBetter });
    download("answer.png", made, "image/png");
  } });
  const none = make("p", { class: "note" });
  const element = make("section", { id: "takeaway", "aria-labelledby": "takeaway-heading" },
    make("h2", { id: "takeaway-heading", text: "Take it away" }),
    make("p", { text: "The address of this page holds all that you set. The command gives the same sentence; save the files beside it." }),
    make("pre", { class: "scroll" }, command),
    make("div", { class: "buttons" }, copyButton("Copy the command", () => command.textContent), copyButton("Copy the link", () => location.href)),
    make("div", { class: "buttons" }, beliefs, people, table, card), none,
    make("p", { class: "note", text: footerOf(data) }));
  const update = (state) => {
    say(command, commandOf(data, state));
    beliefs.disabled = worldviewDocument(data, state) === null;
    say(none, beliefs.disabled ? "There is no file of beliefs, since none was changed." : "");
  };
  return { element, update };
}

export function footerOf(data) {
  return `toc_model ${data.made.version}, model ${data.model}; ${data.draws.toLocaleString("en")} draws, seed ${data.seed}`;
}
