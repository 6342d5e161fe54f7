"""What happens to P(doom) if the field moves from 20 % to 50 % buying time, and how sure that is.

Run

    uv run python analyses/01_recommendation.py [DRAWS]

It writes the allocation curve, Figure 1 in micro-dooms and P(best) to ``results/``.
"""

import sys
from pathlib import Path

import toc_model as toc
from toc_model.beliefs.beliefs import DRAWS, load_beliefs
from toc_model.present.figures import save_figure
from toc_model.questions.compare.figure import curve_figure, figure_one, p_best_figure
from toc_model.questions.compare.result import Comparison, allocation_curve, compare
from toc_model.questions.compare.words import compare_text
from toc_model.questions.marginal.result import marginal

RESULTS = Path(__file__).parents[1] / "results"
WORLDVIEWS = ("neutral", "essay", "outside")
MARKS = {"status quo": 0.2, "recommended": 0.5}


def headline(found: Comparison) -> str:
    """Change of P(doom) by the recommendation under each worldview."""
    rows = {name: table["recommended"] for name, table in found.to_dict()["worldviews"].items()}
    parts = [
        f"{100 * row['change']['mean']:+.2f} [{100 * row['change']['q05']:+.1f}, {100 * row['change']['q95']:+.1f}], "
        f"better in {100 * row['share_better']:.0f} % ({name})"
        for name, row in rows.items()
    ]
    return f"Recommended move, change of P(doom) in points: {'; '.join(parts)}."


def main() -> None:
    """Compare, draw and print one headline."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS
    RESULTS.mkdir(exist_ok=True)
    named = toc.load_allocations()
    beliefs = [load_beliefs(name, draws=draws) for name in WORLDVIEWS]
    found = compare(beliefs, named)
    curves = {one.worldview: allocation_curve(one, named) for one in beliefs}
    now = {str(name): float(mean) for name, mean in found.means().sel(allocation="status_quo").to_series().items()}
    save_figure(curve_figure(curves, now, "researchers", MARKS), RESULTS / "allocation_curve.png")
    save_figure(figure_one([marginal(one, named) for one in beliefs]), RESULTS / "figure_one.png")
    save_figure(p_best_figure(found), RESULTS / "p_best.png")
    print(compare_text(found))
    print(headline(found))


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        print(f"01_recommendation: {error}", file=sys.stderr)
        sys.exit(2)
