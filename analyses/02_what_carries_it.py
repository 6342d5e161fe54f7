"""What the recommendation's change of P(doom) goes through, and which parameters and claims carry it.

Run

    uv run python analyses/02_what_carries_it.py [DRAWS]

It writes figures of channels, tornado and claims for each worldview to ``results/``.
"""

import sys
from pathlib import Path
from typing import Any

import toc_model as toc
from toc_model.beliefs.beliefs import Beliefs, load_beliefs
from toc_model.beliefs.claims import load_claims
from toc_model.present.figures import save_figure
from toc_model.questions.channels.figure import channels_figure
from toc_model.questions.channels.result import channel_figures
from toc_model.questions.claims.denials import Denials, deny
from toc_model.questions.claims.figure import denial_figure
from toc_model.questions.sensitivity.analyses import Analysis, tornado
from toc_model.questions.sensitivity.figure import tornado_figure
from toc_model.questions.sensitivity.subject import subject_of

RESULTS = Path(__file__).parents[1] / "results"
WORLDVIEWS = ("neutral", "essay", "outside")
ALLOCATION = "recommended"
DRAWS = 1000
TOP = 15


def headline(worldview: str, channels: dict[str, Any], parameters: Analysis, claims: Denials) -> str:
    """The share of bought time, the widest bar of the tornado, and the claim whose denial moves most."""
    first, name = claims.denials[0], parameters.ranked("swing")[0]
    change = 100 * float(first.outcome.change.mean()) if first.outcome else float("nan")
    return (
        f"{worldview}: {100 * channels['change']['mean']:+.2f} points; bought time makes "
        f"{100 * channels['time_share']:.0f} % of it; widest bar {name}; most moved by denying "
        f"{' = '.join(first.claims)}, to {change:+.2f}."
    )


def explained(beliefs: Beliefs) -> str:
    """Draw one worldview's figures and say what carries its result."""
    named = toc.load_allocations()
    channels = channel_figures(beliefs, named, ALLOCATION)
    parameters = tornado(subject_of(beliefs, named, ALLOCATION))
    claims = deny(beliefs, load_claims(), named.levers(), ALLOCATION)
    figures = {
        "channels": channels_figure(channels),
        "tornado": tornado_figure(parameters, TOP),
        "claims": denial_figure(claims, TOP),
    }
    for name, figure in figures.items():
        save_figure(figure, RESULTS / f"{name}_{beliefs.worldview}.png")
    return headline(beliefs.worldview, channels, parameters, claims)


def main() -> None:
    """Print one headline for each worldview."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS
    RESULTS.mkdir(exist_ok=True)
    for name in WORLDVIEWS:
        print(explained(load_beliefs(name, draws=draws)), flush=True)


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        print(f"02_what_carries_it: {error}", file=sys.stderr)
        sys.exit(2)
