"""What changes the recommendation more: 2,700 authors of machine-learning papers, or the bias that they may share.

Starts from the response file of the 2023 Expert Survey on Progress in AI, updates a worldview with and without a common
bias, and ends with the recommendation before and after. Run

    uv run python analyses/03_espai_update.py [ESPAI2023.csv] [WORLDVIEW]

It writes the answers in the long format and both posteriors to ``results/``.
"""

import sys
from pathlib import Path

import toc_model as toc
from toc_model.report.update_text import sweep_text, update_text
from toc_model.survey import read_espai, write_long
from toc_model.survey.update import Settings, update

RESULTS = Path(__file__).parents[1] / "results"
RESPONSES = Path(__file__).parents[2] / "shared" / "data" / "espai2023_individual.csv"


def main() -> None:
    """Update with and without a common bias, and print what becomes of the recommendation."""
    responses = Path(sys.argv[1]) if len(sys.argv) > 1 else RESPONSES
    worldview = sys.argv[2] if len(sys.argv) > 2 else "neutral"
    RESULTS.mkdir(exist_ok=True)
    answers = RESULTS / "espai2023.csv"
    write_long(read_espai(responses), answers)

    updated = update([answers], worldview, settings=Settings(chains=4, progress=sys.stderr.isatty()))
    updated.save(RESULTS / "espai2023_posterior.nc")
    print(update_text(updated))
    naive = update([answers], worldview, bias_scale=0, settings=Settings(chains=4))
    naive.save(RESULTS / "espai2023_no_common_bias.nc")

    print(sweep_text([updated, naive]))


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        sys.exit(f"03_espai_update: {error}")
