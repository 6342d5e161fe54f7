"""The value of one more person and of a year: consistent with moves of shares, with talent, and with the story."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy import optimize, special

from tests.conftest import Toc
from tests.shipped import levers, load_allocations, load_beliefs, load_priors
from toc_model.beliefs.beliefs import Beliefs
from toc_model.errors import InputError
from toc_model.essay.steps.delay import DELAYS, value_of_a_year
from toc_model.essay.steps.figure import lines, mark
from toc_model.essay.steps.people import exchange_rate, one_more_person
from toc_model.essay.steps.worth import MICRO_DOOMS, mixes_of, slopes_of
from toc_model.questions.marginal import marginal
from toc_model.statistics.decisions import paired_change

NAMED = load_allocations()


@pytest.fixture(scope="module")
def beliefs() -> Beliefs:
    return load_beliefs("base", draws=200)


def around(share: float, pool: int) -> xr.Dataset:
    """Levers of the status quo, and of a share slightly higher and lower."""
    quo = NAMED.only([]).levers()
    shares = np.repeat(quo["buying_time_share"].values, 3, axis=0)
    shares[1:, pool] = share + np.array([1e-4, -1e-4])
    return levers(["status_quo", "up", "down"], shares, np.repeat(quo["mix"].values, 3, axis=0))


def slope(x: xr.DataArray) -> xr.DataArray:
    return (x.sel(allocation="up", drop=True) - x.sel(allocation="down", drop=True)) / 2e-4


@pytest.fixture
def tiny_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slopes over a hundredth of a person, which no kink or curve of a law bends."""
    for name, step in (("STEP", 0.01), ("SHARE_STEP", 1e-4)):
        monkeypatch.setattr(f"toc_model.essay.steps.worth.{name}", step)


WORK = ["technical_effort", "insight", "gross_effort", "harm_done"]


def per_year_of(found: xr.Dataset, nodes: xr.Dataset) -> xr.DataArray:
    """What a move of a share changes, by the chain rule: slopes times what the share does to each kind of work."""
    bare = {str(name): slope(node).drop_vars("draw") for name, node in nodes.items()}
    pools = {name: bare[name].sum("pool") for name in ("gross_effort", "harm_done")}
    by_intervention = found["effort"] * pools["gross_effort"] + found["harm"] * pools["harm_done"]
    technical = found["technical"] * bare["technical_effort"] + found["insight"] * bare["insight"]
    whole: xr.DataArray = technical + by_intervention.sum("intervention")
    return whole


@pytest.mark.usefixtures("tiny_steps")
def test_slopes_of_effort_add_up_to_the_effect_of_moving_researchers(beliefs: Beliefs) -> None:
    """The chain rule: the slope along the share is that along each kind of effort times what the share does to it."""
    moved = around(0.2, 0)
    nodes = beliefs.nodes(moved, WORK)
    found = slopes_of(beliefs, NAMED.only([]), "status_quo")
    per_year = per_year_of(found, nodes)
    years = _years_of_work(beliefs)
    direct = -MICRO_DOOMS * slope(beliefs.outcome(moved)).drop_vars("draw")
    np.testing.assert_allclose(per_year * years, direct, rtol=2e-3, atol=1e-4 * float(abs(direct).max()))


@pytest.mark.usefixtures("tiny_steps")
def test_slopes_add_up_to_the_effect_of_moving_builders(beliefs: Beliefs) -> None:
    moved = around(0.1, 1)
    found = slopes_of(beliefs, NAMED.only([]), "status_quo")
    per_year = per_year_of(found, beliefs.nodes(moved, WORK)) - found["building"]
    direct = -MICRO_DOOMS * slope(beliefs.outcome(moved)).drop_vars("draw")
    years = _years_of_work(beliefs)
    np.testing.assert_allclose(per_year * years, direct, rtol=2e-3, atol=1e-4 * float(abs(direct).max()))


def _years_of_work(beliefs: Beliefs) -> np.ndarray:
    """FTE-years of one person until AGI, growing with the field, by numerical integration."""
    nodes = beliefs.nodes(NAMED.only([]).levers(), ["agi_arrival", "field_growth_rate"])
    end = nodes["agi_arrival"].values[:, 0]
    rate = nodes["field_growth_rate"].values.reshape(beliefs.draws, -1)[:, 0]
    horizon = beliefs.parameters["growth_horizon"].values
    middle = (np.arange(20_000) + 0.5) / 20_000
    t = middle[None] * end[:, None]
    return np.asarray(np.exp(rate[:, None] * np.minimum(t, horizon[:, None])).mean(axis=1) * end)


def test_the_average_person_is_the_mean_over_percentiles(beliefs: Beliefs) -> None:
    """Over all talents, by quadrature; heavy tails ask for a wide grid."""
    z = np.linspace(-8, 14, 1101)
    weights = np.exp(-z * z / 2) / np.exp(-z * z / 2).sum()
    inside = (z > -8) & (special.ndtr(z) < 1)
    found = one_more_person(beliefs, NAMED, "status_quo", percentiles=special.ndtr(z[inside]).tolist())
    for work in ("technical", "evaluations", "buying_time"):
        mean = (found.by_percentile.sel(work=work).values * weights[inside]).sum(axis=1)
        average = found.average.sel(work=work).values
        close = np.abs(mean - average) <= 0.02 * np.abs(average) + 1e-3 * np.abs(average).max()
        assert close.mean() > 0.9


def test_the_mix_weighs_the_interventions(beliefs: Beliefs) -> None:
    found = one_more_person(beliefs, NAMED, "recommended")
    mix = mixes_of(NAMED.only(["recommended"]), "recommended").isel(pool=0)
    by = found.by_percentile.sel(work=mix["intervention"].values)
    expected = (by.rename(work="intervention") * mix).sum("intervention")
    np.testing.assert_allclose(found.by_percentile.sel(work="buying_time"), expected.transpose("draw", "percentile"))


def test_talented_people_stay_in_technical_work_under_the_essay() -> None:
    found = one_more_person(load_beliefs("essay", draws=400), NAMED, "status_quo")
    assert 0.85 < float(found.crossing.median()) < 0.995
    assert float(found.best_for.sel(percentile=0.5)) > 0.9
    assert float(found.best_for.sel(percentile=0.999)) < 0.25


def test_where_buying_time_backfires_everyone_stays() -> None:
    found = one_more_person(load_beliefs("base", draws=50, overrides=["buying_time_harm=50"]), NAMED, "status_quo")
    assert (found.average.sel(work="buying_time") < found.average.sel(work="technical")).mean() > 0.9
    assert float((found.crossing < 0.5).mean()) > 0.8


def test_where_technical_work_is_worthless_nobody_stays() -> None:
    worthless = ["solved_elasticity=0", "tax_learning=0", "solutions_from_research=0"]
    found = one_more_person(load_beliefs("base", draws=50, overrides=worthless), NAMED, "status_quo")
    assert float((found.crossing == 1).mean()) > 0.8


def test_the_exchange_rate_is_the_average_technical_researcher(beliefs: Beliefs) -> None:
    average = one_more_person(beliefs, NAMED, "status_quo").average.sel(work="technical").mean()
    assert exchange_rate(beliefs, NAMED) == pytest.approx(float(average))


def test_work_per_person_is_that_at_the_margin() -> None:
    """Where AGI comes later, a person works for more years, and each is worth less of the same slope."""
    beliefs = load_beliefs("essay", draws=100)
    levers_there = NAMED.only(["over_correction"]).levers()
    years = beliefs.nodes(levers_there, ["agi_arrival"])["agi_arrival"].mean("draw")
    assert float(years.sel(allocation="over_correction")) > float(years.sel(allocation="status_quo"))
    frozen = load_beliefs("essay", draws=100, overrides=["field_growth=1e-9", "recruits_from_concern=0"])
    found = slopes_of(frozen, NAMED.only(["over_correction"]), "over_correction")
    arrival = frozen.nodes(levers_there, ["agi_arrival"])["agi_arrival"].sel(allocation="over_correction")
    moved = around(0.9, 0)
    moved = moved.assign(mix=moved["mix"].copy(data=levers_there["mix"].values[[0, 1, 1]]))
    shares = moved["buying_time_share"].values.copy()
    shares[1:, 1] = levers_there["buying_time_share"].values[1, 1]
    shares[1:, 0] = levers_there["buying_time_share"].values[1, 0] + np.array([1e-4, -1e-4])
    moved = moved.assign(buying_time_share=(("allocation", "pool"), shares))
    nodes = frozen.nodes(moved, WORK)
    per_year = per_year_of(found, nodes)
    direct = -MICRO_DOOMS * slope(frozen.outcome(moved)).drop_vars("draw")
    expected = (per_year * arrival.values).values
    close = np.abs(expected - direct.values) <= 0.01 * np.abs(direct.values) + 1e-3 * np.abs(direct.values).max()
    assert close.mean() > 0.95


@pytest.mark.parametrize(
    "override",
    ["do(technical_effort)=100", "do(insight)=0.5", "do(gross_effort)=reference", "do(lead_spent)=0",
     "do(agi_arrival)=reference"],
)  # fmt: skip
def test_what_people_would_change_can_not_be_held(toc: Toc, override: str) -> None:
    code, out, err = toc("marginal", "--worldview", "base", "--draws", 50, "--override", override)
    assert (code, out) == (2, "")
    assert "is held by an override" in err
    assert err.count("\n") == 1


def test_the_margin_may_be_where_everyone_has_moved(tmp_path: Path) -> None:
    path = tmp_path / "all.toml"
    path.write_text("[all]\nbuying_time_share = { researchers = 1.0, builders = 1.0 }\n", encoding="utf-8")
    found = one_more_person(load_beliefs("base", draws=50), load_allocations(path), "all")
    assert np.isfinite(found.average.values).all()


# A year -----------------------------------------------------------------------------------------------------------


def test_delay_that_binds_everyone_does_no_harm_when_leads_do_not_erode() -> None:
    """What must hold, 4, and its reverse: alone, with a short lead, delay does harm."""
    doom = value_of_a_year(load_beliefs("base", draws=200, overrides=["lead_erosion=0"]), NAMED)
    change = paired_change(doom, "no delay")
    assert (change.sel(allocation="early, field-wide") <= 1e-12).all()
    assert (change.sel(allocation="at the end, field-wide") <= 1e-12).all()
    short = value_of_a_year(load_beliefs("base", draws=200, overrides=["lead_now=1", "solved_elasticity=0"]), NAMED)
    assert float(paired_change(short, "no delay").sel(allocation="early, unilateral").mean()) > 0


def test_a_year_at_the_end_is_worth_more_than_an_early_one(beliefs: Beliefs) -> None:
    change = paired_change(value_of_a_year(beliefs, NAMED), "no delay").mean("draw")
    early, _, end, _ = (float(change.sel(allocation=name)) for name in DELAYS)
    assert end < early < 0


def test_no_delay_changes_nothing(beliefs: Beliefs) -> None:
    doom = value_of_a_year(beliefs, NAMED, years=0.0)
    np.testing.assert_allclose(paired_change(doom, "no delay"), 0, atol=1e-15)


# The command ------------------------------------------------------------------------------------------------------


def test_the_command_prints_people_years_and_worldview(toc: Toc, tmp_path: Path) -> None:
    figure = tmp_path / "one.svg"
    code, out, _ = toc("marginal", "--worldview", "base", "--draws", 100, "--also", "essay", "--out", figure)
    assert code == 0
    assert "worldview 'base'" in out
    assert "worldview 'essay'" in out
    assert "at the end, field-wide" in out
    drawn = figure.read_text(encoding="utf-8")
    for text in ("technical work", "buying time", "micro-dooms averted per FTE-year", "essay"):
        assert text in drawn
    code, out, _ = toc("marginal", "--worldview", "base", "--draws", 100, "--json")
    figures = json.loads(out)["worldviews"]["base"]
    assert code == 0
    assert set(figures["year_of_delay"]) == set(DELAYS)
    assert figures["provenance"]["seed"] == 1


def test_bad_requests_are_refused(toc: Toc, beliefs: Beliefs) -> None:
    with pytest.raises(InputError, match="recommended"):
        marginal([beliefs], NAMED, at="recomended")
    code, _, err = toc("marginal", "--out", "one.pdf")
    assert code == 2
    assert "'.svg' or '.png'" in err


# Figure 1 ---------------------------------------------------------------------------------------------------------


def test_at_medians_the_crossing_is_where_both_curves_are_alike_by_hand() -> None:
    medians = [
        f"{name}={float(prior.distribution.quantile(0.5))!r}" for name, prior in load_priors("essay").entries.items()
    ]
    beliefs = load_beliefs("essay", draws=2, overrides=medians)
    slope, p = (found.isel(draw=0) for found in (slopes_of(beliefs, NAMED.only([]), "status_quo"), beliefs.parameters))
    mix = mixes_of(NAMED.only([]), "status_quo").isel(pool=0)
    s, n = float(p["technical_talent_spread"]), float(p["researchers_now"])
    b = s * p["buying_time_spread_ratio"] * p["talent_correlation"]

    def gap(z: float) -> float:
        impact = np.exp(s * z) - float(p["technical_harm"]) * np.exp(s * s / 2)
        technical = impact * slope["technical"] + np.exp(2 * s * z - 2 * s * s) / n * slope["insight"]
        benefit = np.exp(b * z - b * b / 2) * slope["effort"] + p["buying_time_harm"] * slope["harm"]
        return float(technical - p["buying_time_productivity"] * (benefit * mix).sum())

    by_hand = optimize.brentq(gap, 0, 4)
    found = one_more_person(beliefs, NAMED, "status_quo")
    assert special.ndtri(found.cut["median"]) == pytest.approx(by_hand, abs=0.03)


@pytest.mark.parametrize("worldview", ["base", "essay"])
def test_the_lines_of_figure_one_cross_at_the_mark_that_the_text_gives(worldview: str) -> None:
    found = one_more_person(load_beliefs(worldview, draws=1000), NAMED, "status_quo")
    drawn, x = lines(found), special.ndtri(found.one_person["percentile"].values)
    gap = drawn["technical"] - drawn["buying_time"]
    last = int(np.flatnonzero(gap <= 0)[-1])
    at = mark(found)["median"]
    assert x[last] - 0.03 <= at <= x[last + 1] + 0.03
    text = " ".join(found.section().text)
    assert f"above the {100 * special.ndtr(at):.3g}th percentile of technical talent" in text
    axes = found.draw([found]).axes[0]
    places = [np.asarray(line.get_xdata()) for line in axes.lines]
    assert any(np.allclose(place, at) for place in places if place.size == 1)
