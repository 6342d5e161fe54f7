"""The best allocation of the story: slopes, budgets, both halves of the draws, and what the command prints."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from tests.conftest import Toc
from toc_model import InputError, load_allocations
from toc_model.beliefs.allocations import Allocation, Allocations, levers
from toc_model.beliefs.beliefs import Beliefs, load_beliefs
from toc_model.engine.compiled import CompiledOutcome, compile_outcome
from toc_model.questions.optimise.result import Kind, Recommendation, StoryLosses, _curse, _objective, recommend
from toc_model.questions.optimise.space import VARIABLES, LeverSpace, lever_space
from toc_model.statistics.near_optimal import NearOptimal
from toc_model.statistics.optimise import Criterion, Objective, Optimum

QUO = load_allocations().named["status_quo"]


@pytest.fixture(scope="module")
def beliefs() -> Beliefs:
    return load_beliefs(draws=300)


@pytest.fixture(scope="module")
def compiled(beliefs: Beliefs) -> CompiledOutcome:
    return compile_outcome(beliefs.story, beliefs.parameters, load_allocations().levers(), "p_doom")


def plain(beliefs: Beliefs, space: LeverSpace, points: np.ndarray) -> np.ndarray:
    """P(doom) by plain evaluation, shape (draw, point)."""
    arrays = [space.arrays(x) for x in np.vstack([space.start, points])]
    names = [str(place) for place in range(len(arrays))]
    found = beliefs.outcome(levers(names, np.stack([a for a, _ in arrays]), np.stack([b for _, b in arrays])))
    return np.asarray(found.values[:, 1:])


@pytest.mark.slow
def test_compiled_values_are_those_of_the_plain_evaluation(beliefs: Beliefs, compiled: CompiledOutcome) -> None:
    space = lever_space([], QUO)
    points = np.stack([space.region({}, None).random(np.random.default_rng(seed)) for seed in range(5)])
    losses = StoryLosses(space, (compiled,))
    expected = plain(beliefs, space, points)
    for place, x in enumerate(points):
        np.testing.assert_allclose(losses.value(x), expected[:, place], rtol=1e-12)


@pytest.mark.slow
def test_slopes_agree_with_finite_differences_at_20_points(beliefs: Beliefs, compiled: CompiledOutcome) -> None:
    space = lever_space([], QUO)
    region, losses = space.region({}, None), StoryLosses(space, (compiled,))
    rng = np.random.default_rng(4)
    for _ in range(20):
        x = 0.98 * region.random(rng) + 0.005
        weights = rng.dirichlet(np.ones(beliefs.draws))
        step = 1e-5
        moved = np.vstack([x + sign * step * np.eye(len(x)) for sign in (1, -1)])
        found = weights @ plain(beliefs, space, moved)
        difference = (found[: len(x)] - found[len(x) :]) / (2 * step)
        slope = losses.slope(x, weights)
        np.testing.assert_allclose(slope, difference, rtol=1e-5, atol=1e-5 * np.abs(slope).max())


@pytest.mark.slow
def test_other_draws_need_no_other_compilation(compiled: CompiledOutcome) -> None:
    other = load_beliefs("outside", draws=50, seed=7)
    space = lever_space([], QUO)
    losses = StoryLosses(space, (compiled.with_draws(other.story, other.parameters),))
    np.testing.assert_allclose(losses.value(space.start), plain(other, space, space.start[None])[:, 0], rtol=1e-12)


@pytest.mark.slow
def test_twenty_random_starts_agree_within_the_near_optimal_region(
    monkeypatch: pytest.MonkeyPatch, beliefs: Beliefs, compiled: CompiledOutcome
) -> None:
    monkeypatch.setattr("toc_model.questions.optimise.result.compile_outcome", lambda *_: compiled)
    found = recommend([beliefs], load_allocations(), starts=20, seed=3)
    assert found.starts == 21
    assert found.agreeing == 21
    half = compiled.with_draws(beliefs.story, beliefs.parameters.isel(draw=slice(0, None, 2)))
    losses = StoryLosses(found.space, (half,))
    near = NearOptimal(_objective(losses, "mean", 0.95, found.space.region({}, None), []), found.x)
    assert near.holds(found.x)
    assert not near.holds(found.space.start)
    assert found.gain_fitted > 0
    assert found.curse >= 0
    for name, (low, high) in found.extent.items():
        value = found.x[VARIABLES.index(name)]
        assert low - 1e-6 <= value <= high + 1e-6


@pytest.mark.slow
def test_budgets_bounds_and_what_is_not_free_are_kept(
    monkeypatch: pytest.MonkeyPatch, beliefs: Beliefs, compiled: CompiledOutcome
) -> None:
    monkeypatch.setattr("toc_model.questions.optimise.result.compile_outcome", lambda *_: compiled)

    def best(**options: object) -> Recommendation:
        return recommend([beliefs], load_allocations(), starts=1, **options)  # type: ignore[arg-type]

    found = best(free=["researchers", "builders"], at_most_moved=0.2)
    shares = found.allocation().buying_time_share
    assert abs(shares["researchers"] - 0.2) + abs(shares["builders"] - 0.1) <= 0.2 + 1e-6
    assert found.allocation().mix_of("researchers") == QUO.mix_of("researchers")
    bounded = best(free=["mix.researchers"], bounds={"mix.researchers.evaluations": (0.0, 0.3)}).allocation()
    assert bounded.buying_time_share == QUO.buying_time_share
    assert bounded.mix_of("researchers")["evaluations"] == pytest.approx(0.3, abs=1e-6)
    assert sum(bounded.mix_of("researchers").values()) == pytest.approx(1, abs=1e-9)


@pytest.mark.slow
def test_objectives_differ_as_they_should(
    monkeypatch: pytest.MonkeyPatch, beliefs: Beliefs, compiled: CompiledOutcome
) -> None:
    monkeypatch.setattr("toc_model.questions.optimise.result.compile_outcome", lambda *_: compiled)
    both = [beliefs, load_beliefs("outside", draws=300)]
    space = lever_space(["researchers"], QUO)
    half = [compiled.with_draws(one.story, one.parameters.isel(draw=slice(0, None, 2))) for one in both]

    def losses(x: float) -> list[np.ndarray]:
        return [StoryLosses(space, (one,)).value(np.array([x])) for one in half]

    def best_share(kind: Kind, worldviews: list[Beliefs]) -> float:
        found = recommend(worldviews, load_allocations(), kind=kind, level=0.9, starts=2, free=["researchers"])
        return float(found.x[0])

    found = {"mean": best_share("mean", both[:1]), "cvar": best_share("cvar", both[:1])}
    found |= {"worst": best_share("worst", both), "regret": best_share("regret", both)}
    outside = best_share("mean", both[1:])
    best = [float(losses(x)[place].mean()) for place, x in enumerate((found["mean"], outside))]
    regrets = [float(loss.mean()) - least for loss, least in zip(losses(found["regret"]), best, strict=True)]
    assert regrets[0] == pytest.approx(regrets[1], abs=1e-5)
    assert max(regrets) > 1e-5
    # Under neutral P(doom) is higher everywhere, so the worst worldview is that one.
    assert found["worst"] == pytest.approx(found["mean"], abs=1e-3)
    tails = [float(np.sort(losses(found[kind])[0])[-15:].mean()) for kind in ("cvar", "mean")]
    assert tails[0] < tails[1]


@pytest.mark.slow
@pytest.mark.parametrize("base", ["technical_only", "everyone"])
def test_a_base_at_the_edge_does_not_hold_the_search(
    monkeypatch: pytest.MonkeyPatch, beliefs: Beliefs, compiled: CompiledOutcome, base: str
) -> None:
    monkeypatch.setattr("toc_model.questions.optimise.result.compile_outcome", lambda *_: compiled)
    named = load_allocations()
    edge = Allocation(buying_time_share={"researchers": 1.0, "builders": 1.0})
    named = Allocations({**named.named, "everyone": edge}, named.source, named.digests)
    found = [recommend([beliefs], named, base=base, free=["researchers"], starts=2, seed=seed) for seed in range(3)]
    shares = [float(one.x[0]) for one in found]
    assert max(shares) - min(shares) < 1e-2
    assert 0.4 < shares[0] < 0.9
    assert all(one.agreeing == one.starts for one in found)


def test_the_curse_is_what_each_half_prefers_its_own_optimum_by() -> None:
    """Losses (x - centre)^2 with mean centres 1 and 2: each half loses 1 by taking the other's optimum."""

    class Quadratic:
        def __init__(self, centre: float) -> None:
            self.centre = centre

        def value(self, x: np.ndarray) -> np.ndarray:
            return np.array([(x[0] - self.centre) ** 2] * 2)

        def slope(self, x: np.ndarray, weights: np.ndarray) -> np.ndarray:
            return np.array([2 * (x[0] - self.centre) * weights.sum()])

    one, two = (Objective(Quadratic(centre), (Criterion("all"),)) for centre in (1.0, 2.0))
    ends = [Optimum(np.array([centre]), 0.0, ()) for centre in (1.0, 2.0)]
    assert _curse(one, two, *ends) == pytest.approx(1)
    assert _curse(one, one, ends[0], ends[0]) == 0


@pytest.mark.slow
def test_the_command_writes_an_allocation_that_run_reads(toc: Toc, tmp_path: Path) -> None:
    out = tmp_path / "best.toml"
    words = ("optimise", "--draws", 200, "--starts", 0, "--free", "researchers")
    code, text, _ = toc(*words, "--out", out)
    assert code == 0
    assert "worldview neutral" in text
    assert "optimiser's curse" in text
    code, as_json, _ = toc(*words, "--json")
    figures = json.loads(as_json)
    assert code == 0
    assert figures["provenance"][0]["worldview"] == "neutral"
    assert figures["gain"]["optimisers_curse"] >= 0
    code, table, _ = toc("run", "--allocations", out, "--draws", 200)
    assert code == 0
    assert "optimum" in table
    share = load_allocations(out).named["optimum"].buying_time_share["researchers"]
    assert share == pytest.approx(figures["optimum"]["buying_time_share"]["researchers"], abs=1e-6)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--free", "researcher"), "researchers"),
        (("--bound", "researchers=0.9:0.2"), "allowed: LOW:HIGH within 0:1"),
        (("--bound", "researchers=a:b"), "allowed: LOW:HIGH within 0:1"),
        (("--bound", "reserchers=0:1"), "researchers"),
        (("--free", "builders", "--bound", "researchers=0:1"), "researchers"),
        (("--bound", "researchers=0.9:1", "--at-most-moved", "20"), "no allocation satisfies"),
        (("--objective", "regret"), "name more with --also"),
        (("--also", "essay"), "rests on one worldview"),
        (("--draws", "50"), "100 or more"),
        (("--at-most-moved", "nan"), "allowed: 0 or more"),
        (("--at-most-moved", "-5"), "allowed: 0 or more"),
        (("--objective", "cvar", "--level", "0.99"), "allowed: 10 or more"),
        (("--base", "recomended"), "recommended"),
        (("--out", "best.csv"), "'.toml'"),
    ],
)
def test_bad_requests_are_refused_in_one_line(toc: Toc, words: tuple[str, ...], message: str) -> None:
    code, out, err = toc("optimise", "--draws", 100, *words)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_a_point_becomes_an_allocation_whose_mixes_add_up() -> None:
    space = lever_space([], QUO)
    x = space.region({}, None).random(np.random.default_rng(5))
    found = space.allocation(x, "anything")
    assert isinstance(found, Allocation)
    for pool in ("researchers", "builders"):
        assert sum(found.mix_of(pool).values()) == pytest.approx(1, abs=1e-9)


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(InputError, match="100 or more"):
        recommend([load_beliefs(draws=99)], load_allocations())


def test_worldviews_must_have_as_many_draws() -> None:
    with pytest.raises(InputError, match="as many in each"):
        recommend([load_beliefs(draws=100), load_beliefs("outside", draws=120)], load_allocations(), kind="regret")


def test_the_base_is_a_point_of_its_space() -> None:
    space = lever_space(["researchers", "mix.builders"], QUO)
    assert space.free == ("researchers", *(name for name in VARIABLES if name.startswith("mix.builders")))
    shares, mixes = space.arrays(space.start)
    np.testing.assert_allclose(shares, [0.2, 0.1])
    np.testing.assert_allclose(mixes.sum(axis=1), 1)
    assert xr.DataArray(mixes).shape == (2, 4)
