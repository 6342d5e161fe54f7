"""Published figures beside what the model implies for the same quantities, and how far apart the two are.

Run

    uv run python analyses/06_external_checks.py [FOLDER]

FOLDER holds the published figures, which stand beside what the base and the essay's beliefs imply. What a micro-doom
costs rests on `FTE_COST`, an assumption of this analysis alone. It writes a table and a figure to ``results/``.
"""

import sys
from pathlib import Path

import toc_model as toc

RESULTS = Path(__file__).parents[1] / "results"
WORLDVIEWS = ("base", "essay")
FTE_COST = 200_000.0
"""Dollars that a year of a person's work costs, all in; nothing measures it here."""
DATA = Path(__file__).parents[2] / "shared" / "data"


def main() -> None:
    """Compare, print, and end with one headline."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if not data.is_dir():
        raise toc.InputError(f"{data} is absent; nothing was compared")
    beliefs = [toc.beliefs(name) for name in WORLDVIEWS]
    found = toc.ESSAY.external(beliefs, toc.allocations(), data, fte_cost=FTE_COST)
    RESULTS.mkdir(exist_ok=True)
    found.to_dataframe().to_csv(RESULTS / "external_checks.csv")
    found.save_plot(RESULTS / "external_checks.png")
    print(found)
    print(f"Beliefs as of {toc.ESSAY.date.replace('_', ' ')}. {found.headline()}")


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        print(f"06_external_checks: {error}", file=sys.stderr)
        sys.exit(2)
