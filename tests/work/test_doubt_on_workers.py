"""Designs, simulated surveys, worldviews and fits anew come out the same to the last bit, whoever does them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import toc_model as toc
from tests.toy import CASE
from toc_model.beliefs.shipped import Documents
from toc_model.survey.learning.people import people_of
from toc_model.survey.learning.settings import Settings
from toc_model.survey.validation.experts import leave_one_expert_out
from toc_model.survey.validation.fit import fitted
from toc_model.survey.validation.recovery import Setup, calibration
from toc_model.survey.validation.refits import Absent, Scored, refitted
from toc_model.work.crew import workers

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # Dask warns of what is no concern of ours
ANSWERS = Path(__file__).parents[1] / "toy" / "answers.csv"


def design() -> xr.Dataset:
    return toc.sensitivity("almanac", method="sobol", draws=100, case=CASE).table


def tornado() -> xr.Dataset:
    return toc.sensitivity("almanac", draws=100, case=CASE).table


def simulated() -> list[list[int]]:
    found = calibration(5, Setup("jumped", questions=1, respondents=8), Documents.of(CASE).priors("almanac"))
    return [one.ranks.tolist() for one in found] + [one.covered.tolist() for one in found]


def valued() -> dict[str, Any]:
    return toc.voi(["almanac", "farmer"], experts=[5], draws=200, case=CASE).to_dict()


@dataclass(frozen=True)
class Outcomes:
    """What all came to."""

    design: xr.Dataset
    tornado: xr.Dataset
    simulated: list[list[int]]
    valued: dict[str, Any]

    @classmethod
    def of(cls) -> "Outcomes":
        return cls(design(), tornado(), simulated(), valued())


def test_outcomes_do_not_depend_on_who_did_it() -> None:
    alone = Outcomes.of()
    with workers(2):
        found = Outcomes.of()
    xr.testing.assert_identical(found.design, alone.design)
    xr.testing.assert_identical(found.tornado, alone.tornado)
    assert found.simulated == alone.simulated
    assert found.valued == alone.valued


def test_fits_without_an_expert_do_not_depend_on_who_made_them(tmp_path: Path) -> None:
    """Also those without the only one who answered a question."""
    toc.import_survey(ANSWERS, "neighbours", tmp_path / "long.csv", case=CASE)
    how = Settings(draws=200, tune=200, chains=2)
    fit = fitted(Documents.of(CASE), [tmp_path / "long.csv"], settings=how)
    (people,) = people_of(fit.asked)
    scored = Scored((fit,), (leave_one_expert_out(fit, np.random.default_rng(1)),), ())
    absent = [Absent(0, 0, place, people.alone(place)) for place in range(2)]
    seen: list[tuple[int, int]] = []
    here, _ = refitted(scored, absent[:1], how)
    with workers(2):
        there, _ = refitted(scored, absent, how, lambda *told: seen.append(told))
    assert seen == [(1, 2), (2, 2)]
    (first,), (same,) = here.experts[0].sources, there.experts[0].sources
    assert (sorted(first.refitted), sorted(same.refitted)) == ([0], [0, 1])
    assert first.together[0] == same.together[0]
    for one, other in zip(first.answers, same.answers, strict=True):
        theirs = one.of == 0
        np.testing.assert_array_equal(one.log_scores[theirs], other.log_scores[theirs])
        here_said, there_said = (each.found.ensemble[each.of[each.found.answers] == 0] for each in (one, other))
        np.testing.assert_array_equal(here_said, there_said)
