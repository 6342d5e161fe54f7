"""How draws were made goes along with them, from beliefs to the errors of all that is computed from them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from tests.shipped import load_allocations
from tests.shipped import load_beliefs as load_shipped
from tests.statistics.autoregressive import chains
from tests.toy import CASE
from toc_model.beliefs import camps
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs, own_beliefs
from toc_model.beliefs.mixture import mixed
from toc_model.beliefs.posterior import flat
from toc_model.beliefs.shipped import Documents
from toc_model.labels import MADE, made_as
from toc_model.questions.channels import channels
from toc_model.questions.claims.world import World, pooled
from toc_model.questions.compare import compare
from toc_model.questions.curve import curve
from toc_model.questions.marginal import marginal
from toc_model.questions.run import Run, run
from toc_model.questions.run.moves import moves_under
from toc_model.questions.saved import load
from toc_model.questions.sensitivity.inputs import Inputs
from toc_model.statistics import decisions

DOCUMENTS = Documents.of(CASE)
FEW = 200


def of_chains(rho: float = 0.9, draws: int = FEW) -> Beliefs:
    """Draws of the almanac's priors as a slow sampler might give them, dims ``(chain, draw)``."""
    priors, rng = DOCUMENTS.priors(), np.random.default_rng(1)
    names = list(priors.sources)
    scores = chains(rho, rng, len(names), chains=4, draws=draws)
    sources = xr.DataArray(scores, dims=("draw", "source"), coords={"source": names})
    drawn = priors.from_sources(CASE.story, sources)
    apart = drawn.assign_coords(draw=np.arange(4 * draws))
    stacked = xr.concat(
        [apart.isel(draw=slice(i * draws, (i + 1) * draws)).drop_vars("draw") for i in range(4)], "chain"
    )
    return own_beliefs(stacked, "slow draws", DOCUMENTS)


@pytest.fixture(scope="module")
def slow() -> Beliefs:
    return of_chains()


# Chains -----------------------------------------------------------------------------------------------------------


def test_draws_of_one_s_own_in_chains_are_put_in_a_row_that_knows_them(slow: Beliefs) -> None:
    assert slow.draws == 4 * FEW
    assert slow.parameters["chain"].dims == ("draw",)
    assert slow.parameters["chain"].values.tolist() == np.repeat(range(4), FEW).tolist()
    again = own_beliefs(slow.parameters, "again", DOCUMENTS)
    xr.testing.assert_identical(again.parameters, slow.parameters)


def test_a_posterior_s_draws_know_their_chain() -> None:
    tree = xr.Dataset({"x": (("chain", "draw"), np.arange(6.0).reshape(2, 3))}, coords={"chain": [0, 1]})
    found = flat(tree)
    assert found["x"].values.tolist() == [0, 1, 2, 3, 4, 5]
    assert found["chain"].values.tolist() == [0, 0, 0, 1, 1, 1]


def test_outcomes_of_chains_have_larger_errors_everywhere(slow: Beliefs) -> None:
    allocations = DOCUMENTS.allocations()
    bare = own_beliefs(slow.parameters.drop_vars("chain"), "bare", DOCUMENTS)

    def errors(beliefs: Beliefs) -> dict[str, float]:
        found = run(beliefs, allocations).to_dict()["allocations"]["plan"]
        compared = compare([beliefs], allocations).to_dict()["worldviews"][beliefs.worldview]["plan"]
        moved = moves_under([beliefs, beliefs], allocations, "plan")[1]
        swept = decisions.summary(curve([beliefs], allocations, values=[9.0]).changes[0])
        margin = marginal([beliefs], allocations).margins[0].gained
        through = channels(beliefs, allocations).parts["attribution"]
        world = World(beliefs, allocations)
        return {
            "harvest": found["harvest"]["mcse"],
            "change": found["change"]["mcse"],
            "p_best": compared["p_best_mcse"],
            "cvar": compared["cvar95_mcse"],
            "lost": compared["opportunity_loss_mcse"],
            "moved": decisions.figures(moved.change)["mcse"],
            "swept": float(swept["mcse"][0]),
            "margin": float(decisions.summary(margin)["mcse"][0]),
            "channel": float(decisions.summary(through)["mcse"].max()),
            "world": decisions.figures(world.now("harvest"))["mcse"],
            "parameter": decisions.figures(world.parameter("toil"))["mcse"],
            "sensitivity": float(decisions.summary(Inputs(beliefs, allocations, "plan").outcomes)["mcse"][1]),
        }

    wide, narrow = errors(slow), errors(bare)
    ratios = {name: error / narrow[name] for name, error in wide.items()}
    assert all(1.3 < ratio < 9 for ratio in ratios.values()), ratios


def test_worlds_that_are_pooled_keep_how_each_was_made(slow: Beliefs) -> None:
    plain = load_beliefs(CASE, draws=50)
    worlds = pooled([slow, plain], DOCUMENTS.allocations())
    assert list(made_as(worlds[0].then("harvest"))) == ["chain"]
    assert made_as(worlds[1].then("harvest")) == {}


def test_a_saved_run_knows_its_chains(slow: Beliefs, tmp_path: Path) -> None:
    path = tmp_path / "run.nc"
    done = run(slow, DOCUMENTS.allocations())
    done.save(path)
    again = load(path)
    assert isinstance(again, Run)
    xr.testing.assert_equal(again.beliefs.parameters["chain"], slow.parameters["chain"])
    assert again.to_dict()["allocations"] == done.to_dict()["allocations"]


# Mixtures and camps -----------------------------------------------------------------------------------------------


def test_draws_say_of_which_part_and_how_they_were_picked() -> None:
    assert made_as(load_beliefs(CASE, draws=60).parameters) == {}
    camp, council = (load_beliefs(CASE, name, draws=60).parameters for name in ("millers", "council"))
    assert list(made_as(camp)) == ["camp_rank", "pool_member"]
    assert set(made_as(council)) == set(MADE[1:]) - {"weight"}
    ours = council["worldview"].values == "millers"
    assert len(set(council["mixture_part"].values[ours].tolist())) == 1
    assert not set(council["mixture_part"].values[ours]) & set(council["mixture_part"].values[~ours])
    assert (council["pool_member"].values[ours] == camp["pool_member"].values[ours]).all()
    assert (council["pool_member"].values[~ours] == np.flatnonzero(~ours)).all()
    plain = load_beliefs(CASE, "0.5*almanac+0.5*forester", draws=60).parameters
    assert list(made_as(plain)) == ["mixture_part"]


def again(beliefs: Beliefs, times: int = 40) -> Iterator[Beliefs]:
    """The same with draws of other seeds."""
    for seed in range(times):
        yield replace(beliefs, parameters=mixed(beliefs.story, beliefs.members, beliefs.draws, seed))


@pytest.mark.parametrize("worldview", ["0.5*almanac+0.5*forester", "0.3*farmer+0.7*forester", "council", "millers"])
def test_what_is_stated_is_how_far_a_mixture_spreads_over_seeds(worldview: str) -> None:
    levers, found = DOCUMENTS.allocations().levers(), []
    for one in again(load_beliefs(CASE, worldview, draws=200)):
        outcome = one.outcome(levers)
        change = decisions.paired_change(outcome, "today").sel(allocation="plan")
        both = xr.concat([outcome.sel(allocation="today"), change], "what", coords="minimal", compat="override")
        found.append(decisions.summary(both))
    means, errors = (np.array([one[key].values for one in found]) for key in ("mean", "mcse"))
    ratio = means.std(axis=0, ddof=1) / errors.mean(axis=0)
    assert ratio[1] == pytest.approx(1, abs=0.25)
    if worldview != "millers":  # What a camp says of the harvest is met to the last draw.
        assert ratio[0] == pytest.approx(1, abs=0.25)


def test_the_panel_states_the_error_that_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camps, "LEAST_POOL", 4000)
    levers = load_allocations().only([]).levers()
    found = [decisions.summary(one.outcome(levers)) for one in again(load_shipped(draws=200), 20)]
    means, errors = (np.array([float(one[key][0]) for one in found]) for key in ("mean", "mcse"))
    assert means.std(ddof=1) / errors.mean() == pytest.approx(1, abs=0.35)
