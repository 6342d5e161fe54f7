// A table whose rows have a small drawing each, on one axis: means and intervals beside their figures.
import { make, makeSvg, redrawn, say } from "./dom.js";
import { steadyEnds } from "./ticks.js";
import { axisAlong, drawing, intervalShape, pixelsOf } from "./charts.js";

const HEIGHT = 22;
const PAD = 9;

// The table: `headings` for the name, the drawing and each figure. Rows are
// {name, note, strong, marks: [{mean, low, high, kind}], cells}; marks of kind "join" link all that stand in a row.
export function rowsTable(caption, headings) {
  const body = make("tbody", { role: "rowgroup" });
  const axis = make("td", { role: "cell", class: "plot" });
  const foot = make(
    "tfoot",
    { role: "rowgroup", "aria-hidden": "true" },
    make("tr", {}, make("td"), axis, ...headings.slice(2).map(() => make("td"))),
  );
  const title = make("caption", { text: caption });
  const element = make(
    "table",
    { role: "table", class: "rows" },
    title,
    make(
      "thead",
      { role: "rowgroup" },
      make(
        "tr",
        { role: "row" },
        ...headings.map((text, place) =>
          make(
            "th",
            { scope: "col", role: "columnheader", class: place > 1 ? "number" : "" },
            place === 1 ? make("span", { class: "hidden", text }) : text,
          ),
        ),
      ),
    ),
    body,
    foot,
  );
  const paint = painter(body, axis, headings);
  return { element, title, update: redrawn(element, paint) };
}

function painter(body, axis, headings) {
  let ends = null;
  let known = { key: "", width: 0 };
  return (_, whole, { rows, withSign = false, mark = "", zero = false, least = 0 }) => {
    fitRows(body, rows, headings);
    const shown = rows.flatMap((row) =>
      row.marks.flatMap((one) => [one.mean, one.low ?? one.mean, one.high ?? one.mean]),
    );
    const finite = shown.filter(Number.isFinite);
    if (!finite.length) return;
    if (zero) finite.push(0);
    ends = steadyEnds(Math.min(...finite), Math.max(...finite), ends, least);
    if (!withSign && Math.min(...finite) >= 0) ends = [Math.max(0, ends[0]), ends[1]];
    // Asking for a width makes the browser lay out the page: once for each size of the table is enough.
    const key = `${whole}|${rows.length}`;
    if (known.key !== key) known = { key, width: body.rows[0].cells[1].clientWidth };
    const { width } = known;
    if (width <= 0) return;
    const toPixel = pixelsOf(ends, PAD, width - PAD);
    rows.forEach((row, place) => paintRow(body.rows[place].cells[1], row, toPixel, width, zero));
    axis.replaceChildren(
      drawing(
        width,
        22,
        "",
        axisAlong(ends, toPixel, { top: 0, bottom: 2, parts: width / 64, withSign, mark, lines: false }),
      ),
    );
  };
}

// As many rows as are needed, with their texts; those that are there are kept.
function fitRows(body, rows, headings) {
  while (body.rows.length > rows.length) body.rows[body.rows.length - 1].remove();
  while (body.rows.length < rows.length) {
    body.append(
      make(
        "tr",
        { role: "row" },
        make("th", { scope: "row", role: "rowheader" }),
        make("td", { role: "cell", class: "plot" }),
        ...headings.slice(2).map((text) => make("td", { role: "cell", class: "number", "data-heading": text })),
      ),
    );
  }
  rows.forEach((row, place) => {
    const [name, , ...cells] = body.rows[place].cells;
    body.rows[place].classList.toggle("strong", Boolean(row.strong));
    name.replaceChildren(
      make("span", { text: row.name }),
      ...(row.note ? [" ", make("span", { class: "note", text: row.note })] : []),
    );
    cells.forEach((cell, k) => {
      say(cell, row.cells[k] ?? "");
    });
  });
}

function paintRow(cell, row, toPixel, width, zero) {
  const y = HEIGHT / 2;
  const xs = row.marks.map((one) => toPixel(one.mean));
  const join =
    row.marks.length > 1 && row.joined
      ? [makeSvg("line", { class: "join", x1: Math.min(...xs), x2: Math.max(...xs), y1: y, y2: y })]
      : [];
  const line = zero ? [makeSvg("line", { class: "zero", x1: toPixel(0), x2: toPixel(0), y1: 0, y2: HEIGHT })] : [];
  cell.replaceChildren(
    drawing(width, HEIGHT, "", ...line, ...join, ...row.marks.map((one) => intervalShape(toPixel, y, one, one.kind))),
  );
}
