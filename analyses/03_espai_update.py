"""What changes the recommendation more: 2,700 authors of machine-learning papers, or the bias that they may share.

Starts from the response file of the 2023 Expert Survey on Progress in AI, updates a worldview with and without a common
bias, and ends with the recommendation before and after. Run

    uv run python analyses/03_espai_update.py [ESPAI2023.csv] [WORLDVIEW] [DRAWS]

It writes the answers in the long format and both posteriors to ``results/``. DRAWS are those of each of four chains.
"""

import sys
from pathlib import Path

import toc_model as toc
from toc_model.questions.update.words import sweep_text, update_text
from toc_model.survey import read_espai, write_long
from toc_model.survey.learning.update import Settings, update

RESULTS = Path(__file__).parents[1] / "results"
RESPONSES = Path(__file__).parents[2] / "shared" / "data" / "espai2023_individual.csv"
DRAWS = 1000


def headline(before: toc.Run, updated: toc.Run, naive: toc.Run) -> str:
    """P(doom) now and the recommendation's change of it before, after, and if nobody could be wrong together."""
    parts = []
    for name, result in (("before", before), ("after", updated), ("with nobody wrong together", naive)):
        rows = result.to_dict()["allocations"]
        now, best = rows["status_quo"]["p_doom"], rows["recommended"]
        parts.append(
            f"{name} {100 * now['mean']:.0f} %, {100 * best['change']['mean']:+.2f} points, better in "
            f"{100 * best['share_better']:.0f} %"
        )
    return f"ESPAI 2023 and the recommendation, worldview {before.worldview}: {'; '.join(parts)}."


def main() -> None:
    """Update with and without a common bias, and print what becomes of the recommendation."""
    responses = Path(sys.argv[1]) if len(sys.argv) > 1 else RESPONSES
    worldview = sys.argv[2] if len(sys.argv) > 2 else "neutral"
    draws = int(sys.argv[3]) if len(sys.argv) > 3 else DRAWS
    RESULTS.mkdir(exist_ok=True)
    answers = RESULTS / "espai2023.csv"
    write_long(read_espai(responses), answers)

    updated = update([answers], worldview, settings=Settings(draws, progress=sys.stderr.isatty()))
    updated.save(RESULTS / "espai2023_posterior.nc")
    print(update_text(updated))
    naive = update([answers], worldview, bias_scale=0, settings=Settings(2 * draws, progress=sys.stderr.isatty()))
    naive.save(RESULTS / "espai2023_no_common_bias.nc")
    print(sweep_text([updated, naive]))
    print(headline(toc.run(worldview), *(toc.run(posterior=found.posterior) for found in (updated, naive))))


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        print(f"03_espai_update: {error}", file=sys.stderr)
        sys.exit(2)
