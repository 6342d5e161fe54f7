"""Experts' weights by what they said about questions whose answers are known."""

from collections.abc import Sequence

import numpy as np

from toc_model.errors import InputError
from toc_model.statistics.pooling import Study, study
from toc_model.survey.panel.panel import Panel
from toc_model.survey.panel.said import QUANTILE, Said


def study_of(panel: Panel, said: Sequence[Said]) -> Study:
    """The seeds and questions of a panel as a study of Cooke's classical model.

    Parameters
    ----------
    panel : Panel
    said : sequence of Said
        As `toc_model.survey.panel.records.Records.latest` gives them.

    Raises
    ------
    InputError
        If there are no seeds, or only a consensus, or an expert answered no seed, or said other levels than the panel
        asks for.
    """
    if not panel.seeds:
        raise InputError(
            f"panel {panel.name!r}: found no seed questions; allowed: weights that you state, or questions with a truth"
        )
    items = [question for question in panel.questions if question.form == "quantiles"]
    levels = np.array(panel.levels) / 100
    by_place = {(one.expert, one.question): one for one in said}
    experts = [name for name in panel.experts if any(one.expert == name for one in said)]
    if not experts:
        raise InputError(
            f"panel {panel.name!r}: found nothing that experts said for themselves; allowed: a round before a consensus"
        )
    answers = np.full((len(experts), len(items), len(levels)), np.nan)
    for i, expert in enumerate(experts):
        for k, question in enumerate(items):
            if (one := by_place.get((expert, question.name))) is not None:
                answers[i, k] = _at(one, levels)
    answered = [k for k in range(len(items)) if np.isfinite(answers[:, k]).any()]
    kept = [items[k] for k in answered]
    if not any(question.is_seed for question in kept):
        raise InputError(
            f"panel {panel.name!r}: found no seed question that anybody answered with quantiles; allowed: at least one"
        )
    return study(
        answers[:, answered],
        [np.nan if question.truth is None else question.truth for question in kept],
        levels,
        log_scale=[question.scale == "log" for question in kept],
        experts=experts,
        items=[question.name for question in kept],
    )


def _at(one: Said, levels: np.ndarray) -> list[float]:
    if one.kind != QUANTILE or sorted(one.points) != [float(x) for x in np.round(levels, 12)]:
        told = ", ".join(f"{100 * level:.6g}" for level, _ in one.ordered)
        wanted = ", ".join(f"{100 * level:.6g}" for level in levels)
        raise InputError(
            f"{one.expert}: {one.question}: found {'levels ' + told if one.kind == QUANTILE else one.kind}; "
            f"allowed for scores: the levels that the panel asks for, {wanted} %"
        )
    return [value for _, value in one.ordered]
