"""Why the shipped worldviews disagree: on which beliefs, and which answers would bring them closest.

Run

    uv run python analyses/05_worldviews.py [DRAWS]

It writes a figure for each pair of worldviews to ``results/``.
"""

import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import toc_model as toc

RESULTS = Path(__file__).parents[1] / "results"


def headline(figures: dict[str, Any]) -> str:
    """Both results and the crux that carries most of their difference, for P(doom) and for the change."""
    one, other = figures["worldviews"]
    parts = []
    for measure, name, form in (("p_doom", "P(doom)", ".1f"), ("change", "change by 'recommended'", "+.2f")):
        crux = max(figures["cruxes"], key=lambda crux: abs(float(crux[measure]["mean"])))
        results = (100 * figures["results"][each][measure]["mean"] for each in (one, other))
        parts.append(
            f"{name} {' and '.join(f'{result:{form}}' for result in results)}; of the difference, {crux['parameter']} "
            f"makes {100 * crux[measure]['mean']:+.2f}"
        )
    return f"{one} and {other}, in points: {'. '.join(parts)}."


def main() -> None:
    """Compare each pair and print one headline for it."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    RESULTS.mkdir(exist_ok=True)
    for one, other in combinations(toc.ESSAY.worldviews, 2):
        found = toc.disagree([one, other], experts=None, draws=draws)
        found.save_plot(RESULTS / f"disagree_{one}_{other}.png")
        print(headline(found.to_dict()), flush=True)


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        print(f"05_worldviews: {error}", file=sys.stderr)
        sys.exit(2)
