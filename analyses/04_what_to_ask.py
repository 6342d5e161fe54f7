"""What to find out next before choosing between all allocations that ship, and whom to ask.

Run

    uv run python analyses/04_what_to_ask.py [DRAWS]

It writes the figure to ``results/``.
"""

import sys
from pathlib import Path

import toc_model as toc
from toc_model.beliefs.beliefs import DRAWS, load_beliefs
from toc_model.present.figures import save_figure
from toc_model.questions.marginal.result import exchange_rate
from toc_model.questions.voi.figure import voi_figure
from toc_model.questions.voi.result import Voi, in_micro_dooms, value_information
from toc_model.questions.voi.words import voi_text
from toc_model.survey.planning.plans import shipped_plans

RESULTS = Path(__file__).parents[1] / "results"
TOP = 10


def headline(found: Voi) -> str:
    """What all and the best single answer would be worth, and what a hundred experts could give of it."""
    (name, value), *_ = found.parameters.items()
    asked = next(survey for survey in found.surveys if survey.plan.name == name)
    everything, known, experts = (in_micro_dooms(each).value for each in (found.evpi, value, asked.experts[100]))
    return (
        f"Worldview {found.beliefs.worldview}, {len(found.allocations.named)} allocations: knowing everything is worth "
        f"{everything:,.0f} micro-dooms, {name} alone {known:,.0f}; 100 experts who share a bias of "
        f"{asked.plan.question.bias_sd:g} bring {experts:,.0f}."
    )


def main() -> None:
    """Value what could be learnt and print one headline."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS
    RESULTS.mkdir(exist_ok=True)
    beliefs, named = load_beliefs(draws=draws), toc.load_allocations()
    plans = shipped_plans(beliefs, named)
    found = value_information(beliefs, named, plans=plans, ask_about=3, fte_value=exchange_rate(beliefs, named))
    save_figure(voi_figure(found, TOP), RESULTS / "what_to_ask.png")
    print(voi_text(found, TOP))
    print(headline(found))


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        print(f"04_what_to_ask: {error}", file=sys.stderr)
        sys.exit(2)
