"""Analyses of sensitivity as text."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.present.terminal import WIDTH, as_text, percent, points, sized
from toc_model.questions.sensitivity.analyses import Analysis
from toc_model.statistics.sensitivity.flip import FARTHEST, MOST
from toc_model.statistics.sensitivity.power import ALL, THRESHOLD

SOBOL_CAPTION = (
    "Share of the variance that knowing the parameter alone would remove (first order), and that would remain if "
    "all others were known (total); [90 % bootstrap interval]. Parameters are sampled independently."
)
GIVEN_DATA_CAPTION = (
    "Share of the variance that knowing the parameter would remove, by regression on the draws as they are, with what "
    "it tells about parameters that it depends on; [90 % bootstrap interval]."
)
POWER_CAPTION = (
    "How far the distribution of an outcome moves as a prior, or the likelihood of the answers, is made stronger or "
    f"weaker; from {THRESHOLD} on ArviZ calls that sensitive. Both matter where prior and answers disagree. The priors "
    "of biases, whose size the mapping documents state, are not scaled: see toc update --bias-sweep."
)
NO_LIKELIHOOD = "The likelihood is not scaled: this posterior holds no log likelihood; run toc update again."


def sensitivity_text(found: Analysis, top: int) -> str:
    """The table of a method, its first ``top`` entries, and what it rests on."""
    parts = [*TEXTS[found.method](found, top), found.subject.beliefs.rests_on()]
    return "\n".join(part if "\n" in part else textwrap.fill(part, WIDTH) + "\n" for part in parts)


def _tornado(found: Analysis, top: int) -> list[str]:
    table = _table(found, "What the change hangs on", ["parameter"], ["5 %", "95 %"])
    for heading in ("change at 5 %", "at 95 %", "swing", "P(doom) at 5 %", "at 95 %"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name in found.ranked("swing")[:top]:
        row = found.table.sel(entry=name)
        change, doom = (row["expected"].sel(outcome=outcome).values for outcome in ("change", "p_doom"))
        swing, error = (float(row[key].sel(outcome="change")) for key in ("swing", "error"))
        table.add_row(
            name,
            *(sized(float(value)) for value in row["value"].values),
            *(points(float(value), 2) for value in change),
            f"{points(swing, 2)} ±{164.5 * error:.2f}",
            *(percent(float(value)) for value in doom),
        )
    return [
        as_text(table),
        _tornado_caption(found, top),
        _dead(found.about["unmoved"]),
    ]


def _tornado_caption(found: Analysis, top: int) -> str:
    many = found.table.sizes["entry"]
    return (
        f"The first {min(top, many)} of {many} parameters by swing. Each is moved from its 5 % to its 95 % quantile "
        f"({found.about['how']}). Changes in percentage points, P(doom) in per cent; ± is a 90 % interval of the error "
        "of the swing."
    )


def _dead(names: Sequence[str]) -> str:
    if not names:
        return "No parameter is dead: each moves P(doom) or its change by more than rounding in some draw."
    return f"Dead, for nothing moves by more than rounding: {', '.join(names)}."


def _sobol(found: Analysis, top: int) -> list[str]:
    table = _table(found, "Sobol' indices", ["parameter"], [])
    for heading in ("change: total", "first order", "P(doom): total", "first order"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name in found.ranked("total")[:top]:
        table.add_row(
            name, *(_index(found, name, key, out) for out in ("change", "p_doom") for key in ("total", "first"))
        )
    return [
        as_text(table),
        SOBOL_CAPTION,
    ]


def _index(found: Analysis, name: str, key: str, outcome: str) -> str:
    row = found.table.sel(entry=name, outcome=outcome)
    low, high = ("low", "high") if key == "index" else (f"{key}_low", f"{key}_high")
    return _interval(*(float(row[column]) for column in (key, low, high)))


def _interval(value: float, low: float, high: float) -> str:
    return f"{_plain(value)} [{_plain(low)}, {_plain(high)}]"


def _plain(value: float) -> str:
    """Three decimals, and no minus before a zero."""
    text = f"{value:.3f}"
    return text if float(text) else "0.000"


def _given_data(found: Analysis, top: int) -> list[str]:
    table = _table(found, "Given-data indices", ["parameter"], [])
    for heading in ("change: first order", "Shapley effect", "P(doom): first order"):
        table.add_column(heading, justify="right", no_wrap=True)
    effects = found.about["shapley"]
    for name in found.ranked("index")[:top]:
        effect = effects.get(name)
        shared = _interval(*(effect[key]["change"] for key in ("index", "low", "high"))) if effect else ""
        table.add_row(name, _index(found, name, "index", "change"), shared, _index(found, name, "index", "p_doom"))
    shared = (
        f"The Shapley effects divide the {100 * found.about['explained']['change']:.0f} % of the variance of the "
        f"change that the first {len(effects)} explain together."
    )
    return [as_text(table), f"{GIVEN_DATA_CAPTION} {shared}"]


def _flip(found: Analysis, top: int) -> list[str]:
    start = found.about["change_at_medians"]
    mean = float(found.subject.outcomes.sel(outcome="change").mean())
    table = _table(found, "How little flips the sign of the change", [], ["parameters", "distance"])
    table.add_column("moves, in prior standard deviations from the median", max_width=80)
    for one in found.about["flips"]:
        moved = one["moved"]
        shown = [f"{name} {step:+.2f}" for name, step in list(moved.items())[:6]]
        more = f", and {len(moved) - 6} smaller ones" if len(moved) > 6 else ""
        table.add_row(
            str(len(moved)) if len(moved) <= MOST else "all", f"{one['distance']:.2f}", ", ".join(shown) + more
        )
    crossings = found.about["crossings"]
    alone = "; ".join(f"{name} at {sized(value)}" for name, value in list(crossings.items())[:top])
    where = (
        "Distances are on the latent normal scale, from all parameters at their medians, where the change is "
        f"{points(start, 2)} points (its mean over draws is {points(mean, 2)}). All that is not named stays at its "
        "median. Parameters are added one by one, so each distance is an upper bound for its number."
    )
    single = (
        f"Single parameters that flip the mean change, between their 1 % and 99 % quantiles ({found.about['how']}): "
        f"{alone or 'none'}."
    )
    parts = [as_text(table), where, single]
    missing = MOST + 1 - len(found.about["flips"])
    if missing > 0:
        parts.insert(
            1, f"For {missing} of {MOST + 1} numbers of parameters the search found no point within {FARTHEST:g}."
        )
    if start * mean < 0:
        parts.insert(1, "At the medians the change has another sign than its mean: read the distances with care.")
    return parts


def _power(found: Analysis, top: int) -> list[str]:
    table = _table(found, "Power-scaling of the priors", ["prior"], ["change", "P(doom)"])
    for name in found.ranked("sensitivity")[:top]:
        row = found.table["sensitivity"].sel(entry=name)
        table.add_row(name, *(_plain(float(row.sel(outcome=outcome))) for outcome in ("change", "p_doom")))
    scaled: Mapping[str, Any] | None = found.about["likelihood"]
    if scaled is None:
        return [as_text(table), NO_LIKELIHOOD, _by_chance(found), POWER_CAPTION]
    answers = _table(found, "Power-scaling of the likelihood", ["answers to"], ["change", "P(doom)"])
    for name in sorted(scaled, key=lambda name: -scaled[name]["sensitivity"]["change"])[:top]:
        row = scaled[name]["sensitivity"]
        answers.add_row(name, *(_plain(row[outcome]) for outcome in ("change", "p_doom")))
    diagnosis = _diagnosis(found, scaled[ALL]["sensitivity"])
    return [as_text(table), as_text(answers), diagnosis, _by_chance(found), POWER_CAPTION]


def _diagnosis(found: Analysis, likelihood: Mapping[str, float]) -> str:
    """What ArviZ makes of all priors and all answers together."""
    prior = found.table["sensitivity"].sel(entry=ALL)
    said = "; ".join(
        f"{label}: {found.about['diagnosis'][name]} (priors {_plain(float(prior.sel(outcome=name)))}, "
        f"likelihood {_plain(likelihood[name])})"
        for name, label in (("change", "change"), ("p_doom", "P(doom)"))
    )
    return f"ArviZ's diagnosis of all priors and all answers: {said}."


def _by_chance(found: Analysis) -> str:
    """How far figures for everything together are above noise."""
    names = {"prior": "priors", "likelihood": "likelihood"}
    shown = "; ".join(
        f"{names[group]}: change {_plain(values['change'])}, P(doom) {_plain(values['p_doom'])}"
        for group, values in found.about["by_chance"].items()
    )
    return (
        f"By chance alone {ALL} would reach ({shown}): the 95 % quantile where draws of outcomes are shifted against "
        "the densities'. What is below is noise."
    )


def _table(found: Analysis, title: str, texts: Sequence[str], numbers: Sequence[str]) -> Table:
    subject = found.subject
    table = Table(
        box=SIMPLE_HEAD,
        title=f"{title}: status_quo to {subject.allocation}, worldview '{subject.beliefs.worldview}'",
        title_justify="left",
    )
    for heading in texts:
        table.add_column(heading, no_wrap=True)
    for heading in numbers:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


TEXTS: dict[str, Callable[[Analysis, int], list[str]]] = {
    "tornado": _tornado,
    "sobol": _sobol,
    "given-data": _given_data,
    "flip": _flip,
    "power-scaling": _power,
}
