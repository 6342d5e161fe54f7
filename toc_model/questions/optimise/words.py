"""The best allocation, as text."""

import textwrap
from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from toc_model.present.terminal import WIDTH, percent, points, section
from toc_model.questions.optimise.result import Recommendation
from toc_model.questions.optimise.space import SHARES

NOBODY = 1e-6


AS_GOOD = (
    "Per cent. As good: between these, other levers adjusted, allocations were found that can't be told from the best "
    "within two standard errors of the paired difference; the true region may be larger."
)


def optimise_text(found: Recommendation) -> str:
    """The optimum with all that is as good, the gain, the optimiser's curse, and what it rests on."""
    figures = found.to_dict()
    gains = [_gain(worldview, judged, found.base) for worldview, judged in figures["judged"].items()]
    sentences = [*gains, _curse(found), _starts(found), *figures["rests_on"]]
    text = section(f"The best allocation: {found.description}", _table(found), AS_GOOD)
    return "\n".join([text, *(textwrap.fill(sentence, WIDTH) + "\n" for sentence in sentences)])


def _table(found: Recommendation) -> Table:
    table = Table(box=SIMPLE_HEAD)
    table.add_column("lever", no_wrap=True)
    for heading in (found.base, "best", "as good"):
        table.add_column(heading, justify="right", no_wrap=True)
    whole = found.space.whole(found.x)
    unused = {pool for pool, share in zip(SHARES, whole, strict=False) if share < NOBODY}
    base = dict(zip(found.space.free, found.space.start, strict=True))
    for name, value in zip(found.space.free, found.x, strict=True):
        if name.startswith("mix.") and name.split(".")[1] in unused:
            table.add_row(name, percent(base[name]), "any", "nobody does it")
        else:
            low, high = found.extent[name]
            table.add_row(
                name, percent(base[name]), percent(abs(value)), f"{percent(abs(low))} to {percent(abs(high))}"
            )
    return table


def _gain(worldview: str, judged: Mapping[str, Any], base: str) -> str:
    change = judged["change"]
    return (
        f"Under '{worldview}', on the {judged['draws']:,} draws that did not choose it, it changes P(doom) from that "
        f"of {base}, {percent(judged['p_doom'][base])} %, by {points(change['mean'], 2)} points "
        f"[{points(change['q05'])}, {points(change['q95'])}] (Monte Carlo error {100 * change['mcse']:.2f}), and is "
        f"better in {100 * judged['share_better']:.0f} % of draws."
    )


def _curse(found: Recommendation) -> str:
    return (
        f"The objective falls by {100 * found.gain_fitted:.2f} points on the draws that chose it and by "
        f"{100 * found.gain_judged:.2f} on the others; {100 * found.curse:.3f} of it was the optimiser's curse (mean "
        "over both ways of halving the draws)."
    )


def _starts(found: Recommendation) -> str:
    limits = []
    if found.limits["at_most_moved"] is not None:
        limits.append(f"at most {100 * found.limits['at_most_moved']:g} points moved")
    limits += [f"{name} from {100 * low:g} to {100 * high:g} %" for name, (low, high) in found.limits["bounds"].items()]
    within = f" Limits: {'; '.join(limits)}." if limits else ""
    return f"{found.agreeing} of {found.starts} starts led to an allocation that is as good.{within}"
