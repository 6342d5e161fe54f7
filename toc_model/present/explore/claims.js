// Claims to deny and objections to grant, as switches with a field that finds them.
import { folded, freshId, make, say } from "./dom.js";
import { rankedMatches } from "./matches.js";

// The controls: each list is folded until it is wanted, and says how many are on.
export function claimControls(data, change) {
  const lists = [
    claimList(
      "Claims to deny",
      "denied",
      data.claims.filter((claim) => claim.denial.length),
      "denial",
      change,
    ),
    claimList(
      "Objections to grant",
      "granted",
      data.claims.filter((claim) => claim.ifRight.length),
      "ifRight",
      change,
    ),
  ].filter(Boolean);
  const element = make(
    "section",
    { id: "claims", "aria-labelledby": "claims-heading" },
    make("h2", { id: "claims-heading", text: "Claims and objections" }),
    ...lists.map((one) => one.element),
  );
  element.hidden = !lists.length;
  return { element, update: (state) => lists.forEach((one) => one.update(state)) };
}

function claimList(title, key, claims, overrides, change) {
  if (!claims.length) return null;
  const id = freshId("filter");
  const switches = claims.map((claim) => claimSwitch(claim, key, overrides, claims, change));
  const told = make("p", { class: "note", role: "status" });
  const field = make("input", { type: "search", id, autocomplete: "off", onInput: () => filter() });
  const filter = () => {
    const found = field.value.trim()
      ? rankedMatches(claims, field.value, (claim) => [claim.text, claim.id, claim.note])
      : claims;
    switches.forEach((one, k) => {
      one.element.hidden = !found.includes(claims[k]);
    });
    say(told, field.value.trim() ? `${found.length} found` : "");
  };
  const summary = make("summary");
  const element = make(
    "details",
    {},
    summary,
    make("div", { class: "filter" }, make("label", { for: id, text: "Find" }), field, told),
    make(
      "fieldset",
      { class: "switches long" },
      make("legend", { class: "hidden", text: title }),
      ...switches.map((one) => one.element),
    ),
  );
  const update = (state) => {
    say(summary, `${title} (${state[key].length} of ${claims.length})`);
    switches.forEach((one) => one.update(state));
  };
  return { element, update };
}

function claimSwitch(claim, key, overrides, claims, change) {
  const id = freshId("claim");
  const box = make("input", {
    type: "checkbox",
    id,
    onChange: () =>
      change(
        (state) => ({
          ...state,
          [key]: claims
            .map((one) => one.id)
            .filter((one) => (one === claim.id ? box.checked : state[key].includes(one))),
        }),
        true,
      ),
  });
  const means = folded(
    "What that means here",
    make("ul", {}, ...claim[overrides].map(({ text }) => make("li", {}, make("code", { text })))),
    claim.note ? make("p", { text: claim.note }) : null,
  );
  return {
    element: make(
      "div",
      { class: "switch" },
      box,
      make("label", { for: id }, make("b", { text: claim.id }), ` ${claim.text}`),
      means,
    ),
    update: (state) => {
      box.checked = state[key].includes(claim.id);
    },
  };
}
