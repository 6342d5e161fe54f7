// Figures and names in running text, as Python's own formatting and toc_model/present/words.py write them.
// All of them write "-" before negative figures, as a terminal does; `withMinus` puts U+2212 there, as pages have it.

const ISOLATE = "\u2068";
const ISOLATE_END = "\u2069";

// Python's formatting -----------------------------------------------------------------------------------------------

/** f"{x:.{digits}f}": the exact value of x, halves to the even digit. */
export function fixed(x, digits) {
  if (!Number.isFinite(x)) return notFinite(x);
  const size = Math.abs(x);
  return (isNegative(x) ? "-" : "") + (size < 1e21 ? fixedSize(size, digits) : wholeSize(size, digits));
}

/** f"{x:z.{digits}f}": what rounds to zero has no sign. */
export function fixedZ(x, digits) {
  const text = fixed(x, digits);
  return text.startsWith("-") && !/[1-9inf]/.test(text) ? text.slice(1) : text;
}

/** f"{x:+.{digits}f}". */
export function plus(x, digits) {
  const text = fixed(x, digits);
  return text.startsWith("-") ? text : `+${text}`;
}

/** f"{x:+z.{digits}f}". */
export function plusZ(x, digits) {
  const text = fixedZ(x, digits);
  return text.startsWith("-") ? text : `+${text}`;
}

/** f"{x:,.{digits}f}". */
export function grouped(x, digits = 0) {
  const [whole, ...rest] = fixed(x, digits).split(".");
  return [whole.replace(/(\d)(?=(?:\d{3})+$)/g, "$1,"), ...rest].join(".");
}

/** f"{x:.{digits}g}", six digits by default. */
export function general(x, digits = 6) {
  if (!Number.isFinite(x)) return notFinite(x);
  const sign = isNegative(x) ? "-" : "";
  if (x === 0) return `${sign}0`;
  const many = Math.max(digits, 1);
  const [mantissa, power] = exponential(Math.abs(x), many);
  if (power < -4 || power >= many) {
    return `${sign}${bare(mantissa)}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  return sign + bare(fixed(Math.abs(x), many - 1 - power));
}

function notFinite(x) {
  return Number.isNaN(x) ? "nan" : x < 0 ? "-inf" : "inf";
}

function isNegative(x) {
  return x < 0 || Object.is(x, -0);
}

// JavaScript rounds halves up. A double is halfway between two figures of so many digits only where twice its last
// binary place is the half, so that no rounding is needed to see it.
function fixedSize(size, digits) {
  const text = size.toFixed(digits);
  return (size * 2 ** (digits + 1)) % 2 === 1 ? toEven(text) : text;
}

function wholeSize(size, digits) {
  return BigInt(size).toString() + (digits > 0 ? `.${"0".repeat(digits)}` : "");
}

// The mantissa with all its digits, and the power of ten.
function exponential(size, many) {
  const [mantissa, power] = size.toExponential(many - 1).split("e");
  const place = many - 1 - Number(power);
  const isHalf = place >= 0 ? (size * 2 ** (place + 1)) % 2 === 1 : isHalfOfTens(size, -place);
  return [isHalf ? toEven(mantissa) : mantissa, Number(power)];
}

function isHalfOfTens(size, tens) {
  return Number.isInteger(size) && BigInt(size) % 10n ** BigInt(tens) === 5n * 10n ** BigInt(tens - 1);
}

// Of a half that was rounded up: an odd last digit is one too many, and never a zero.
function toEven(text) {
  const last = Number(text.at(-1));
  return last % 2 === 1 ? text.slice(0, -1) + String(last - 1) : text;
}

function bare(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

// Figures in the measure of an outcome or lever ----------------------------------------------------------------------

/** A value; what rounds to zero has no sign. */
export function value(measure, x, digits = measure.digits) {
  return fixedZ(measure.factor * x, digits);
}

/** A change, with its sign unless it rounds to zero. */
export function signed(measure, change, digits = measure.changeDigits) {
  const text = plus(measure.factor * change, digits);
  return Number(text) === 0 ? fixed(0, digits) : text;
}

/** Monte Carlo error of a change, behind "±". */
export function errorOf(measure, row) {
  return fixed(measure.factor * row.mcse, measure.changeDigits);
}

/** Mean and 90 % interval of a value. */
export function valueInterval(measure, row) {
  const ends = [row.q05, row.q95].map((end) => value(measure, end, measure.endDigits));
  return `${value(measure, row.mean)} [${ends.join(", ")}]`;
}

/** Mean and 90 % interval of a change, and the Monte Carlo error of the mean if wanted. */
export function interval(measure, row, withError = false) {
  const ends = [row.q05, row.q95].map((end) => signed(measure, end, measure.changeEndDigits));
  return `${signed(measure, row.mean)}${withError ? ` ±${errorOf(measure, row)}` : ""} [${ends.join(", ")}]`;
}

/** A value with its unit, in a sentence. */
export function withUnit(measure, x, digits = measure.digits) {
  return `${value(measure, x, digits)} ${measure.mark || measure.unit}`;
}

/** What one variable of a lever is set to, with its unit. */
export function leverValue(variable, x) {
  return withUnit(variable.measure, x);
}

// Other figures -----------------------------------------------------------------------------------------------------

/** A share in per cent. */
export function percent(share, digits = 0) {
  return `${fixedZ(100 * share, digits)} %`;
}

/** A share that somebody chose in per cent, with the digits that it has. */
export function percentOf(share) {
  return `${general(100 * share)} %`;
}

/** A number with three significant digits and no exponent where it is of everyday size. */
export function sized(x) {
  const size = Math.abs(x);
  return size >= 1000 && size < 1e6 ? grouped(x) : general(x, 3);
}

/** Small amounts of an outcome, to one decimal below ten. */
export function amount(x) {
  const text = Math.abs(x) < 10 ? fixed(x, 1) : grouped(x);
  return Number(text) === 0 ? "0.0" : text;
}

/** A number with its noun. */
export function counted(number, noun) {
  return `${grouped(number)} ${noun}${number === 1 ? "" : "s"}`;
}

// Words and names -----------------------------------------------------------------------------------------------------

/** Parts joined by commas and a last "and". */
export function listed(parts) {
  return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}` : parts.join("");
}

/** A text at the beginning of a sentence. */
export function begun(text) {
  const [first = ""] = text;
  return first.toUpperCase() + text.slice(first.length);
}

/** A text whose figures have a real minus before them in place of "-"; marked names stay as they are. */
export function withMinus(text) {
  const found = /\u2068[^\u2068\u2069]*\u2069|(^|[\s\x1c-\x1f\x85[(±])-(?=[\p{Nd}.])/gu;
  return text.replace(found, (all, before) => (before === undefined ? all : `${before}\u2212`));
}

/** A name in a sentence, its underscores as spaces, between marks that keep its direction of writing to itself. */
export function named(name) {
  return isolated(oneLine(name).replaceAll("_", " "));
}

/** A text of somebody's own within a sentence, between such marks. */
export function isolated(text) {
  return `${ISOLATE}${visible(text)}${ISOLATE_END}`;
}

/** A text without the marks around names. */
export function unmarked(text) {
  return text.replace(/\u2068([^\u2068\u2069]*)\u2069/gu, "$1");
}

const SHOWN_MARKS = 4;

/** A text on one line in which nothing is hidden: what would not show, or would steer, stands there as its number. */
export function visible(text) {
  let marks = SHOWN_MARKS;
  let found = "";
  for (const sign of unmarked(text)) {
    const isSpace = /[\p{Zs}\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]/u.test(sign);
    marks = /[\p{Mn}\p{Me}]/u.test(sign) ? marks + 1 : isSpace ? SHOWN_MARKS : 0;
    found += isSpace ? " " : shows(sign) && marks <= SHOWN_MARKS ? sign : numberOfSign(sign);
  }
  return found;
}

// The categories of what does not print; and what shows nothing though it is a letter, mark or symbol by its category.
function shows(sign) {
  const seeming = /[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/u;
  return !/[\p{C}\p{Z}]/u.test(sign) && !seeming.test(sign);
}

function numberOfSign(sign) {
  const digits = sign.codePointAt(0).toString(16);
  return digits.length <= 2 ? `\\x${digits.padStart(2, "0")}` : spelled(digits);
}

function spelled(digits) {
  return digits.length <= 4 ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}

// Ends of lines and tabs stand in a name as text.
function oneLine(name) {
  const written = { "\n": "\\n", "\t": "\\t", "\r": "\\r", "\u2028": "\\u2028", "\u2029": "\\u2029" };
  return name.replace(/[\n\t\r\v\f\x1c-\x1f\x85\u2028\u2029]/g, (sign) => written[sign] ?? numberOfSign(sign));
}
