"""Whose beliefs give what: the recommended move under each worldview and camp, and why the worldviews differ.

Run

    uv run python analyses/05_worldviews.py [DRAWS]

It writes a figure for each pair of worldviews that differ in priors to ``results/``. Camps do not: they are draws of
one of them, picked by what a group says of P(doom), so the mean that their members give two premises is shown instead.
"""

import sys
from pathlib import Path
from typing import Any

import toc_model as toc

RESULTS = Path(__file__).parents[1] / "results"
PAIRS = (("base", "essay"), ("base", "critic"))
CAMPS = ("ml_authors", "safety_leaders", "superforecasters")
PREMISES = ("aligned_by_default", "severity")


def told(beliefs: toc.Beliefs, row: dict[str, Any]) -> str:
    """One camp's P(doom) and change, and why its members think so if they are as the base has it."""
    premises = (f"{name} {100 * float(beliefs.parameters[name].mean()):.0f} %" for name in PREMISES)
    change = row["change"]
    return (
        f"{beliefs.worldview}: P(doom) {100 * row['p_doom']['mean']:.1f} %, change {100 * change['mean']:+.2f} "
        f"±{100 * change['mcse']:.2f}, better in {100 * row['share_better']:.0f} %; {', '.join(premises)}"
    )


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
    """Show the move under all, and print one headline for each camp and each pair."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    RESULTS.mkdir(exist_ok=True)
    moves = toc.run(draws=draws)
    print(moves)
    print(f"As of {toc.ESSAY.date.replace('_', ' ')}, the recommended move")
    for name in CAMPS:
        print(told(toc.beliefs(name, draws=draws), moves.to_dict()["worldviews"][name]))
    for one, other in PAIRS:
        found = toc.disagree([one, other], experts=None, draws=draws)
        found.save_plot(RESULTS / f"disagree_{one}_{other}.png")
        print(headline(found.to_dict()), flush=True)


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        print(f"05_worldviews: {error}", file=sys.stderr)
        sys.exit(2)
