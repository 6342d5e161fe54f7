"""Simulated answers beside true ones, and where these fall."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from tests.survey.surveys import asked_of_every_kind, fit_of
from tests.survey.validation.known import known
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.pointwise import centres, density
from toc_model.survey.validation.experts import leave_one_expert_out
from toc_model.survey.validation.predictions import Pit, predicted, randomised_pit, simulated_answers


def pit_of(fit: Fitted) -> Pit:
    rng = np.random.default_rng(1)
    (found,) = leave_one_expert_out(fit, rng).predictions
    return randomised_pit(found, rng)


def test_pit_is_uniform_for_answers_of_the_model() -> None:
    pit = pit_of(known(700))
    assert len(pit.values) == 1400
    assert pit.distance[1] > 0.01, pit.bins
    assert pit.bins.sum() == pytest.approx(1)


def test_pit_sees_a_wrong_deviation() -> None:
    fit = known(700)
    narrow = fit.draws.assign({"s_q1_deviation": fit.draws["s_q1_deviation"] / 2})
    pit = pit_of(replace(fit, draws=narrow))
    assert pit.distance[1] < 1e-6
    assert pit.bins[[0, 9]].sum() > 0.25


STATED = {
    "probability": "value",
    "quantile": "middle",
    "cdf_point": "stated",
    "duration": "stated",
    "ordered": "category",
}
"""Where the data of a kind have what was stated."""


def simulated_from_itself(kind: str, many: int, rng: np.random.Generator) -> Fitted:
    """Answers that were drawn at one draw of the parameters, and that draw, twice."""
    (item,) = (item for item in asked_of_every_kind() if item.kind == kind)
    data = item.data.isel(pattern=[0] * many).assign(count=("pattern", [1] * many))
    declared = KINDS[kind].parameters(item.mapping)
    drawn = {parameter: parameter.drawn(rng) for parameter in declared}
    draws = {
        parameter.variable(item.name): (["draw", parameter.dim(item.name)][: 1 + values.ndim], np.stack([values] * 2))
        for parameter, values in drawn.items()
    }
    centre = (["draw", f"{item.name}_framings"], np.full((2, 1), 0.3))
    fit = fit_of([replace(item, data=data)], xr.Dataset({**draws, f"{item.name}_centre": centre}))
    of = {parameter.name: values for parameter, values in drawn.items()}
    said = simulated_answers(fit.asked[0], np.full(many, 0.3), {**of, "reference": np.array(0.3)}, np.arange(many), rng)
    changed = data.assign({STATED[kind]: (data[STATED[kind]].dims, said)})
    return replace(fit, asked=(replace(item, data=changed),))


@pytest.mark.parametrize("kind", list(STATED))
def test_pit_is_uniform_for_answers_of_every_kind(kind: str) -> None:
    rng = np.random.default_rng(3)
    fit = simulated_from_itself(kind, 800, rng)
    (item,) = fit.asked
    patterns = np.arange(800)
    found = predicted(fit, item, centres(fit, item), patterns, np.zeros((800, 200), int), rng)
    if kind == "cdf_point":  # Points of one respondent hang together, so that only one of them is looked at.
        found = replace(found, observed=found.observed[::2], ensemble=found.ensemble[::2])
    assert len(found.observed) == 800
    assert randomised_pit(found, rng).distance[1] > 0.01


def test_simulated_answers_are_those_of_the_likelihood() -> None:
    fit = known(300)
    item = fit.asked[0]
    many = np.zeros((1, 200_000), int)
    found = predicted(fit, item, centres(fit, item), np.array([0]), many, np.random.default_rng(2)).ensemble[0]
    same_camp = np.flatnonzero(item.data["group"].values == item.data["group"].values[0])
    said = item.data["value"].values[same_camp]
    likely = np.exp(density(item, centres(fit, item), fit.draws).values[0, same_camp])
    shares = np.array([(abs(found - place) < 1e-11).mean() for place in said])
    np.testing.assert_allclose(shares, likely, atol=0.004)
    assert likely.sum() > 0.9
