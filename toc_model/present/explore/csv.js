// Figures of the move as a table of commas.

const FIGURES = ["mean", "q05", "q95", "mcse"];

// A row for what is set here and one for each worldview as it ships, in the outcome's own unit.
export function csvOf({ figures, moves }) {
  const heading = [
    "worldview",
    ...["before", "after", "change"].flatMap((what) => FIGURES.map((one) => `${what}_${one}`)),
    "relative_mean",
    "relative_mcse",
    "share_better",
    "break_even",
    "break_even_cost",
    "break_even_mcse",
  ];
  const rows = [{ worldview: "as set here", figures }, ...moves].map(({ worldview, figures: found }) => [
    worldview,
    ...[found.before, found.after, found.change].flatMap((what) => FIGURES.map((one) => what[one])),
    found.relative.mean,
    found.relative.mcse,
    found.shareBetter,
    found.breakEven?.verdict,
    found.breakEven?.cost,
    found.breakEven?.mcse,
  ]);
  return [heading, ...rows].map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}

function cellText(cell) {
  const text = String(cell ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
