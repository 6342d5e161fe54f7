"""A panel as a study of Cooke's classical model: who answered what, and what can't be scored."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pytest

from toc_model.errors import InputError
from toc_model.statistics.pooling import decision_maker
from toc_model.survey.panel.panel import CONSENSUS, Panel, Question
from toc_model.survey.panel.records import Records
from toc_model.survey.panel.said import Said
from toc_model.survey.panel.scored import study_of

LEVELS = (0.05, 0.5, 0.95)
SEEDS = [
    Question(name="rain", wording="How much rain?", unit="mm", truth=30.0),
    Question(name="mice", wording="How many mice?", unit="mice", truth=200.0, scale="log"),
]
ASKED = [
    Question(name="toil", about="toil", wording="How much toil?", unit="days"),
    Question(name="jumped", about="jumped", wording="Do they jump?", unit="probability", form="probability"),
]


def panel(*questions: Question, **others: Any) -> Panel:
    stated: dict[str, Any] = {
        "format": 1,
        "name": "village",
        "case": "village",
        "worldview": "almanac",
        "made": date(2026, 11, 30),
        "experts": ["Ada", "Bob"],
        "rounds": ["1", "2", CONSENSUS],
        "levels": [5, 50, 95],
        "questions": list(questions) or [*SEEDS, *ASKED],
    }
    return Panel(**stated | others)


def said(expert: str, question: str, *values: float, round_: str = "1") -> Said:
    return Said.of_quantiles(round_, expert, question, dict(zip(LEVELS, values, strict=True)))


BOTH = (
    said("Ada", "rain", 10, 20, 40),
    said("Bob", "rain", 25, 28, 35),
    said("Ada", "mice", 50, 100, 400),
    said("Bob", "mice", 100, 150, 160),
    said("Ada", "toil", 1, 2, 4),
    said("Bob", "toil", 2, 3, 3.5),
)


def test_a_study_has_the_panels_questions_in_their_order() -> None:
    event = Said.of_probability("1", "Ada", "jumped", 0.3)
    found = study_of(panel(), [*BOTH[::-1], event])
    assert found.experts == ("Ada", "Bob")
    assert found.items == ("rain", "mice", "toil")
    assert found.levels.tolist() == list(LEVELS)
    assert found.answers[0].tolist() == [[10, 20, 40], [50, 100, 400], [1, 2, 4]]
    assert found.seeds.tolist() == [True, True, False]
    assert found.realisations[:2].tolist() == [30, 200]
    assert found.log_scale.tolist() == [False, True, False]


def test_who_answered_in_part_is_scored_by_what_they_answered() -> None:
    found = study_of(panel(), [one for one in BOTH if (one.expert, one.question) != ("Bob", "mice")])
    assert found.answered.tolist() == [[True, True, True], [True, False, True]]
    assert np.isnan(found.answers[1, 1]).all()
    assert found.fewest_seeds == 1
    assert np.isfinite(decision_maker(found).scores.combined).all()


def test_what_nobody_answered_and_who_answered_nothing_is_no_part_of_it() -> None:
    found = study_of(panel(experts=["Ada", "Bob", "Cleo"]), [one for one in BOTH if one.question != "toil"])
    assert found.items == ("rain", "mice")
    assert found.experts == ("Ada", "Bob")


def test_what_was_said_last_counts() -> None:
    records = Records((*BOTH, said("Ada", "rain", 15, 30, 50, round_="2")))
    assert study_of(panel(), records.latest(panel(), "1")).answers[0, 0].tolist() == [10, 20, 40]
    found = study_of(panel(), records.latest(panel(), "2"))
    assert found.answers[0, 0].tolist() == [15, 30, 50]
    assert found.answers[1, 0].tolist() == [25, 28, 35]


@pytest.mark.parametrize("level", [2.5, 33.333333333, 29.0, 57.0])
def test_levels_of_any_digits_are_those_of_the_panel(level: float) -> None:
    one = Said.of_quantiles("1", "Ada", "rain", {level / 100: 20.0, 0.95: 40.0})
    assert study_of(panel(levels=[level, 95]), [one]).answers[0, 0].tolist() == [20, 40]


def refusal(asked: Panel, answers: list[Said]) -> str:
    with pytest.raises(InputError) as refused:
        study_of(asked, answers)
    message = str(refused.value)
    assert "\n" not in message
    return message


def test_a_panel_without_seeds_is_refused() -> None:
    told = refusal(panel(*ASKED), list(BOTH[4:]))
    assert told == (
        "panel 'village': found no seed questions; allowed: weights that you state, or questions with a truth"
    )


def test_an_expert_without_a_seed_is_named() -> None:
    told = refusal(panel(), [one for one in BOTH if one.expert == "Ada" or one.question == "toil"])
    assert told == "Bob: found no answer to a seed question; allowed: at least one"


def test_an_expert_who_gave_probabilities_alone_is_named() -> None:
    answers = [one for one in BOTH if one.expert == "Ada"]
    assert "Bob: found no answer to a seed" in refusal(
        panel(), [*answers, Said.of_probability("1", "Bob", "jumped", 1)]
    )


def test_seeds_that_nobody_answered_are_no_seeds() -> None:
    assert refusal(panel(), list(BOTH[4:])) == (
        "panel 'village': found no seed question that anybody answered with quantiles; allowed: at least one"
    )


def test_seeds_in_chips_are_not_scored() -> None:
    chips = Question(name="rain", wording="How much rain?", unit="mm", truth=30.0, form="chips", edges=[0, 20, 60])
    answers = [Said.of_cdf("1", "Ada", "rain", {20.0: 0.5}), BOTH[4]]
    assert "found no seed question that anybody answered with quantiles" in refusal(panel(chips, *ASKED), answers)


def test_a_consensus_is_nobodys_own() -> None:
    told = refusal(panel(), [said(CONSENSUS, "rain", 10, 20, 30, round_=CONSENSUS)])
    assert told == (
        "panel 'village': found nothing that experts said for themselves; allowed: a round before a consensus"
    )


@pytest.mark.parametrize(
    ("points", "found"),
    [
        ({0.1: 10.0, 0.5: 20.0, 0.9: 40.0}, "levels 10, 50, 90"),
        ({0.05: 10.0, 0.95: 40.0}, "levels 5, 95"),
        ({0.5: 20.0}, "levels 50"),
        ({0.05: 10.0, 0.25: 15.0, 0.5: 20.0, 0.95: 40.0}, "levels 5, 25, 50, 95"),
    ],
)
def test_other_levels_are_refused(points: Mapping[float, float], found: str) -> None:
    told = refusal(panel(), [*BOTH[1:], Said.of_quantiles("1", "Ada", "rain", points)])
    assert told == f"Ada: rain: found {found}; allowed for scores: the levels that the panel asks for, 5, 50, 95 %"


def test_probabilities_of_values_are_refused() -> None:
    told = refusal(panel(), [*BOTH[1:], Said.of_cdf("1", "Ada", "rain", {10.0: 0.05, 20.0: 0.5, 40.0: 0.95})])
    assert told.startswith("Ada: rain: found cdf_point; allowed for scores: the levels")


def test_values_that_do_not_rise_are_named() -> None:
    assert "Ada, rain: found the quantiles 10, 10, 40" in refusal(panel(), [*BOTH[1:], said("Ada", "rain", 10, 10, 40)])


def test_a_logarithmic_scale_needs_values_above_zero() -> None:
    answers = [one for one in BOTH if (one.expert, one.question) != ("Ada", "mice")]
    told = refusal(panel(), [*answers, said("Ada", "mice", 0, 100, 400)])
    assert told == "Ada, mice: found 0, 100, 400 on a logarithmic scale; allowed: above 0"
