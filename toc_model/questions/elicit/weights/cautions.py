"""What experts' scores can't be trusted for, in sentences."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from toc_model.present import words
from toc_model.statistics.pooling.cooke import FEWEST
from toc_model.statistics.pooling.decision_makers import EQUAL

if TYPE_CHECKING:
    from toc_model.questions.elicit.weights import Weights

POOR, TINY = 0.05, 0.001
"""Calibration below which intervals are usually said to be refuted, and below which its size says little."""
ALL = 0.999
"""The share of all weight above which one expert has it all."""


def cautions(found: "Weights", named: Callable[[str], str] = str) -> Iterator[str]:
    """Sentences: few seeds, seeds left unanswered, poor scores, one expert alone, the same seeds twice.

    Parameters
    ----------
    found : Weights
    named : callable
        Writes a name of somebody's own in a sentence.
    """
    yield from _few(found, named)
    yield from _poor(found)
    yield from _alone(found, named)
    yield from _same_seeds(found)
    if none := found.unweighed():
        yield f"Nobody who counts has answered {words.listed([named(name) for name in none])}."


def _few(found: "Weights", named: Callable[[str], str]) -> Iterator[str]:
    seeds, fewest = int(found.study.seeds.sum()), found.study.fewest_seeds
    fewer = [
        f"{named(name)} answered {many}"
        for name, many in zip(found.study.experts, found.answered, strict=True)
        if many < seeds
    ]
    if fewer:
        yield (
            f"Of {words.counted(seeds, 'seed question')} {words.listed(fewer)}: all experts are scored with the power "
            f"of the fewest, {fewest}, and who left out hard ones is flattered."
        )
    if fewest < FEWEST:
        yield f"{words.counted(fewest, 'seed question')}: below {FEWEST}, calibration hardly tells experts apart."


def _poor(found: "Weights") -> Iterator[str]:
    best = float(found.maker.experts.calibration.max())
    if best >= POOR:
        return
    told = (
        f"No expert's calibration reaches {POOR:g} (the best is {words.sized(best)}): what came true does not "
        "lie between anybody's quantiles as often as they say."
    )
    if best < TINY:
        told += (
            " Such figures are all alike refutations: they lie in a tail where the approximation by a chi-square does "
            f"not hold for {words.counted(found.study.fewest_seeds, 'seed question')}, and one seed more or less "
            "changes them many times over. Weights are ratios of them, so that they favour who is least far off and "
            "not who is good."
        )
    pooled = float(found.maker.scores.calibration[0])
    yield (
        f"{told} Together experts may do better than each alone: the decision maker has {words.sized(pooled)}, judged "
        "in-sample. Compare it with equal weights, or ask another round after feedback."
    )


def _alone(found: "Weights", named: Callable[[str], str]) -> Iterator[str]:
    share = found.share(found.kind)
    if found.kind != EQUAL and len(share) > 1 and float(share.max()) > ALL:
        first = int(share.argmax())
        low = float(found.share_ends[0][first])
        falls = (
            "" if low > ALL or np.isnan(low) else f" Without one of the seeds this weight falls to {100 * low:.0f} %."
        )
        yield (
            f"{named(found.study.experts[first])} has all the weight, so that the decision maker is this one expert; "
            f"with '--cutoff 0' all count.{falls}"
        )


def _same_seeds(found: "Weights") -> Iterator[str]:
    seeds = words.counted(int(found.study.seeds.sum()), "seed question")
    told = (
        f"Decision makers are judged in-sample, by the same {seeds} that set weights and cut-offs, which flatters "
        "global and item weights and not equal ones."
    )
    if found.unseen:
        score = {kind: words.sized(float(made.scores.combined[0])) for kind, made in found.unseen.items()}
        unseen = words.listed([f"{value} for {kind} ones" for kind, value in score.items()])
        yield f"{told} Where each seed is judged with the weights that the others give, scores are {unseen}."
    else:
        yield f"{told} How they do on other questions these figures don't say."
