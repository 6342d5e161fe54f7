"""Where building as planned brings in less: by hand, where it never or always does, and how each is told."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr

import toc_model as toc
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.toy import CASE
from tests.toy.by_hand import harvest
from tests.toy.conftest import DRAWS, printed
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs
from toc_model.questions.harm import Harm, harm

VILLAGE = ["--case", "tests.toy:CASE", "harm"]


@pytest.fixture(scope="module")
def round_the_fields(almanac: Beliefs, allocations: Allocations) -> Harm:
    """The long fence, which does harm in more than half of the draws."""
    return harm(almanac, allocations, allocation="all_round", resamples=20)


def said(found: Harm) -> str:
    return " ".join(str(found).split())


def test_harm_is_where_the_harvest_is_less_by_hand(almanac: Beliefs, round_the_fields: Harm) -> None:
    worse = harvest(almanac, 12.0, 0.5) < harvest(almanac, 3.0, 0.5)
    np.testing.assert_array_equal(round_the_fields.harmful, worse)
    assert round_the_fields.share.value == pytest.approx(float(worse.mean()))
    assert round_the_fields.to_dict()["harmful"]["share"] == round_the_fields.share.value


def test_the_box_holds_what_it_says(almanac: Beliefs, round_the_fields: Harm) -> None:
    """A fence gains least where it spares little and building it is toil."""
    found = round_the_fields.to_dict()
    assert found["verdict"] == "box"
    box = found["box"]
    assert set(list(box)[:2]) == {"fence_gain", "toil"}
    inside = np.ones(DRAWS, dtype=bool)
    for name, limit in box.items():
        draws = column(almanac, name)
        assert limit["unit"] == CASE.story.entries[name].unit
        if limit["low"] is not None:
            inside &= draws >= limit["low"]
            assert limit["low_quantile"] == pytest.approx((draws < limit["low"]).mean())
        if limit["high"] is not None:
            inside &= draws <= limit["high"]
            assert limit["high_quantile"] == pytest.approx((draws <= limit["high"]).mean())
    assert box["fence_gain"]["low"] is None
    assert box["toil"]["high"] is None
    harmful = round_the_fields.harmful.values
    assert found["as_found"]["density"] == pytest.approx(harmful[inside].mean())
    assert found["as_found"]["coverage"] == pytest.approx((harmful & inside).sum() / harmful.sum())
    assert found["as_found"]["mass"] == pytest.approx(inside.mean())


def column(beliefs: Beliefs, name: str) -> np.ndarray:
    parameter, _, place = name.removesuffix("]").partition("[")
    values = beliefs.parameters[parameter]
    return np.asarray((values.sel(field=place) if place else values).values)


def test_it_says_whose_beliefs_where_and_how_firm(round_the_fields: Harm) -> None:
    text = said(round_the_fields)
    assert "Under the worldview 'almanac' as of spring 1400, moving from “today” to “all round” lowers harvest" in text
    assert "gain of a kilometre of fence is " in text
    assert "judged on draws that boxes were not found on" in text
    assert "limit these beliefs." in text
    firm = round_the_fields.to_dict()["firmness"]
    assert firm["limited"]["fence_gain"] >= 0.9
    assert firm["left_out"]["density"]["mcse"] > 0
    assert firm["chance"] == 0.01


def test_what_the_beliefs_of_a_factor_say_together(almanac: Beliefs, round_the_fields: Harm) -> None:
    """Watching on the hill and in the valley share a hunger; the long fence leaves the watch as it is."""
    names = {factor.name: set(factor.loadings) for factor in almanac.priors.factors}
    own = {limit.name for limit in round_the_fields.limits}
    assert set(round_the_fields.stand_ins) == {name for name, entries in names.items() if entries & own}


@pytest.mark.parametrize(
    ("overrides", "share", "verdict", "sentence"),
    [
        (["toil=0", "fence_gain=3", "jumped=0"], 0.0, "rarely", "lowers harvest in none of 200 draws."),
        (["toil=3"], 1.0, "mostly", "lowers harvest in all of 200 draws."),
        (["toil*=0.5"], 0.01, "rarely", "These draws are too few to look for beliefs that set them apart."),
    ],
)
def test_harm_nearly_nowhere_or_nearly_everywhere_is_a_plain_sentence(
    overrides: list[str], share: float, verdict: str, sentence: str
) -> None:
    found = toc.harm("almanac", draws=200, overrides=overrides, case=CASE)
    assert found.share.value == pytest.approx(share, abs=0.02)
    assert (found.verdict, found.found, found.limits) == (verdict, None, ())
    assert sentence in said(found)
    assert "with toil" in said(found)
    bars = found.plot().axes[0].patches
    assert sum(bar.get_height() for bar in bars) == 200  # type: ignore[attr-defined]
    assert found.to_dataframe()["verdict"].tolist() == [verdict]


def test_harm_that_no_belief_tells_apart_is_no_better_than_chance(almanac: Beliefs, allocations: Allocations) -> None:
    """What is drawn of the beliefs is put in another order than what follows from them."""
    outcome = almanac.outcome(allocations.levers())
    order = np.random.default_rng(0).permutation(DRAWS)
    mixed = outcome.copy(data=outcome.values[order])

    class Shuffled(Beliefs):
        def outcome(self, *_: Any, **__: Any) -> xr.DataArray:
            return mixed.sel(allocation=["today", "all_round"])

    shuffled = Shuffled(**{name: getattr(almanac, name) for name in Beliefs.__slots__})
    found = harm(shuffled, allocations, allocation="all_round", resamples=5)
    assert found.verdict == "chance"
    none = "No box of up to 4 beliefs with 5 % of draws or more tells these draws from the others better than chance"
    assert none in said(found)
    assert "The box:" not in said(found)
    assert found.plot() is not None


@pytest.mark.parametrize("worldview", ["0.5*almanac + 0.5*forester", "forester"])
def test_any_beliefs_can_be_asked(worldview: str) -> None:
    found = toc.harm(worldview, draws=300, resamples=3, sets=["toil=0.05..0.3"], case=CASE)
    assert found.to_dict()["verdict"] in {"box", "chance", "rarely", "mostly"}
    json.dumps(found.to_dict(), allow_nan=False)
    if "*" in worldview:
        shares = found.to_dict()["harmful"]["by_member"]
        assert set(shares) == {"almanac", "forester"}
        assert np.mean(list(shares.values())) == pytest.approx(found.share.value)
        assert "by member of the mixture" in str(found)


def test_draws_of_ones_own_are_asked(almanac: Beliefs) -> None:
    own = toc.draws_of_your_own(almanac.parameters, "mine", case=CASE)
    found = toc.harm(own, allocation="all_round", resamples=2)
    assert "Under the worldview 'mine'" in said(found)
    assert found.stand_ins == {}


def test_under_a_rival_the_box_is_of_its_story() -> None:
    case = CASE.under(["clever"])
    found = harm(load_beliefs(case, draws=200), load_beliefs(case, draws=200).documents.allocations(), resamples=2)
    assert found.to_dict()["provenance"]["rivals"] == ["clever"]
    assert "the rival mechanism clever" in said(found)


def test_a_denser_box_is_smaller(almanac: Beliefs, allocations: Allocations, round_the_fields: Harm) -> None:
    found = harm(almanac, allocations, allocation="all_round", density=0.97, resamples=2)
    assert round_the_fields.found is not None
    assert found.found is not None
    assert found.found.fit.density > round_the_fields.found.fit.density
    assert found.found.fit.mass < round_the_fields.found.fit.mass
    assert "is as dense as was asked" in said(found)
    loose = harm(almanac, allocations, allocation="all_round", density=0.01, resamples=2)
    assert "That is as often as was asked (1 %), so that no box is looked for." in said(loose)


def test_the_same_draws_give_the_same_box(almanac: Beliefs, allocations: Allocations) -> None:
    still = toc.harm("almanac", {"today": {"fence": 3.0}, "same": {"fence": 3.0}}, draws=50, case=CASE)
    assert "lowers harvest in none of 50 draws. The mean change is 0.00 ±0.00 tonnes over all draws." in said(still)
    assert len(still.plot().axes[0].patches) > 0
    fewer = replace(almanac, parameters=almanac.parameters.isel(draw=slice(None, 100)))
    found = [harm(fewer, allocations, allocation="all_round", resamples=2).to_dict() for _ in range(2)]
    assert found[0] == found[1]
    very_few = replace(almanac, parameters=almanac.parameters.isel(draw=slice(None, 30)))
    assert harm(very_few, allocations, allocation="all_round").found is None


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        (["--most", "0"], ["most: found 0; allowed: 1 or more inputs"]),
        (["--support", "5"], ["support: found 5; allowed: a share between 0 and 1; did you mean 0.05?"]),
        (["--density", "80"], ["density: found 80", "did you mean 0.8?"]),
        (["--density", "nan"], ["density: found nan"]),
        (["--support", "x"], ["'x' is not a valid float"]),
        (["--resamples", "0"], ["resamples: found 0; allowed: 2 or more"]),
        (["--allocation", "today"], ["today"]),
        (["--allocation", "plam"], ["unknown allocation 'plam'; did you mean 'plan'?"]),
        (["--out", "a.pdf"], ["found the ending '.pdf'"]),
    ],
)
def test_what_can_not_be_asked(toc: Toc, words: list[str], fragments: list[str]) -> None:
    assert_refused(toc(*VILLAGE, "--draws", 100, *words), *fragments)


def test_the_command_draws_the_box(tmp_path: Any) -> None:
    text = printed("harm", "--allocation", "all_round", "--draws", 300, "--resamples", 3, "--out", tmp_path / "a.svg")
    assert "The box: beliefs under which moving to “all round” lowers harvest most" in " ".join(text.split())
    drawn = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "gain of a kilometre of fence" in drawn
    assert "Worldview: almanac." in drawn
