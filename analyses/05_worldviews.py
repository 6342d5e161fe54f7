"""Why the shipped worldviews disagree: on which beliefs, and which answers would bring them closest.

Run

    uv run python analyses/05_worldviews.py [DRAWS]

It writes a figure for each pair of worldviews to ``results/``.
"""

import sys
from itertools import combinations
from pathlib import Path

import toc_model as toc
from toc_model.beliefs.beliefs import load_beliefs
from toc_model.present.figures import save_figure
from toc_model.questions.disagree.figure import disagree_figure
from toc_model.questions.disagree.result import Disagreement, disagree

RESULTS = Path(__file__).parents[1] / "results"
WORLDVIEWS = ("neutral", "essay", "outside")
DRAWS = 1000


def headline(found: Disagreement) -> str:
    """Both results and the crux that carries most of their difference, for P(doom) and for the change."""
    figures = found.to_dict()
    one, other = figures["worldviews"]
    parts = []
    for measure, name, form in (("p_doom", "P(doom)", ".1f"), ("change", f"change by '{found.allocation}'", "+.2f")):
        crux = max(figures["cruxes"], key=lambda crux: abs(float(crux[measure]["mean"])))
        parts.append(
            f"{name} {100 * figures['results'][one][measure]['mean']:{form}} and "
            f"{100 * figures['results'][other][measure]['mean']:{form}}; of the difference, {crux['parameter']} makes "
            f"{100 * crux[measure]['mean']:+.2f}"
        )
    return f"{one} and {other}, in points: {'. '.join(parts)}."


def main() -> None:
    """Compare each pair and print one headline for it."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS
    RESULTS.mkdir(exist_ok=True)
    levers = toc.load_allocations().levers()
    for one, other in combinations([load_beliefs(name, draws=draws) for name in WORLDVIEWS], 2):
        found = disagree(one, other, levers)
        save_figure(disagree_figure(found), RESULTS / f"disagree_{one.worldview}_{other.worldview}.png")
        print(headline(found), flush=True)


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        print(f"05_worldviews: {error}", file=sys.stderr)
        sys.exit(2)
