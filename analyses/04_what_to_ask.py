"""What to find out next before choosing between all allocations that ship, and whom to ask.

Run

    uv run python analyses/04_what_to_ask.py [DRAWS]

It writes the figure to ``results/``.
"""

import sys
from pathlib import Path

import toc_model as toc

RESULTS = Path(__file__).parents[1] / "results"


def main() -> None:
    """Value what could be learnt and print one headline."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    RESULTS.mkdir(exist_ok=True)
    found = toc.voi(between=list(toc.allocations().named), draws=draws)
    found.save_plot(RESULTS / "what_to_ask.png")
    figures = found.to_dict()
    name, known = next(iter(figures["parameters"].items()))
    asked = figures["surveys"][name]
    everything, alone, experts = (
        value["micro_dooms"]["value"] for value in (figures["evpi"], known, asked["experts"]["100"])
    )
    print(found)
    print(
        f"Worldview {figures['worldview']} as of {toc.ESSAY.date.replace('_', ' ')}, {len(figures['allocations'])} "
        f"allocations: knowing everything is worth "
        f"{everything:,.0f} micro-dooms, {name} alone {alone:,.0f}; 100 experts who share a bias of "
        f"{asked['bias_sd']:g} bring {experts:,.0f}."
    )


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        print(f"04_what_to_ask: {error}", file=sys.stderr)
        sys.exit(2)
