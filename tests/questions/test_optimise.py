"""The best allocation of the story: slopes, budgets, both halves of the draws, and what the command prints."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from tests.conftest import Toc
from tests.shipped import STORY, anchored, load_allocations, load_beliefs
from tests.toy import CASE
from toc_model.beliefs.allocations import Allocation, Allocations, allocation_of, document, levers_of
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.levers import joined, levers_at
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.engine.overrides import parse_overrides
from toc_model.engine.program.outcome import RecordedOutcome, record_outcome
from toc_model.engine.value import delay_cost
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.present.terminal import WIDTH
from toc_model.questions.optimise import BestAllocation, optimise
from toc_model.questions.optimise.search import Kind, StoryLosses, curse, objective_of
from toc_model.questions.optimise.space import LeverSpace, groups_of, lever_space
from toc_model.statistics.near_optimal import NearOptimal
from toc_model.statistics.optimise import Criterion, Objective, Optimum

NAMED = load_allocations()
QUO = NAMED.named["status_quo"]
MIX = tuple(f"mix.researchers.{one}" for one in ESSAY.story.dimensions["intervention"])
VARIABLES = tuple(variable.name for variable in STORY.variables)


@pytest.fixture(scope="module")
def beliefs() -> Beliefs:
    return load_beliefs("base", draws=300)


@pytest.fixture(scope="module")
def compiled(beliefs: Beliefs) -> RecordedOutcome:
    return record_outcome(beliefs.story, beliefs.parameters, anchored(NAMED.levers()), "p_doom")


def plain(beliefs: Beliefs, space: LeverSpace, points: np.ndarray) -> np.ndarray:
    """P(doom) by plain evaluation, shape (draw, point)."""
    base = NAMED.levers().sel(allocation="status_quo", drop=True)
    levers = joined(*(space.levers(x, base, f"point {place}") for place, x in enumerate(points)))
    return np.asarray(beliefs.outcome(levers).values)


def settings(allocation: Allocation, *names: str) -> list[float]:
    return [allocation.at(STORY, name) for name in names]


def losses_of(space: LeverSpace, *outcomes: RecordedOutcome) -> StoryLosses:
    return StoryLosses(ESSAY.objective, space, outcomes)


@pytest.mark.slow
def test_compiled_values_are_those_of_the_plain_evaluation(beliefs: Beliefs, compiled: RecordedOutcome) -> None:
    space = lever_space(STORY, [], QUO)
    points = np.stack([space.region({}, None).random(np.random.default_rng(seed)) for seed in range(5)])
    losses = losses_of(space, compiled)
    expected = plain(beliefs, space, points)
    for place, x in enumerate(points):
        np.testing.assert_allclose(losses.value(x), expected[:, place], rtol=1e-12)


@pytest.fixture
def off_the_simplex(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let shares miss a sum of one by the step of a difference, for slopes are those of each variable alone."""
    monkeypatch.setattr("toc_model.engine.inputs.SUMS", 1e-4)


@pytest.mark.slow
@pytest.mark.usefixtures("off_the_simplex")
def test_slopes_agree_with_finite_differences_at_20_points(beliefs: Beliefs, compiled: RecordedOutcome) -> None:
    space = lever_space(STORY, [], QUO)
    region, losses = space.region({}, None), losses_of(space, compiled)
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
@pytest.mark.usefixtures("off_the_simplex")
def test_values_and_slopes_count_what_delay_costs(beliefs: Beliefs) -> None:
    """P(doom) + c (arrival - that of the reference)(1 - P(doom)) by plain evaluation, and its differences."""
    cost = delay_cost(ESSAY, 0.02)
    space = lever_space(STORY, [], QUO)
    found = record_outcome(beliefs.story, beliefs.parameters, anchored(NAMED.levers()), "p_doom", cost=cost)
    losses, base = losses_of(space, found), NAMED.levers().sel(allocation="status_quo", drop=True)
    x = 0.98 * space.region({}, None).random(np.random.default_rng(2)) + 0.005
    points = np.vstack([x, *(x + sign * 1e-5 * np.eye(len(x)) for sign in (1, -1))])
    levers = joined(*(space.levers(one, base, f"point {place}") for place, one in enumerate(points)))
    nodes = beliefs.nodes_and_reference(levers, ["p_doom", "expected_arrival"])
    since = nodes["expected_arrival"].sel(allocation="reference", drop=True)
    loss = nodes["p_doom"] + 0.02 * (nodes["expected_arrival"] - since) * (1 - nodes["p_doom"])
    expected = loss.sel(allocation=levers["allocation"].values).transpose("draw", "allocation").values
    np.testing.assert_allclose(losses.value(x), expected[:, 0], rtol=1e-12)
    weights = np.full(beliefs.draws, 1 / beliefs.draws)
    means = weights @ expected
    difference = (means[1 : 1 + len(x)] - means[1 + len(x) :]) / 2e-5
    slope = losses.slope(x, weights)
    np.testing.assert_allclose(slope, difference, rtol=1e-5, atol=1e-5 * np.abs(slope).max())


@pytest.mark.slow
def test_other_draws_need_no_other_compilation(compiled: RecordedOutcome) -> None:
    other = load_beliefs("critic", draws=50, seed=7)
    space = lever_space(STORY, [], QUO)
    losses = losses_of(space, compiled.with_draws(other.story, other.parameters))
    np.testing.assert_allclose(losses.value(space.start), plain(other, space, space.start[None])[:, 0], rtol=1e-12)


@pytest.mark.slow
def test_a_compiled_story_with_interventions_leaves_the_reference_alone(beliefs: Beliefs) -> None:
    """A node held, one place of one, one without allocations, one pinned, and an arrow cut."""
    edits = "do(detection)=0.9; do(reach[outreach])=0.2; do(laggard_deployment)=1; do(race)=reference; "
    changed = beliefs.with_overrides(parse_overrides([f"{edits}cut(reach->concern)"]))
    found = record_outcome(changed.story, changed.parameters, anchored(NAMED.levers()), "p_doom")
    space = lever_space(STORY, [], QUO)
    points = np.stack([space.region({}, None).random(np.random.default_rng(seed)) for seed in range(2)])
    expected = plain(changed, space, points)
    for place, x in enumerate(points):
        np.testing.assert_allclose(losses_of(space, found).value(x), expected[:, place], rtol=1e-12)


@pytest.mark.slow
def test_twenty_random_starts_agree_within_the_near_optimal_region(
    monkeypatch: pytest.MonkeyPatch, compiled: RecordedOutcome
) -> None:
    monkeypatch.setattr("toc_model.questions.optimise.search.record_outcome", lambda *_: compiled)
    few = load_beliefs("base", draws=100)
    found = optimise([few], NAMED, starts=20, seed=3)
    assert found.fit.starts == 21
    assert found.fit.agreeing == 21
    half = compiled.with_draws(few.story, few.parameters.isel(draw=slice(0, None, 2)))
    losses = losses_of(found.space, half)
    near = NearOptimal(objective_of(losses, "mean", 0.95, found.space.region({}, None), []), found.fit.x)
    assert near.holds(found.fit.x)
    assert not near.holds(found.space.start)
    assert found.fit.gain_fitted > 0
    assert found.fit.curse >= 0
    for name, (low, high) in found.fit.extent.items():
        value = found.fit.x[VARIABLES.index(name)]
        assert low - 1e-6 <= value <= high + 1e-6


@pytest.mark.slow
def test_budgets_bounds_and_what_is_not_free_are_kept(
    monkeypatch: pytest.MonkeyPatch, beliefs: Beliefs, compiled: RecordedOutcome
) -> None:
    monkeypatch.setattr("toc_model.questions.optimise.search.record_outcome", lambda *_: compiled)

    def best(**options: object) -> BestAllocation:
        return optimise([beliefs], NAMED, starts=1, **options)  # type: ignore[arg-type]

    found = best(free=["researchers", "builders"], at_most_moved=0.2)
    shares = settings(found.allocation(), "researchers", "builders")
    assert abs(shares[0] - 0.2) + abs(shares[1] - 0.1) <= 0.2 + 1e-6
    assert settings(found.allocation(), *MIX) == settings(QUO, *MIX)
    bounded = best(free=["mix.researchers"], bounds={"mix.researchers.evaluations": (0.0, 0.3)}).allocation()
    assert settings(bounded, "researchers", "builders") == settings(QUO, "researchers", "builders")
    assert bounded.at(STORY, "mix.researchers.evaluations") == pytest.approx(0.3, abs=1e-6)
    assert sum(settings(bounded, *MIX)) == pytest.approx(1, abs=1e-9)


@pytest.mark.slow
def test_objectives_differ_as_they_should(
    monkeypatch: pytest.MonkeyPatch, beliefs: Beliefs, compiled: RecordedOutcome
) -> None:
    monkeypatch.setattr("toc_model.questions.optimise.search.record_outcome", lambda *_: compiled)
    both = [beliefs, load_beliefs("essay", draws=300)]
    space = lever_space(STORY, ["researchers"], QUO)
    half = [compiled.with_draws(one.story, one.parameters.isel(draw=slice(0, None, 2))) for one in both]

    def losses(x: float) -> list[np.ndarray]:
        return [losses_of(space, one).value(np.array([x])) for one in half]

    def best_share(kind: Kind, worldviews: list[Beliefs]) -> float:
        found = optimise(worldviews, NAMED, kind=kind, level=0.9, starts=2, free=["researchers"])
        return float(found.fit.x[0])

    found = {"mean": best_share("mean", both[:1]), "cvar": best_share("cvar", both[:1])}
    found |= {"worst": best_share("worst", both), "regret": best_share("regret", both)}
    essay = best_share("mean", both[1:])
    best = [float(losses(x)[place].mean()) for place, x in enumerate((found["mean"], essay))]
    regrets = [float(loss.mean()) - least for loss, least in zip(losses(found["regret"]), best, strict=True)]
    assert regrets[0] == pytest.approx(regrets[1], abs=1e-5)
    assert max(regrets) > 1e-5
    # Under the essay P(doom) is higher everywhere, so the worst worldview is that one.
    assert found["worst"] == pytest.approx(essay, abs=1e-3)
    assert abs(essay - found["mean"]) > 0.02
    tails = [float(np.sort(losses(found[kind])[0])[-15:].mean()) for kind in ("cvar", "mean")]
    assert tails[0] < tails[1]


@pytest.mark.slow
@pytest.mark.parametrize("base", ["technical_only", "everyone"])
def test_a_base_at_the_edge_does_not_hold_the_search(
    monkeypatch: pytest.MonkeyPatch, beliefs: Beliefs, compiled: RecordedOutcome, base: str
) -> None:
    monkeypatch.setattr("toc_model.questions.optimise.search.record_outcome", lambda *_: compiled)
    named = NAMED
    edge = Allocation("", {"buying_time_share": {"researchers": 1.0, "builders": 1.0}})
    named = replace(named, named={**named.named, "everyone": edge})
    found = [optimise([beliefs], named, base=base, free=["researchers"], starts=2, seed=seed) for seed in range(3)]
    shares = [float(one.fit.x[0]) for one in found]
    assert max(shares) - min(shares) < 1e-2
    assert 0.4 < shares[0] < 0.9
    assert all(one.fit.agreeing == one.fit.starts for one in found)


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
    assert curse(one, two, *ends) == pytest.approx(1)
    assert curse(one, one, ends[0], ends[0]) == 0


@pytest.mark.slow
def test_the_command_writes_an_allocation_that_run_reads(toc: Toc, tmp_path: Path) -> None:
    out = tmp_path / "best.toml"
    words = ("optimise", "--worldview", "base", "--draws", 200, "--starts", 0, "--free", "researchers")
    code, text, _ = toc(*words, "--out", out)
    assert code == 0
    assert "worldview base" in " ".join(text.split())
    assert "optimiser's curse" in " ".join(text.split())
    code, as_json, _ = toc(*words, "--json")
    figures = json.loads(as_json)
    assert code == 0
    assert figures["provenance"][0]["worldview"] == "base"
    assert figures["gain"]["optimisers_curse"] >= 0
    code, table, _ = toc("run", "--worldview", "base", "--allocations", out, "--draws", 200)
    assert code == 0
    assert "optimum" in table
    share = load_allocations(out).named["optimum"].at(STORY, "researchers")
    assert share == pytest.approx(figures["optimum"]["buying_time_share"]["researchers"], abs=1e-6)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--free", "researcher"), "researchers"),
        (("--bound", "researchers=0.9:0.2"), "allowed: LOW:HIGH within 0:1"),
        (("--bound", "researchers=a:b"), "allowed: LOW:HIGH within 0:1"),
        (("--bound", "researchers=0:50"), "found 0:50; allowed: LOW:HIGH within 0:1; did you mean 0.5?"),
        (("--bound", "reserchers=0:1"), "researchers"),
        (("--free", "builders", "--bound", "researchers=0:1"), "researchers"),
        (("--bound", "researchers=0.9:1", "--at-most-moved", "20"), "no allocation satisfies"),
        (("--objective", "regret"), "--also names more"),
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
    code, out, err = toc("optimise", "--worldview", "base", "--draws", 100, *words)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_a_point_becomes_an_allocation_whose_mixes_add_up() -> None:
    space = lever_space(STORY, [], QUO)
    x = space.region({}, None).random(np.random.default_rng(5))
    found = space.allocation(x, "anything")
    assert isinstance(found, Allocation)
    for pool in ("researchers", "builders"):
        shares = [
            value for name, value in zip(VARIABLES, settings(found, *VARIABLES), strict=True) if f"mix.{pool}" in name
        ]
        assert sum(shares) == pytest.approx(1, abs=1e-9)


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(InputError, match="100 or more"):
        optimise([load_beliefs("base", draws=99)], NAMED)


def test_worldviews_must_have_as_many_draws() -> None:
    with pytest.raises(InputError, match="as many in each"):
        optimise([load_beliefs("base", draws=100), load_beliefs("critic", draws=120)], NAMED, kind="regret")


def test_the_base_is_a_point_of_its_space() -> None:
    space = lever_space(STORY, ["researchers", "mix.builders"], QUO)
    assert space.free == ("researchers", *(name for name in VARIABLES if name.startswith("mix.builders")))
    shares, mixes = space.arrays(space.start)
    np.testing.assert_allclose(shares, [0.2, 0.1])
    np.testing.assert_allclose(mixes.sum(axis=1), 1)
    assert xr.DataArray(mixes).shape == (2, 4)


# Levers of any kind, and where more is better -----------------------------------------------------------------------

VILLAGE = CASE.story
TODAY = Allocation("", {"fence": 3.0})


@pytest.fixture(scope="module")
def almanac() -> Beliefs:
    return load_any_beliefs(CASE, draws=200)


@pytest.fixture(scope="module")
def village(almanac: Beliefs) -> Allocations:
    return almanac.documents.allocations()


def test_a_point_is_in_units_of_the_range() -> None:
    space = lever_space(VILLAGE, [], TODAY)
    assert groups_of(VILLAGE) == ("fence", "watch")
    np.testing.assert_allclose(space.start, [0.25, 0.5, 0.5])
    np.testing.assert_allclose(space.values(space.start), [3.0, 0.5, 0.5])
    fence, watch = space.arrays(np.array([0.5, 0.2, 0.8]))
    assert (fence.shape, float(fence), watch.tolist()) == ((), 6.0, [0.2, 0.8])
    np.testing.assert_allclose(space.slopes([np.array(2.0), np.array([3.0, 4.0])]), [24.0, 3.0, 4.0])


def test_the_region_has_bounds_sums_and_budget_in_units_of_levers() -> None:
    space = lever_space(VILLAGE, [], TODAY)
    region = space.region({"fence": (0.0, 9.0)}, 1.5)
    values = [space.values(region.corner(sign * np.eye(3)[0]))[0] for sign in (1, -1)]
    np.testing.assert_allclose(values, [1.5, 4.5])
    assert float(region.corner(np.array([0.0, 1.0, 0.0]))[1:].sum()) == pytest.approx(1)
    np.testing.assert_allclose(space.values(region.upper), [9.0, 1.0, 1.0])
    with pytest.raises(InputError, match="LOW:HIGH within 0:12"):
        space.region({"fence": (0.0, 13.0)}, None)


def test_a_search_keeps_away_from_an_end_without_a_slope() -> None:
    edge = Allocation("", {"buying_time_share": {"researchers": 1.0, "builders": 1.0}})
    space = lever_space(STORY, ["researchers"], edge)
    assert space.region({}, None).upper.tolist() == [1 - 1e-6]
    assert space.start.tolist() == [1 - 1e-6]
    assert lever_space(VILLAGE, ["fence"], TODAY).region({}, None).upper.tolist() == [1.0]


def test_levers_of_several_units_have_no_common_budget() -> None:
    story = CASE.story
    free = replace(story.levers["watch"], sums_over="")
    space = lever_space(replace(story, levers={**story.levers, "watch": free}), [], TODAY)
    with pytest.raises(InputError, match="found levers in km, fraction"):
        space.region({}, 1.0)


def test_a_lever_without_an_end_can_t_be_searched() -> None:
    endless = replace(CASE.story.levers["fence"], upper=np.inf)
    space = lever_space(replace(CASE.story, levers={**CASE.story.levers, "fence": endless}), [], TODAY)
    with pytest.raises(InputError, match="lever fence: found no bounds"):
        space.region({}, None)


def test_an_optimum_is_rounded_in_its_own_unit_and_can_be_read_again() -> None:
    space = lever_space(VILLAGE, [], TODAY)
    found = space.allocation(np.array([1 / 3 + 1e-9, 1 / 3, 2 / 3]), "anything")
    assert found.values == {"fence": 4.0, "watch": {"hill": 0.333333, "valley": 0.666667}}
    read = allocation_of(VILLAGE, {"description": "anything", **found.values}, "here")
    assert levers_of(VILLAGE, {"one": read}).equals(levers_of(VILLAGE, {"one": found}))
    assert "fence = 4.0" in document({"one": found})


def test_losses_fall_where_the_outcome_rises() -> None:
    """An outcome of 2 x in every draw: where more of it is better, its loss and the slope of that are below zero."""

    class Doubled:
        draws = 2

        def value(self, levers: list[np.ndarray]) -> np.ndarray:
            return np.full(2, 2 * float(levers[0]))

        def slope(self, _levers: list[np.ndarray], weights: np.ndarray) -> list[np.ndarray]:
            return [np.array(2 * weights.sum()), np.zeros(2)]

    space = lever_space(VILLAGE, ["fence"], TODAY)
    outcome: Any = Doubled()
    losses = StoryLosses(CASE.objective, space, (outcome,))
    assert losses.value(space.start).tolist() == [-6.0, -6.0]
    assert losses.slope(space.start, np.array([0.5, 0.5])).tolist() == [-24.0]
    less = replace(CASE.objective, lower_is_better=True)
    assert StoryLosses(less, space, (outcome,)).value(space.start).tolist() == [6.0, 6.0]


@pytest.mark.parametrize("kind", ["mean", "cvar"])
def test_the_best_fence_is_that_of_the_largest_harvest(almanac: Beliefs, village: Allocations, kind: Kind) -> None:
    """As good a fence as the best of a thousand, by plain evaluation of the draws that chose it."""
    found = optimise([almanac], village, kind=kind, level=0.9, free=["fence"], starts=1)
    lengths = np.linspace(0, 12, 1001)
    space = found.space
    base = village.levers().sel(allocation="today", drop=True)
    swept = levers_at(VILLAGE, base, {"fence": lengths}, [f"point {place}" for place in range(len(lengths))])
    half = replace(almanac, parameters=almanac.parameters.isel(draw=slice(0, None, 2)))
    harvest = half.outcome(swept).values
    worst = harvest.mean(axis=0) if kind == "mean" else np.sort(harvest, axis=0)[:10].mean(axis=0)
    (fence,) = space.values(found.fit.x)
    assert fence == pytest.approx(lengths[worst.argmax()], abs=0.02)
    assert found.fit.gain_fitted > 0
    low, high = found.fit.extent["fence"]
    assert low <= fence <= high


def test_what_nothing_hangs_on_is_said(almanac: Beliefs, village: Allocations) -> None:
    held = almanac.with_overrides(parse_overrides(["do(guarded)=before"]))
    found = optimise([held], village, starts=0)
    assert found.fit.idle == ("watch.hill", "watch.valley")
    text = " ".join(str(found).split())
    assert "nothing hangs on it" in text
    assert "largest mean harvest" in text
    assert max(map(len, str(found).splitlines())) <= WIDTH
    assert found.to_dataframe().loc["fence", "today"] == 3.0


def test_an_optimum_can_be_improved_again(almanac: Beliefs, village: Allocations) -> None:
    first = optimise([almanac], village, free=["fence"], bounds={"fence": (0.0, 5.0)}, starts=0)
    more = replace(village, named={**village.named, first.name: first.allocation()})
    second = optimise([almanac], more, free=["fence"], base="optimum", starts=0)
    assert list(second.judged[0]["allocation"].values) == ["today", "optimum", "new optimum"]
    assert (
        second.allocation().at(VILLAGE, "fence") > first.allocation().at(VILLAGE, "fence") == pytest.approx(5, abs=1e-3)
    )


@pytest.mark.parametrize(("kind", "many"), [("regret", 1), ("worst", 1), ("mean", 2), ("cvar", 2)])
def test_kinds_go_with_so_many_worldviews(almanac: Beliefs, village: Allocations, kind: Kind, many: int) -> None:
    beliefs = [almanac, load_any_beliefs(CASE, "farmer", draws=200)][:many]
    with pytest.raises(InputError, match=f"objective {kind}"):
        optimise(beliefs, village, kind=kind)
