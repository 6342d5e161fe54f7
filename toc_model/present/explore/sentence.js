// What is said of a move and of allocations, as toc_model/questions/run/words.py and toc_model/engine/telling.py say it.

import { errorOf, fixed, general, percent, signed, value, withUnit } from "./numbers.js";
import { isolated, named, unmarked } from "./numbers.js";
import { direction } from "./statistics.js";

const LEAST_SHOWN = 0.0005;

/** What an allocation does, in words: the template of the case with what each of its variables is set to. */
export function told(data, levers) {
  const set = new Map();
  for (const lever of data.levers) {
    lever.variables.forEach(({ name }, i) => set.set(name, { unit: lever.unit, x: levers[lever.name][i] }));
  }
  if (!data.describe) return [...set].map(([name, { x }]) => `${name} ${general(x)}`).join(", ");
  return data.describe.replace(/\{([^{}]*)\}/g, (_, name) => amountSet(set.get(name)));
}

function amountSet({ unit, x }) {
  return unit === "fraction" ? `${general(100 * x, 3)}%` : `${general(x)} ${unit}`;
}

/** A worldview with its date ("" for none) and what was changed of it, behind "under"; marked as `markedSentence`. */
export function whose(phrase, dated, changes) {
  return `${phrase}${dated && ` as of ${dated}`}${changes.length ? ` with ${isolated(changes.join("; "))}` : ""}`;
}

/** What a move does, as plain text with "-" before negative figures: what `toc run` prints. */
export function sentence(data, parts) {
  return unmarked(markedSentence(data, parts));
}

/**
 * The same with marks around names: for pages, `unmarked(withMinus(markedSentence(...)))` has a real minus.
 *
 * `under` is what `whose` gives, `fromTold` and `toTold` what `told` gives, `counted` such as "1,000 draws", and
 * `figures` what `moveFigures` gives.
 */
export function markedSentence(data, { under, fromName, fromTold, toName, toTold, counted, figures }) {
  const { measure, label } = data.objective;
  const { before, change } = figures;
  const moving = `moving from “${named(fromName)}” (${fromTold}) to “${named(toName)}” (${toTold})`;
  const error = errorOf(measure, change);
  if (direction(change) === 0) {
    return (
      `Under ${under}, ${moving} leaves mean ${label}, ${withUnit(measure, before.mean)}, where it is, as far as ` +
      `${counted} can tell: ${signed(measure, change.mean)} ±${error} ${measure.changeUnit}.`
    );
  }
  const verb = change.mean > 0 ? "raises" : "lowers";
  const size = value(measure, Math.abs(change.mean), measure.changeDigits);
  return (
    `Under ${under}, ${moving} ${verb} mean ${label} from ${withUnit(measure, before.mean)} by ${size} ±${error} ` +
    `${measure.changeUnit}${shareOfBefore(figures)}; it is better in ${percent(figures.shareBetter)} of draws` +
    `${costInWords(data.delay, figures.breakEven)}.`
  );
}

function shareOfBefore({ relative }) {
  return relative.mean === null ? "" : `, ${percent(Math.abs(relative.mean), 1)} of it`;
}

function costInWords(delay, cost) {
  if (!delay || !cost || cost.verdict === "none" || cost.verdict === "unclear") return "";
  if (cost.verdict === "any") return `, whatever a ${delay.period} of delay costs`;
  return `, and pays while a ${delay.period} of delay costs less than ${costShare(cost)} of what there is to lose`;
}

/** A break-even cost with its error, to one decimal of a per cent where that shows the error. */
export function costShare({ cost, mcse }) {
  const digits = cost >= 0.01 && mcse >= LEAST_SHOWN ? 1 : 2;
  return `${fixed(100 * cost, digits)} ±${fixed(100 * mcse, digits)} %`;
}
