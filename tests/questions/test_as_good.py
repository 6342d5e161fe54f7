"""What is as good as the best, against a brute-force grid of two levers."""

from functools import cache

import numpy as np
import pytest

from tests.shipped import STORY, anchored, load_allocations, load_beliefs
from toc_model.engine.program.outcome import RecordedOutcome, record_outcome
from toc_model.questions.optimise import optimise
from toc_model.questions.optimise.search import StoryLosses, objective_of
from toc_model.statistics.near_optimal import NearOptimal

STEP = 0.05
DRAWS = 100
MOST = 9
"""Shares of the second lever that are looked at; more of it is nowhere as good."""
FREE = ("researchers", "builders")


@cache
def compiled() -> RecordedOutcome:
    beliefs = load_beliefs("base", draws=DRAWS)
    return record_outcome(STORY, beliefs.parameters, anchored(load_allocations().levers()), "p_doom")


@pytest.mark.slow
@pytest.mark.parametrize("worldview", ["base", "essay"])
def test_the_ends_of_two_levers_are_those_of_a_grid(monkeypatch: pytest.MonkeyPatch, worldview: str) -> None:
    monkeypatch.setattr("toc_model.questions.optimise.search.record_outcome", lambda *_: compiled())
    shares = np.arange(0, 1 + STEP / 2, STEP)
    grid = np.stack(np.meshgrid(shares, shares[:MOST]), axis=-1).reshape(-1, 2)
    for seed in range(1, 6):
        beliefs = load_beliefs(worldview, draws=DRAWS, seed=seed)
        found = optimise([beliefs], load_allocations(), free=FREE, starts=0, seed=seed)
        half = compiled().with_draws(STORY, beliefs.parameters.isel(draw=slice(0, None, 2)))
        losses, region = StoryLosses(beliefs.case.objective, found.space, (half,)), found.space.region({}, None)
        near = NearOptimal(objective_of(losses, "mean", 0.95, region, []), found.fit.x)
        points = np.clip(grid, region.lower, region.upper)
        held = np.vstack([found.fit.x, points[[near.holds(point) for point in points]]])
        low, high = np.transpose([found.fit.extent[name] for name in FREE])
        assert held[:, 1].max() < shares[MOST - 1]
        for ends, expected in ((low, held.min(axis=0)), (high, held.max(axis=0))):
            np.testing.assert_allclose(ends, expected, atol=1.5 * STEP, err_msg=f"seed {seed}")
        assert (low <= held.min(axis=0) + 1e-6).all()
        assert (high >= held.max(axis=0) - 1e-6).all()
