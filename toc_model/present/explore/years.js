// Dates are told in years from the date at which beliefs are held; what people type may be years of the calendar.

// From here on a number of a date is a year of the calendar.
export const FIRST_YEAR = 1000;

// Figures that were typed for an entry, those of a date as numbers of years, a whole year as its middle: {years,
// allowed}, of which `allowed` says what would be where they can't be told; empty where they can.
export function yearsFrom({ isDate }, { label, year }, typed) {
  const areYears = typed.map((x) => isDate && x >= FIRST_YEAR);
  if (!typed.every(Number.isFinite) || !areYears.some(Boolean)) return { years: typed, allowed: "" };
  if (!year) return { years: typed, allowed: `a number of years below ${FIRST_YEAR}` };
  if (!areYears.every(Boolean)) return { years: typed, allowed: "years of the calendar in both fields, or in none" };
  const years = typed.map((x) => Number(((Number.isInteger(x) ? x + 0.5 : x) - year).toPrecision(12)));
  if (years.some((x) => x < 0)) return { years, allowed: `a year after ${label}` };
  return { years, allowed: years.some((x) => x >= FIRST_YEAR) ? `a year before ${Math.floor(year + FIRST_YEAR)}` : "" };
}
