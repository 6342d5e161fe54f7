"""What the recommendation's change of P(doom) goes through, and which parameters and claims carry it.

Run

    uv run python analyses/02_what_carries_it.py [DRAWS]

It writes figures of channels, tornado and claims for each worldview to ``results/``.
"""

import sys
from pathlib import Path

import toc_model as toc

RESULTS = Path(__file__).parents[1] / "results"


def explained(beliefs: toc.Beliefs) -> str:
    """Draw one worldview's figures and say what carries its result."""
    found = {"channels": toc.channels(beliefs), "tornado": toc.sensitivity(beliefs), "claims": toc.claims(beliefs)}
    for name, result in found.items():
        result.save_plot(RESULTS / f"{name}_{beliefs.worldview}.png")
    channels, parameters, claims = (result.to_dict() for result in found.values())
    widest = max(parameters["entries"], key=lambda name: abs(parameters["entries"][name]["swing"]["change"]))
    first = claims["claims"][0]
    return (
        f"{beliefs.worldview}: {100 * channels['change']['mean']:+.2f} points; bought time makes "
        f"{100 * channels['time_share']:.0f} % of it; widest bar {widest}; most moved by denying "
        f"{' = '.join([first['id'], *first['same_denial_as']])}, to {100 * first['change']['mean']:+.2f}."
    )


def main() -> None:
    """Print one headline for each worldview."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    RESULTS.mkdir(exist_ok=True)
    for name in toc.ESSAY.worldviews:
        print(explained(toc.beliefs(name, draws=draws)), flush=True)


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        print(f"02_what_carries_it: {error}", file=sys.stderr)
        sys.exit(2)
