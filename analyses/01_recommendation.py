"""What the essay's recommendation does to P(doom), under the beliefs of which groups, and how sure that is.

Run

    uv run python analyses/01_recommendation.py [DRAWS] [DATE]

DATE is that of the beliefs and of the status quo, such as late_2026. It writes the allocation curve, Figure 1 in
micro-dooms and P(best) to ``results/``.
"""

import sys
from pathlib import Path
from typing import Any

import toc_model as toc

RESULTS = Path(__file__).parents[1] / "results"
WORLDVIEWS = ("base", "essay", "critic", "panel")


def told(name: str, row: dict[str, Any]) -> str:
    """The change under one worldview."""
    mean, low, high = (100 * row["change"][key] for key in ("mean", "q05", "q95"))
    return f"{mean:+.2f} [{low:+.1f}, {high:+.1f}], better in {100 * row['share_better']:.0f} % ({name})"


def main() -> None:
    """Compare, draw and print one headline."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    date = sys.argv[2] if len(sys.argv) > 2 else toc.ESSAY.date
    RESULTS.mkdir(exist_ok=True)
    beliefs = [toc.beliefs(name, draws=draws, as_of=date) for name in WORLDVIEWS]
    found = toc.compare(beliefs)
    found.save_plot(RESULTS / "p_best.png")
    toc.curve(beliefs).save_plot(RESULTS / "allocation_curve.png")
    toc.marginal(beliefs).save_plot(RESULTS / "figure_one.png")
    rows = {name: table["recommended"] for name, table in found.to_dict()["worldviews"].items()}
    print(found)
    print(
        f"Recommended move as of {date.replace('_', ' ')}, change of P(doom) in points: "
        f"{'; '.join(told(*item) for item in rows.items())}."
    )


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        print(f"01_recommendation: {error}", file=sys.stderr)
        sys.exit(2)
