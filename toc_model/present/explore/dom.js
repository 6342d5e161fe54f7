// Elements are made from data by text alone: nothing that somebody wrote is ever parsed as markup.

import { visible } from "./numbers.js";

const SVG = "http://www.w3.org/2000/svg";

// An element with attributes (`text` is its content, `onClick` and the like are listeners) and children.
export function make(tag, attributes = {}, ...children) {
  return dressed(document.createElement(tag), attributes, children);
}

// The same within a drawing.
export function makeSvg(tag, attributes = {}, ...children) {
  return dressed(document.createElementNS(SVG, tag), attributes, children);
}

function dressed(element, attributes, children) {
  for (const [name, given] of Object.entries(attributes)) {
    if (given === undefined || given === null || given === false) continue;
    if (name === "text") element.textContent = shownText(given);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), given);
    else element.setAttribute(name, given === true ? "" : String(given));
  }
  element.append(
    ...children
      .filter((child) => child !== null && child !== undefined)
      .map((child) => (typeof child === "string" ? shownText(child) : child)),
  );
  return element;
}

// What would not show, or would steer the text around it, stands there as its number.
function shownText(text) {
  return /[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/.test(text) ? visible(String(text)) : text;
}

// Set a text only where it changed, so that selections and assistive technology are left in peace.
export function say(element, text) {
  const shown = shownText(text);
  if (element.textContent !== shown) element.textContent = shown;
}

// Call `act(finished)` as a range is moved, and once more when the hand leaves it. A browser sends no `change` where a
// range ends as it began, so that the end of a drag is also that of its pointer, or of the focus.
export function whileMoved(range, act) {
  let isMoving = false;
  range.addEventListener("input", () => {
    isMoving = true;
    act(false);
  });
  const end = () => {
    if (!isMoving) return;
    isMoving = false;
    act(true);
  };
  for (const kind of ["change", "pointerup", "pointercancel", "blur"]) range.addEventListener(kind, end);
}

let made = 0;

// An identifier that no other element has.
export function freshId(kind) {
  made += 1;
  return `${kind}-${made}`;
}

// A table of texts, for those who want the figures behind a drawing; the first cell of a row names it.
export function plainTable(caption, headings, rows) {
  const cells = (row) =>
    row.map((cell, place) =>
      place ? make("td", { class: "number", text: cell }) : make("th", { scope: "row", text: cell }),
    );
  return make(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": `Table: ${caption}` },
    make(
      "table",
      {},
      make("caption", { text: caption }),
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          ...headings.map((text, place) => make("th", { scope: "col", class: place ? "number" : "", text })),
        ),
      ),
      make("tbody", {}, ...rows.map((row) => make("tr", {}, ...cells(row)))),
    ),
  );
}

// Something that is folded away until it is wanted.
export function folded(summary, ...children) {
  return make("details", {}, make("summary", { text: summary }), ...children);
}

// A drawing that is made anew whenever its data or its width change. The width is asked for once and then told by the
// browser, since asking makes it lay out the page anew.
export function redrawn(holder, paint) {
  let latest = null;
  let width = 0;
  const again = () => {
    if (latest !== null && width > 0) paint(holder, width, latest);
  };
  const widthIs = (found) => {
    if (Math.abs(found - width) <= 0.5) return;
    width = found;
    again();
  };
  new ResizeObserver(() => widthIs(holder.clientWidth)).observe(holder);
  return (data) => {
    latest = data;
    if (width > 0) again();
    else widthIs(holder.clientWidth);
  };
}
