"""What changes the recommendation more: 2,700 authors of machine-learning papers, or the bias that they may share.

Starts from the response file of the 2023 Expert Survey on Progress in AI, updates a worldview, and ends with the
recommendation before and after, and with common biases half as wide, twice as wide and heavy-tailed. (The camp
``ml_authors`` is something else: the base picked so that P(doom) is what the respondents say, as their own
beliefs and not as evidence.) Run

    uv run python analyses/03_espai_update.py [ESPAI2023.csv] [WORLDVIEW] [DRAWS]

It writes the answers in the long format and the posterior to ``results/``; any command takes the latter by
``--worldview``. DRAWS are those of the worldview that are weighted.
"""

import sys
from pathlib import Path

import toc_model as toc

RESULTS = Path(__file__).parents[1] / "results"
RESPONSES = Path(__file__).parents[2] / "shared" / "data" / "espai2023_individual.csv"


def told(name: str, result: toc.Run) -> str:
    """P(doom) now, and what the recommendation makes of it."""
    rows = result.to_dict()["allocations"]
    now, best = rows["status_quo"]["p_doom"], rows["recommended"]
    return (
        f"{name} {100 * now['mean']:.0f} %, {100 * best['change']['mean']:+.2f} points, better in "
        f"{100 * best['share_better']:.0f} %"
    )


def main() -> None:
    """Update with and without a common bias, and print what becomes of the recommendation."""
    responses = Path(sys.argv[1]) if len(sys.argv) > 1 else RESPONSES
    worldview = sys.argv[2] if len(sys.argv) > 2 else toc.ESSAY.base
    draws = int(sys.argv[3]) if len(sys.argv) > 3 else 4000
    RESULTS.mkdir(exist_ok=True)
    answers = RESULTS / "espai2023.csv"
    toc.import_survey(responses, "espai", answers)

    updated = toc.update(answers, worldview, settings=toc.Settings(draws))
    updated.save(RESULTS / "espai2023_posterior.nc")
    print(updated)
    parts = [told(name, found) for name, found in {"before": updated.before, "after": updated.after}.items()]
    date = toc.ESSAY.date.replace("_", " ")
    print(f"ESPAI 2023 and the recommendation, worldview {worldview} as of {date}: {'; '.join(parts)}.")


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        print(f"03_espai_update: {error}", file=sys.stderr)
        sys.exit(2)
