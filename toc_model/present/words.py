"""Figures and names in running text and tables."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from toc_model.engine.declare import Variable
from toc_model.engine.facets import Objective
from toc_model.engine.measures import PER_CENT, Measure
from toc_model.engine.value import DelayCost
from toc_model.naming import called
from toc_model.present.section import Number
from toc_model.present.signs import END, ISOLATE, one_line, visible

LONGEST = 40
MINUS = re.compile(f"{ISOLATE}[^{ISOLATE}{END}]*{END}|(?<![^\\s\\[(±])-(?=[\\d.])")
"""Names, and the signs of figures outside them."""


# Names ------------------------------------------------------------------------------------------------------------


def labels(names: Iterable[str]) -> list[str]:
    """Names of a user's own as labels that fit a figure: no invisible characters, not too long, none twice."""
    found: list[str] = []
    for name in names:
        plain = visible(one_line(name)).strip() or "unnamed"
        label = unique = plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
        number = len(found) + 1
        while unique in found:
            unique, number = f"{label} ({number})", number + 1
        found.append(unique)
    return found


def with_minus(text: str) -> str:
    """A text whose figures have a real minus before them in place of "-"; names stay as they are."""
    return MINUS.sub(lambda found: found[0] if found[0] != "-" else "\u2212", text)


def isolated(text: str) -> str:
    """A text of somebody's own within a sentence."""
    return f"{ISOLATE}{visible(text)}{END}"


def named(name: str) -> str:
    """A name in a sentence, its underscores as spaces unless names are shown as they are typed."""
    plain = one_line(name)
    return isolated(called(plain, plain.replace("_", " ")))


def quoted(name: str) -> str:
    """A name of somebody's own in a sentence, in quotation marks."""
    return f"“{named(name)}”"


def listed(parts: Sequence[str]) -> str:
    """Parts joined by commas and a last "and"."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def begun(text: str) -> str:
    """A text at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def gain(objective: Objective) -> str:
    """What a change of the outcome for the better is: a fall or a rise."""
    return "fall" if objective.lower_is_better else "rise"


# Figures in the measure of an outcome -------------------------------------------------------------------------------


def value(measure: Measure, x: float, digits: int | None = None) -> str:
    """A value of an outcome; what rounds to zero has no sign."""
    return f"{measure.factor * x:z.{measure.digits if digits is None else digits}f}"


def signed(measure: Measure, change: float, digits: int | None = None) -> str:
    """A change of an outcome, with its sign unless it rounds to zero."""
    places = measure.change_digits if digits is None else digits
    text = f"{measure.factor * change:+.{places}f}"
    return text if float(text) else f"{0:.{places}f}"


def value_interval(measure: Measure, row: Mapping[str, float]) -> str:
    """Mean and 90 % interval of a value."""
    low, high = (value(measure, row[key], measure.end_digits) for key in ("q05", "q95"))
    return f"{value(measure, row['mean'])} [{low}, {high}]"


def interval(measure: Measure, row: Mapping[str, float], *, error: bool = False) -> str:
    """Mean and 90 % interval of a change, and the Monte Carlo error of the mean if wanted."""
    low, high = (signed(measure, row[key], measure.change_end_digits) for key in ("q05", "q95"))
    plus = f" ±{measure.factor * row['mcse']:.{measure.change_digits}f}" if error else ""
    return f"{signed(measure, row['mean'])}{plus} [{low}, {high}]"


def with_unit(measure: Measure, x: float, digits: int | None = None) -> str:
    """A value with its unit, in a sentence."""
    return f"{value(measure, x, digits)} {measure.sign}"


def change_cell(measure: Measure, row: Mapping[str, float], *, error: bool = False) -> Number:
    """Mean and interval of a change as a cell."""
    return Number(interval(measure, row, error=error), row["mean"])


def mean_cell(measure: Measure, row: Mapping[str, float], more: str = "") -> Number:
    """A mean change with its Monte Carlo error alone, and what is to stand behind it."""
    error = measure.factor * row["mcse"]
    return Number(f"{signed(measure, row['mean'])} ±{error:.{measure.change_digits}f}{more}", row["mean"])


def better_side(objective: Objective) -> str:
    """On which side of zero a change is for the better, in a sentence."""
    return f"{'Left' if objective.lower_is_better else 'Right'} of zero is better."


def extreme(objective: Objective) -> str:
    """What the best mean is, in a sentence."""
    return "least" if objective.lower_is_better else "largest"


# Values of levers ---------------------------------------------------------------------------------------------------


def lever_measure(variable: Variable) -> Measure:
    """In what values of a lever are told: fractions in per cent, all others in their own unit.

    A hundredth of the range shows; the ends and changes have no more digits.
    """
    lever = variable.lever
    scale = (
        replace(PER_CENT, digits=0)
        if lever.unit == "fraction"
        else Measure(1.0, lever.unit, lever.unit, mark=lever.unit)
    )
    size = scale.factor * (lever.upper - lever.lower)
    digits = max(0, 2 - math.floor(math.log10(size))) if math.isfinite(size) else 2
    return replace(scale, digits=digits, end_digits=digits, change_digits=digits, change_end_digits=digits)


# Other figures ------------------------------------------------------------------------------------------------------


def percent(share: float, digits: int = 0) -> str:
    """A share in per cent."""
    return f"{100 * share:z.{digits}f} %"


def percent_of(share: float) -> str:
    """A share that somebody chose in per cent, with the digits that it has."""
    return f"{100 * share:.6g} %"


def cost_of_delay(cost: DelayCost) -> str:
    """What a period of delay is said to cost, and by whom."""
    return f"a {cost.delay.period} of delay costs {percent_of(cost.share)} of what there is to lose, as you say"


def chosen_delay(cost: DelayCost) -> str:
    """The same as a sentence of its own, with what the model says of it."""
    return f"{begun(cost_of_delay(cost))}; the model assumes nothing about it."


def share(value: float, digits: int = 0) -> Number:
    """A share in per cent as a cell."""
    return Number(percent(value, digits), value)


def sized(value: float) -> str:
    """A number with three significant digits and no exponent where it is of everyday size."""
    if value == 0 or not 1e-4 <= abs(value) < 1e6:
        return f"{value:.3g}"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def level(value: float) -> Number:
    """A parameter's value as a cell."""
    return Number(sized(float(f"{value:.2g}")), value)


def amount(value: float) -> str:
    """Small amounts of an outcome, to three digits or one decimal."""
    text = f"{value:.1f}" if abs(value) < 10 else f"{value:,.0f}"
    return text if float(text.replace(",", "")) else "0.0"


def amounts(row: Mapping[str, float]) -> Number:
    """Small amounts of an outcome with their interval as a cell."""
    mean, low, high = (amount(row[key]) for key in ("mean", "q05", "q95"))
    return Number(f"{mean} [{low}, {high}]", row["mean"])
