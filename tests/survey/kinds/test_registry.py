"""A new kind of answers is one class and one entry of the registry."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import special, stats

from tests.shipped import DOCUMENTS
from tests.survey.files import answers_in, demo_in
from tests.survey.surveys import fit_of
from toc_model.aliases import Floats
from toc_model.engine.laws import Quantity, log, normal_cdf
from toc_model.errors import InputError
from toc_model.survey.documents.mapping import load_mapping
from toc_model.survey.documents.schema import read_long
from toc_model.survey.documents.usable import usable
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.kind import Form, Kind, Values
from toc_model.survey.kinds.parameters import DEVIATION, Parameter
from toc_model.survey.kinds.patterns import Collected, collapsed, dataset
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.people import people_of
from toc_model.survey.learning.pointwise import centres, log_likelihood
from toc_model.survey.learning.questions import Asked, prepare
from toc_model.survey.planning.planned import simulated_summaries
from toc_model.survey.validation.predictions import predicted


class Vote(Kind):
    """Yes (1) or no (0): whether a belief lies above an unknown bar."""

    name = "vote"

    def possible(self, _lower: float, _upper: float, _flags: Sequence[str]) -> tuple[float, float]:
        return 0.0, 1.0

    def read(self, answers: pd.DataFrame, _: Form) -> Collected:
        table, members = collapsed(answers, "value")
        return Collected(dataset(table), members)

    def observed(self, data: xr.Dataset) -> Floats:
        return np.asarray(data["value"].values, float)

    def parameters(self, _: Form) -> tuple[Parameter, ...]:
        return DEVIATION, Parameter("bar", "normal", 0.5)

    def density(self, _: Form, centre: Any, shift: Any, of: Values, data: Values) -> Quantity:
        above: Any = (centre + shift - of["bar"]) / of["deviation"]
        return log(normal_cdf((2 * data["value"] - 1) * above))

    def draw(self, _: Form, centre: Floats, of: Values, _data: Values, rng: np.random.Generator) -> Floats:
        belief = centre + of["deviation"] * rng.standard_normal(centre.shape)
        return np.where(belief > of["bar"], 1.0, 0.0)

    def summaries(self, _: Form, answers: Floats) -> Floats:
        return np.asarray(answers.mean(axis=-1, keepdims=True))


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Four votes about doom, read from a file with a mapping."""
    monkeypatch.setitem(KINDS, "vote", Vote())
    votes = [{"kind": "vote", "respondent_id": f"r{place}", "value": value} for place, value in enumerate("01102")]
    answers = read_long(answers_in(tmp_path)(*votes))
    assert list(answers["flags"]) == ["zero", "", "", "zero", "impossible"]
    assert len(usable(answers)) == 4
    mapping = load_mapping(DOCUMENTS, demo_in(tmp_path)('kind = "probability"', 'kind = "vote"'))
    (found,) = prepare(answers, mapping)
    return found


@pytest.fixture
def fit(asked: Asked) -> Fitted:
    """Three draws with other bars."""
    draws = xr.Dataset(
        {
            "demo_doom_centre": (("draw", "demo_doom_framings"), np.full((3, 1), 0.3)),
            "demo_doom_deviation": ("draw", [1.0, 1.0, 2.0]),
            "demo_doom_bar": ("draw", [-0.5, 0.0, 0.5]),
        }
    )
    return fit_of([asked], draws)


def test_it_is_read(asked: Asked) -> None:
    np.testing.assert_array_equal(asked.data["value"], [0, 1])
    np.testing.assert_array_equal(asked.data["count"], [2, 2])
    assert asked.left_out == {"impossible": 1}
    assert [people.counts.sum() for people in people_of([asked])] == [4]


def test_it_has_a_density(fit: Fitted) -> None:
    yes = stats.norm.cdf([0.8, 0.3, -0.1])
    np.testing.assert_allclose(log_likelihood(fit)["demo_doom"], 2 * np.log(yes) + 2 * np.log(1 - yes))


def test_it_is_simulated_for_validation(fit: Fitted) -> None:
    (item,) = fit.asked
    found = predicted(
        fit, item, centres(fit, item), np.array([0, 1]), np.zeros((2, 20_000), int), np.random.default_rng(1)
    )
    np.testing.assert_array_equal(found.observed, [0, 1])
    np.testing.assert_allclose(found.ensemble.mean(axis=1), stats.norm.cdf(0.8), atol=0.01)


def test_it_is_planned_and_summarised(asked: Asked) -> None:
    target = special.expit(np.linspace(-2, 2, 500))
    form = asked.mapping.model_copy(update={"bias_sd": 1e-6})
    found = simulated_summaries(form, target, [300])[300]["summary0"]
    assert stats.spearmanr(found, target).statistic > 0.8


def test_what_it_does_not_allow_is_refused(asked: Asked, tmp_path: Path) -> None:
    del asked
    vote = {"kind": "vote", "value": "1"}
    with pytest.raises(InputError, match=r"level: found 0\.5; allowed: nothing, for the kind 'vote'"):
        read_long(answers_in(tmp_path)(vote | {"level": "0.5"}))
    with pytest.raises(InputError, match=r"unknown kind 'vot'; did you mean 'vote'\?"):
        read_long(answers_in(tmp_path)(vote | {"kind": "vot"}))
    with pytest.raises(InputError, match="shift: found 1; allowed: for answers that are times"):
        load_mapping(DOCUMENTS, demo_in(tmp_path)('kind = "probability"', 'kind = "vote"\nshift = 1.0'))


def test_without_it_nobody_votes(tmp_path: Path) -> None:
    assert list(KINDS) == [
        "probability",
        "quantile",
        "cdf_point",
        "ordered",
        "duration",
        "interval",
        "count",
        "summary",
    ]
    with pytest.raises(InputError, match="unknown kind 'vote'"):
        read_long(answers_in(tmp_path)({"kind": "vote"}))
