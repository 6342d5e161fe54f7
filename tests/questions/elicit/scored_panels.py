"""Panels with seeds: the published study on tobacco, and some that are drawn."""

from datetime import date
from typing import Any

import numpy as np

from tests.statistics.tobacco import EXPERTS, ITEMS, LEVELS, TARGETS, TRUE, answers
from toc_model.survey.panel.panel import CONSENSUS, Panel, Question
from toc_model.survey.panel.records import Records
from toc_model.survey.panel.said import Said

type Scored = tuple[Panel, Records]


def panel_of(questions: list[Question], **others: Any) -> Panel:
    stated: dict[str, Any] = {
        "format": 1,
        "name": "panel",
        "case": "village",
        "worldview": "almanac",
        "made": date(2026, 11, 30),
        "rounds": ["1", "2", CONSENSUS],
        "questions": questions,
    }
    return Panel(**stated | others)


def tobacco_panel() -> Scored:
    """The study as a panel, with what everybody said in the first round."""
    seeds = [Question(name=name, wording=name, unit="percent", truth=true) for name, true in TRUE.items()]
    asked = [Question(name=name, about="x", wording=name, unit="percent") for name in TARGETS]
    said = [
        Said.of_quantiles("1", expert, item, dict(zip(LEVELS, quantiles.tolist(), strict=True)))
        for expert, own in zip(EXPERTS, answers(), strict=True)
        for item, quantiles in zip(ITEMS, own, strict=True)
    ]
    found = panel_of([*seeds, *asked], name="tobacco", experts=list(EXPERTS), levels=[5, 25, 50, 75, 95])
    return found, Records(tuple(said))


def drawn_panel(
    experts: int,
    seeds: int,
    *,
    asked: int = 3,
    spread: float = 0.5,
    error: float = 0.3,
    missing: float = 0.0,
    seed: int = 1,
) -> Scored:
    """Lognormal answers around lognormal truths; a seed that all answer is the first."""
    rng = np.random.default_rng(seed)
    names = [f"expert_{number + 1}" for number in range(experts)]
    true = np.exp(rng.normal(3, 1, seeds + asked))
    questions = [
        Question(name=f"seed_{k + 1}", wording="?", unit="km", truth=float(true[k]))
        if k < seeds
        else Question(name=f"asked_{k - seeds + 1}", about="x", wording="?", unit="km")
        for k in range(seeds + asked)
    ]
    said = []
    for name in names:
        own = spread * rng.uniform(0.3, 1.5)
        for k, question in enumerate(questions):
            middle = np.log(true[k]) + rng.normal(0, error)
            values = np.exp(middle + own * np.array([-1.6, 0.0, 1.6])).tolist()
            if k == 0 or rng.random() >= missing:
                said.append(
                    Said.of_quantiles("1", name, question.name, dict(zip((0.05, 0.5, 0.95), values, strict=True)))
                )
    return panel_of(questions, experts=names, levels=[5, 50, 95]), Records(tuple(said))
