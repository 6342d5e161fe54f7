"""People without a camp share nothing but what all share."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from tests.survey.surveys import read
from toc_model.survey.learning.habits import Camps
from toc_model.survey.learning.likelihood import _Drawn, _middle
from toc_model.survey.learning.observation import observe_answers
from toc_model.survey.learning.pointwise import centres
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.settings import Common


@pytest.fixture
def asked() -> Asked:
    """Answers of two camps, and of people without one."""
    camps = {"group": ["owls", "larks", "", "owls", ""]}
    found = read("duration", (0.1, 0.2, 0.3, 0.4, 0.5), rows=camps)
    assert found.groups == ("larks", "owls")
    assert 2 in found.data["group"]
    return found


def test_the_effect_of_no_camp_is_nil(asked: Asked) -> None:
    name, group = asked.name, asked.data["group"].values
    centre = xr.DataArray([[1.0]], dims=("draw", f"{name}_framings"))
    camp = xr.DataArray([[10.0, 100.0]], dims=("draw", f"{name}_groups"))
    draws = xr.Dataset({f"{name}_centre": centre, f"{name}_camp": camp})
    fit: Any = SimpleNamespace(draws=draws)
    of_each = centres(fit, asked).values[0]
    np.testing.assert_allclose(of_each, 1 + np.array([10.0, 100.0, 0.0])[group])
    weights = asked.data["count"].values
    rows = np.where(np.arange(3) == 1, 0.0, -1e4)[None, :, None]
    shared = Camps(np.array([[10.0, 100.0]]), np.ones(1), np.ones(2), None)
    drawn = _Drawn(np.zeros((1, 0)), np.zeros(1), rows, shared)
    middle, middle_sd = _middle(asked, drawn, np.array([[0.0, 1.0, 2.0]]), np.ones(1))
    assert middle == pytest.approx(np.average(of_each, weights=weights))
    assert middle_sd == pytest.approx(0)


@pytest.mark.slow
def test_the_model_gives_no_camp_no_effect(asked: Asked) -> None:
    with pm.Model() as model:
        observe_answers([asked], {asked.name: pm.dims.Normal("node", 0, 1)}, Common())
    density = model.compile_logp(vars=model.observed_RVs)
    at = model.initial_point()
    z = next(name for name in at if name.endswith("camp_z"))
    only = asked.data["group"].values == len(asked.groups)
    moved = density(at | {z: np.array([0.5, -0.5])})
    assert moved != pytest.approx(density(at))
    without = asked.data.assign(count=asked.data["count"].where(xr.DataArray(only, dims="pattern"), 0))
    with pm.Model() as blank:
        observe_answers([replace(asked, data=without)], {asked.name: pm.dims.Normal("node", 0, 1)}, Common())
    alone = blank.compile_logp(vars=blank.observed_RVs)
    assert alone(at | {z: np.array([0.5, -0.5])}) == pytest.approx(alone(at))
