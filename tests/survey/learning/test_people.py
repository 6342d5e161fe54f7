"""Who said what."""

import numpy as np
import pytest
import xarray as xr
from scipy import special

from tests.survey.surveys import asked_of_every_kind
from toc_model.survey.learning.people import NONE, answers_together, people_of


def test_experts_are_brought_together_over_questions_and_framings() -> None:
    asked = asked_of_every_kind()
    (people,) = people_of(asked)
    assert people.counts.sum() == 7
    assert people.together == tuple(item.name for item in asked)
    row = people.patterns[(people.patterns != NONE).sum(axis=1) == 5]
    assert len(row) == 1
    said = {item.name: item.data.isel(pattern=place) for item, place in zip(asked, row[0], strict=True)}
    assert float(said["s_probability"]["value"]) == 0.1
    assert float(said["s_duration"]["stated"]) == pytest.approx(special.logit(0.6))
    assert float(said["s_ordered"]["category"]) == 2
    alone = people.only(["s_ordered"])
    assert alone.counts.sum() == 4
    assert people.sample(3, np.random.default_rng(0)).counts.sum() == 3


def test_all_answers_of_an_expert_are_left_out_together() -> None:
    """Weights of an expert with two answers are those of both densities, not of one."""
    asked = [item for item in asked_of_every_kind() if item.kind in ("probability", "ordered")]
    (people,) = people_of(asked)
    densities = {item.name: xr.DataArray(np.arange(10.0)[None], dims=("draw", "pattern")) for item in asked}
    both = answers_together(people, densities, {item.name: 10 for item in asked})
    expected = [sum(float(place) for place in row if place != NONE) for row in people.patterns]
    np.testing.assert_allclose(both.transpose("draw", "expert").values[0], expected)
