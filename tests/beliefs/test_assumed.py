"""Numbers of the caller's own in place of elicited ones."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shipped import DOCUMENTS, load_beliefs
from tests.toy import CASE
from toc_model.beliefs.assumed import CALLER, Assumed, assumed
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs as load_any
from toc_model.beliefs.patches import Patch, patched
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents
from toc_model.engine.units import Unit
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY

LEVELS = (0.05, 0.5, 0.95)
YEARS = Unit("years from spring 1400", 0.0, is_date=True)
SPRING = Documents.of(CASE).date


def essay(*sets: str, worldview: str = "base", as_of: str | None = None) -> Priors:
    return Documents.of(ESSAY, as_of=as_of, sets=sets).priors(worldview)


def village(*sets: str, worldview: str = "almanac", draws: int = 4000) -> Beliefs:
    return load_any(CASE, worldview, sets=sets, draws=draws)


def ends(values: np.ndarray) -> list[float]:
    return [float(value) for value in np.quantile(values, (0.05, 0.95))]


# In words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "values", "in_percent"),
    [
        ("agi_year=8", "agi_year", (8.0,), False),
        ("agi_year=4..20", "agi_year", (4.0, 20.0), False),
        (" gain[place] = .5 .. 1.5 ", "gain[place]", (0.5, 1.5), False),
        ("a=-3..-1", "a", (-3.0, -1.0), False),
        ("a=1...5", "a", None, False),
        ("a=.1...5", "a", (0.1, 0.5), False),
        ("a=1e-3..2e-3", "a", (0.001, 0.002), False),
        ("a=30%", "a", (30.0,), True),
        ("a=30%..60%", "a", (30.0, 60.0), True),
        ("a=30..60%", "a", (30.0, 60.0), True),
    ],
)
def test_what_is_written(text: str, name: str, values: tuple[float, ...] | None, in_percent: bool) -> None:
    if values is None:
        with pytest.raises(InputError, match="one that rises"):
            Assumed.parse(text)
        return
    assert Assumed.parse(text) == Assumed(text, name, values, in_percent)


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("agi_year", "allowed: NAME=VALUE"),
        ("=4", "allowed: NAME=VALUE"),
        ("a=soon", "found 'soon'; allowed: a number, or LOW..HIGH"),
        ("a=4..", "found '4..'"),
        ("a=4..20..30", "found '4..20..30'"),
        ("a=4-20", "found '4-20'"),
        ("a=nan", "found 'nan'"),
        ("a=1e999", "allowed: finite numbers"),
        ("a=20..4", "found the range 20..4; allowed: one that rises"),
        ("a=4..4", "allowed: one that rises"),
        ("a=30%..60", "both ends in per cent, or none"),
    ],
)
def test_what_can_not_be_read_is_refused(text: str, fragment: str) -> None:
    with pytest.raises(InputError, match=r"^set ") as refused:
        Assumed.parse(text)
    assert fragment in str(refused.value)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_every_range_that_rises_is_read_as_it_is(low: float, width: float) -> None:
    assert Assumed.parse(f"a={low!r}..{low + width!r}").values == (low, low + width)
    with pytest.raises(InputError, match="one that rises"):
        Assumed.parse(f"a={low + width!r}..{low!r}")


# Calendar years -----------------------------------------------------------------------------------------------------


@given(st.integers(1401, 3000))
def test_a_whole_year_is_its_middle_and_is_told_as_that_year(year: int) -> None:
    (years,) = Assumed.parse(f"a={year}").in_unit(YEARS, SPRING)
    assert years == pytest.approx(year + 0.5 - 1400.3)
    assert SPRING is not None
    assert SPRING.calendar(years) == str(year)


def test_years_from_the_date_and_parts_of_years_are_taken_as_they_are() -> None:
    assert Assumed.parse("a=8").in_unit(YEARS, SPRING) == (8.0,)
    assert list(Assumed.parse("a=1405.3").in_unit(YEARS, SPRING)) == pytest.approx([5.0])
    assert list(Assumed.parse("a=1402..1410").in_unit(YEARS, SPRING)) == pytest.approx([2.2, 10.2])
    assert Assumed.parse("a=2031").in_unit(Unit("FTE"), SPRING) == (2031.0,)
    assert Assumed.parse("a=2031").in_unit(YEARS, None) == (2031.0,)


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("a=1399", "found 1399, before spring 1400"),
        ("a=4..1410", "a calendar year beside a number of years"),
        ("a=50%", "found per cent; allowed: values in the unit"),
    ],
)
def test_years_that_can_not_be_are_refused(text: str, fragment: str) -> None:
    with pytest.raises(InputError) as refused:
        Assumed.parse(text).in_unit(YEARS, SPRING)
    assert fragment in str(refused.value)


@pytest.mark.parametrize(("as_of", "years"), [("late_2022", 8.6), ("late_2026", 4.6)])
def test_a_year_is_counted_from_the_date_of_the_beliefs(as_of: str, years: float) -> None:
    prior = essay("agi_year=2031", as_of=as_of)["agi_year"]
    assert prior.entry.value == pytest.approx(years)
    assert prior.distribution.is_constant
    assert not prior.dated


# Distributions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worldview", ["base", "essay", "critic", "ml_authors"])
def test_a_range_has_its_quantiles_and_keeps_the_family(worldview: str) -> None:
    before, after = essay(worldview=worldview)["agi_year"], essay("agi_year=4..20", worldview=worldview)["agi_year"]
    assert [float(after.distribution.given_some(level)) for level in LEVELS] == pytest.approx([4, 80**0.5, 20])
    assert after.distribution.family is before.distribution.family
    assert after.distribution.nil == before.distribution.nil
    assert (after.reason, after.entry.status, after.entry.source) == (CALLER, "assumption", CALLER)


def test_it_is_what_a_patch_of_a_worldview_would_say() -> None:
    before = essay()
    patch = Patch(quantiles={"q05": 0.1, "q95": 0.6}, reason=CALLER)
    by_patch = patched(ESSAY, before.entries, {"severity": patch}, DOCUMENTS.folder)["severity"]
    assert essay("severity=10%..60%").entries["severity"] == by_patch


def test_nil_is_kept_by_a_range_and_gone_with_a_number() -> None:
    assert village("watch_gain[hill]=1..3").priors["watch_gain[hill]"].distribution.nil == 0.2
    certain = village("watch_gain[hill]=2").parameters["watch_gain"].sel(field="hill")
    assert (certain == 2).all()


def test_a_parameter_without_a_place_is_all_its_places() -> None:
    found = village("watch_gain=2..3")
    for name in ("watch_gain[hill]", "watch_gain[valley]"):
        assert found.priors[name].entry.quantiles == {"q05": 2.0, "q95": 3.0}
    assert [change.entry for change in found.changed] == ["watch_gain[hill]", "watch_gain[valley]"]


def test_draws_have_the_range_and_all_others_are_as_before() -> None:
    before, after = village(), village("fence_gain=1..2")
    drawn = after.parameters["fence_gain"].values
    assert ends(drawn) == pytest.approx([1, 2], abs=0.03)
    assert (np.argsort(drawn) == np.argsort(before.parameters["fence_gain"].values)).all()
    assert after.parameters.drop_vars("fence_gain").identical(before.parameters.drop_vars("fence_gain"))


@pytest.mark.parametrize("worldview", ["base", "ml_authors", "panel"])
def test_draws_of_the_essay_have_the_range_under_every_kind_of_worldview(worldview: str) -> None:
    found = load_beliefs(worldview, draws=3000, sets=["agi_year=4..20"])
    near = 0.02 if worldview == "ml_authors" else 0.4
    low, high = ends(found.parameters["agi_year"].values)
    assert low == pytest.approx(4, abs=near)
    assert high == pytest.approx(20, abs=5 * near)


def test_members_of_a_camp_keep_their_order_and_have_the_range() -> None:
    """Ranked anew among the members, so that the range holds to a rank; all else that they believe is as before."""
    before, after = (village(*sets, worldview="millers") for sets in ([], ["sown_before=35..55"]))
    earlier, drawn = (one.parameters["sown_before"].values for one in (before, after))
    assert ends(drawn) == pytest.approx([35, 55], abs=0.02)
    assert abs(ends(earlier)[0] - 35) > 1
    assert (np.diff(earlier[np.argsort(drawn)]) >= 0).all()
    assert after.parameters.drop_vars("sown_before").identical(before.parameters.drop_vars("sown_before"))


def test_a_mixture_has_it_in_every_part() -> None:
    found = village("toil=0.1", worldview="council")
    assert (found.parameters["toil"] == 0.1).all()
    ranged = village("fence_gain=1..2", worldview="0.5*almanac + 0.5*forester")
    assert ends(ranged.parameters["fence_gain"].values) == pytest.approx([1, 2], abs=0.03)
    assert len(ranged.changed) == 1


def test_where_worldviews_differ_in_the_family_or_nil_each_is_told() -> None:
    almanac = Documents.of(CASE).priors("almanac")
    certain = replace(almanac.entries["watch_gain[hill]"])
    entry = certain.entry.model_copy(update={"nil": 0.5})
    other = replace(
        almanac, worldview="other", entries={**almanac.entries, "watch_gain[hill]": replace(certain, entry=entry)}
    )
    documents = Documents.of(CASE, sets=["watch_gain[hill]=1..3"])
    both = [assumed(CASE.story, documents.date, one, documents.sets) for one in (almanac, other)]
    (change,) = documents.changes(*both)
    assert "nil with probability 0.2 (almanac)" in change.to
    assert "nil with probability 0.5 (other)" in change.to


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ("agi_yaer=2031", ["unknown parameter 'agi_yaer'; did you mean 'agi_year'?"]),
        ("concern_gain[outrech]=1", ["'concern_gain[outrech]'; did you mean 'concern_gain[outreach]'?"]),
        ("concern=0.4", ["it is a node", "do(concern)=VALUE"]),
        ("severity=30", ["found 30; allowed: 0 to 1 (probability); did you mean 0.3?"]),
        ("severity=1.5..3", ["found 1.5; allowed: 0 to 1 (probability)"]),
        ("severity=0..0.4", ["found q05 = 0; allowed for logit_normal: above 0 and below 1"]),
        ("agi_year=2020", ["found 2020, before late 2022"]),
        ("agi_year=-2", ["found -2", "0 or more (years from late 2022)"]),
        ("lead_now=-3", ["found -3; allowed: 0 or more (months)"]),
        ("reference_years=3..9", ["reference_years is a constant under this worldview; allowed: one number"]),
    ],
)
def test_what_the_parameter_can_not_be_is_refused(text: str, fragments: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        essay(text)
    assert str(refused.value).startswith(f"set {text!r}: ")
    assert [fragment for fragment in fragments if fragment not in str(refused.value)] == []


def test_a_parameter_is_set_once() -> None:
    with pytest.raises(InputError, match=r"found watch_gain\[hill\] a second time"):
        village("watch_gain=2", "watch_gain[hill]=3")


# What is said -------------------------------------------------------------------------------------------------------


def test_it_is_told_as_an_assumption_of_the_caller_and_recorded() -> None:
    found = load_beliefs("base", draws=50, sets=["agi_year=2031", "severity=20%..60%"])
    rests_on = found.rests_on()
    assert f"agi_year as 8.6 (2031) ({CALLER})" in rests_on
    assert f"severity as logit_normal with q05 0.2, q50 0.3798, q95 0.6 ({CALLER})" in rests_on
    assert "beside 2 changed here" in rests_on
    about = found.provenance()
    assert about["sets"] == ["agi_year=2031", "severity=20%..60%"]
    assert (about["changed"][0]["entry"], about["changed"][0]["to"]) == ("agi_year", "8.6 (2031)")
    assert "sets" not in load_beliefs("base", draws=50).provenance()


def test_overrides_come_after_it() -> None:
    found = load_any(CASE, draws=50, sets=["toil=0.2"], overrides=["toil*=2"])
    assert (found.parameters["toil"] == 0.4).all()
