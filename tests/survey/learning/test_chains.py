"""Chains of a sampler, each with a seed of its own: those that are kept are taken, and by what they are known."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pymc as pm
import pytest
import xarray as xr

from toc_model.survey.learning import sampling
from toc_model.work.identity import fingerprint
from toc_model.work.pieces import Pieces, keeping
from toc_model.work.tasks import each, left

pytestmark = pytest.mark.slow

ABOUT = ("story", 1)
HOW: dict[str, Any] = {"draws": 5, "tune": 3, "target_accept": 0.9}
SEED, CHAINS = 4, 3


def refuse() -> None:
    raise AssertionError("the model is built")


def seeds(chains: int, seed: int = SEED) -> list[int]:
    return [int(one) for one in np.random.SeedSequence(seed).generate_state(chains)]


def as_if(how: sampling.How, seed: int) -> sampling.Chain:
    """A chain without a model: all draws are its seed."""
    del how
    made = xr.Dataset({"x": ("draw", np.full(5, float(seed)))}, coords={"draw": range(5)})
    return sampling.Chain(made, made.rename(x="energy"), ("x",))


def sampled(**changes: Any) -> sampling.Sampled:
    settings: dict[str, Any] = {"about": ABOUT, "chains": CHAINS, "seed": SEED, "progress": False} | HOW | changes
    return sampling.sample(refuse, **settings)


@pytest.fixture
def with_chains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where the chains are kept."""
    monkeypatch.setattr(sampling, "chain", as_if)
    with pytest.raises(KeyboardInterrupt), keeping(tmp_path):
        _stopped_behind()
    return tmp_path


def _stopped_behind() -> None:
    each(as_if, sampling.How(ABOUT, **HOW, tools=sampling.Tools(refuse)), seeds(CHAINS))
    raise KeyboardInterrupt


def test_no_model_is_built_where_all_chains_are_kept(with_chains: Path) -> None:
    with keeping(with_chains) as pieces:
        found = sampled()
        assert (pieces.found, pieces.kept) == (CHAINS, 0)
    assert found.free == ("x",)
    assert dict(found.tree["posterior"].sizes) == dict(found.tree["sample_stats"].sizes) == {"chain": 3, "draw": 5}
    posterior = found.tree["posterior"].to_dataset()
    assert posterior["x"].isel(draw=0).values.tolist() == seeds(CHAINS)
    assert posterior["chain"].values.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "change", [{"draws": 6}, {"tune": 4}, {"target_accept": 0.8}, {"seed": 5}, {"about": ("story", 2)}, {"chains": 4}]
)
def test_chains_of_other_models_and_settings_are_not_taken(with_chains: Path, change: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="the model is built"), keeping(with_chains):
        sampled(**change)


def test_a_chain_more_leaves_the_others_as_they_are(with_chains: Path) -> None:
    assert seeds(CHAINS + 1)[:CHAINS] == seeds(CHAINS)
    how = sampling.How(ABOUT, **HOW, tools=sampling.Tools(refuse))
    with keeping(with_chains):
        assert left(as_if, how, seeds(CHAINS + 1)) == seeds(CHAINS + 1)[-1:]


def test_tools_are_no_part_of_a_chain() -> None:
    how = sampling.How(ABOUT, **HOW, tools=sampling.Tools(refuse))
    assert fingerprint(how) == fingerprint(replace(how, tools=sampling.Tools(refuse)))


def normal() -> pm.Model:
    with pm.Model() as model:
        pm.Normal("x")
    return model


def test_a_run_that_was_stopped_goes_on_with_the_chains_that_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    how: dict[str, Any] = {"about": ABOUT, "chains": CHAINS, "seed": SEED, "progress": False} | HOW | {"draws": 50}
    whole, keep = sampling.sample(normal, **how), Pieces.put

    def put(pieces: Pieces, name: str, piece: Any) -> None:
        keep(pieces, name, piece)
        raise KeyboardInterrupt

    monkeypatch.setattr(Pieces, "put", put)
    with pytest.raises(KeyboardInterrupt), keeping(tmp_path):
        sampling.sample(normal, **how)
    monkeypatch.setattr(Pieces, "put", keep)
    with keeping(tmp_path) as pieces:
        again = sampling.sample(normal, **how)
        assert (pieces.found, pieces.kept) == (1, CHAINS - 1)
    for group in ("posterior", "sample_stats"):
        xr.testing.assert_identical(again.tree[group].to_dataset(), whole.tree[group].to_dataset())
