"""What the recommendation's change of P(doom) goes through, and which parameters and claims carry it.

Run

    uv run python analyses/02_what_carries_it.py [DRAWS]

It writes figures of channels, tornado and claims for each worldview to ``results/``.
"""

import sys
from pathlib import Path

import toc_model as toc

RESULTS = Path(__file__).parents[1] / "results"
WORLDVIEWS = ("base", "essay", "critic")
NO_TIME = tuple(f"{name}=1e-9" for name in ("max_research_cut", "max_publishing_cut", "longest_pause"))
"""Nobody slows down and a pause has no length: what the change would be if no time could be bought."""


def explained(beliefs: toc.Beliefs, without_time: toc.Run) -> str:
    """Draw one worldview's figures and say what carries its result."""
    found = {"channels": toc.channels(beliefs), "tornado": toc.sensitivity(beliefs), "claims": toc.claims(beliefs)}
    for name, result in found.items():
        result.save_plot(RESULTS / f"{name}_{beliefs.worldview}.png")
    channels, parameters, claims = (result.to_dict() for result in found.values())
    parts = sorted(channels["channels"].values(), key=lambda row: float(row["attribution"]["mean"]))
    widest = max(parameters["entries"], key=lambda name: abs(parameters["entries"][name]["swing"]["change"]))
    first = claims["claims"][0]
    left = without_time.to_dict()["allocations"]["recommended"]["change"]["mean"]
    return (
        f"{beliefs.worldview}: {100 * channels['change']['mean']:+.2f} points, {100 * left:+.2f} if no time could be "
        f"bought; lowest channel {parts[0]['label']}, highest {parts[-1]['label']}; widest bar {widest}; most moved "
        f"by denying {' = '.join([first['id'], *first['same_denial_as']])}, to {100 * first['change']['mean']:+.2f}."
    )


def main() -> None:
    """Print one headline for each worldview."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    RESULTS.mkdir(exist_ok=True)
    print(f"The recommended move as of {toc.ESSAY.date.replace('_', ' ')}, under")
    for name in WORLDVIEWS:
        without_time = toc.run(name, draws=draws, overrides=NO_TIME)
        print(explained(toc.beliefs(name, draws=draws), without_time), flush=True)


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        print(f"02_what_carries_it: {error}", file=sys.stderr)
        sys.exit(2)
