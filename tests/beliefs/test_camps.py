"""Camps: what members of a group say, who is picked for it, and what can't be asked of a group."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy import special

from tests.beliefs.village import copied, edit, read, write
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.shipped import DOCUMENTS, STORY, load_beliefs
from tests.toy import CASE
from toc_model.beliefs import camps
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.camps import NEIGHBOURS, Camp, Says
from toc_model.beliefs.changed import quantiles
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.engine.evaluate import evaluate
from toc_model.engine.units import Unit
from toc_model.errors import InputError
from toc_model.questions.sensitivity import sensitivity
from toc_model.questions.update import update

GROUPS = ("ml_authors", "safety_leaders", "superforecasters")
PROBABILITY, POSITIVE, ANY = Unit("probability", 0.0, 1.0), Unit("years", 0.0), Unit("tonnes")
DRAWS = 2000


def says(stated: Mapping[str, float]) -> Says:
    return Says(outcome="harvest", quantiles=dict(stated), source="S.", verified="yes", note="N.")


def camp_of(beliefs: Beliefs) -> Camp:
    """What the draws of one group are picked from."""
    found = beliefs.members[0].priors.camp
    assert found
    return found


def in_the_reference(beliefs: Beliefs) -> np.ndarray:
    """What each draw gives in the world that members were asked about: P(doom), or the harvest."""
    asked = camp_of(beliefs)
    found = evaluate(beliefs.case.story, beliefs.parameters, asked.anchor, [asked.says.outcome])[asked.says.outcome]
    return np.asarray(found.isel(allocation=0).values)


# What members say -------------------------------------------------------------------------------------------------


def test_quantiles_are_linear_in_the_normal_quantile_and_logit() -> None:
    stated = {"q05": 0.02, "q50": 0.1, "q95": 0.6}
    for level, (a, b) in ((0.2, ("q05", "q50")), (0.7, ("q50", "q95"))):
        x, x_a, x_b = (special.ndtri(at) for at in (level, float(a[1:]) / 100, float(b[1:]) / 100))
        y_a, y_b = (np.log(stated[name] / (1 - stated[name])) for name in (a, b))
        line = y_a + (x - x_a) * (y_b - y_a) / (x_b - x_a)
        found = says(stated).quantile(np.array([level]), PROBABILITY)
        assert found == pytest.approx(1 / (1 + np.exp(-line)), rel=1e-12)
    at = np.array([0.05, 0.5, 0.95])
    np.testing.assert_allclose(says(stated).quantile(at, PROBABILITY), list(stated.values()), rtol=1e-12)


def test_slopes_are_continued_and_clipped() -> None:
    found = says({"q25": 0.1, "q75": 0.6}).quantile(np.array([0.1, 0.9, 1e-300, 1 - 1e-16]), PROBABILITY)
    slope = (special.logit(0.6) - special.logit(0.1)) / (2 * special.ndtri(0.75))
    middle = (special.logit(0.6) + special.logit(0.1)) / 2
    assert found[:2] == pytest.approx(special.expit(middle + slope * special.ndtri([0.1, 0.9])), rel=1e-12)
    assert found[2:].tolist() == [1e-4, 1 - 1e-4]


def test_what_is_positive_is_linear_in_logarithms_and_anything_else_in_itself() -> None:
    stated, at = {"q05": 1.0, "q95": 100.0}, np.array([0.5])
    assert says(stated).quantile(at, POSITIVE) == pytest.approx(10)
    assert says(stated).quantile(at, ANY) == pytest.approx(50.5)


def test_equal_quantiles_are_one_value_between_them() -> None:
    found = says({"q05": 0.0005, "q10": 0.0005, "q50": 0.05}).quantile(np.array([0.01, 0.05, 0.07, 0.1]), PROBABILITY)
    np.testing.assert_allclose(found, 0.0005, rtol=1e-9)


def test_the_order_in_the_document_does_not_matter() -> None:
    at = np.linspace(0.01, 0.99, 9)
    one, other = says({"q05": 0.1, "q50": 0.2, "q95": 0.4}), says({"q95": 0.4, "q05": 0.1, "q50": 0.2})
    np.testing.assert_array_equal(one.quantile(at, PROBABILITY), other.quantile(at, PROBABILITY))


# Who is picked ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GROUPS)
def test_draws_say_what_members_say(name: str) -> None:
    """At every level of the document, as nearly as sorted draws between levels can."""
    beliefs = load_beliefs(name, draws=DRAWS)
    found = np.sort(in_the_reference(beliefs))
    stated, unit = camp_of(beliefs).says, STORY.units["probability"]
    for level, value in stated.by_level.items():
        low, high = (stated.quantile(np.array([level + step]), unit)[0] for step in (-0.01, 0.01))
        assert 0.9 * low <= np.quantile(found, level) <= 1.1 * high, (level, value)
    levels = (np.arange(DRAWS) + 0.5) / DRAWS
    middle = slice(DRAWS // 10, -DRAWS // 10)
    said = stated.quantile(levels, unit)
    np.testing.assert_allclose(found[middle], said[middle], atol=0.005, rtol=0.03)
    np.testing.assert_allclose(found.mean(), said.mean(), atol=0.003)


@pytest.mark.parametrize("name", ["ml_authors", "superforecasters"])
def test_each_pick_is_within_twenty_ranks_of_its_level(name: str) -> None:
    """The pool is drawn and ordered again here."""
    beliefs = load_beliefs(name, draws=400)
    camp, unit = camp_of(beliefs), STORY.units["probability"]
    pool = camp.base.from_sources(STORY, camp.base.drawn_sources(40_000, beliefs.seed))
    p_doom = evaluate(STORY, pool, camp.anchor, ["p_doom"])["p_doom"].values.reshape(-1)
    ordered = np.sort(p_doom)
    picked = np.searchsorted(ordered, np.sort(in_the_reference(beliefs)))
    levels = (np.arange(400) + 0.5) / 400
    wanted = np.searchsorted(ordered, camp.says.quantile(levels, unit))
    np.testing.assert_array_less(np.abs(picked - wanted), NEIGHBOURS + 1)
    assert len(set(picked - wanted)) > 15


def test_draws_of_camps_of_one_seed_are_paired_and_of_another_are_not() -> None:
    """The level of each draw is the same in all: so is their order, but for twenty ranks either way."""
    one, other = (in_the_reference(load_beliefs(name, draws=DRAWS)) for name in ("ml_authors", "safety_leaders"))
    again = in_the_reference(load_beliefs("safety_leaders", draws=DRAWS, seed=2))

    def rank_correlation(values: np.ndarray) -> float:
        ranks = [np.argsort(np.argsort(found)) for found in (one, values)]
        return float(np.corrcoef(np.stack(ranks)).ravel()[1])

    assert rank_correlation(other) > 0.99
    assert abs(rank_correlation(again)) < 0.1


def test_draws_are_repeatable_and_their_order_is_the_seed_s() -> None:
    first, again = (load_beliefs("ml_authors", draws=50).parameters for _ in range(2))
    assert first.identical(again)
    assert np.abs(np.corrcoef(np.arange(50), in_the_reference(load_beliefs("ml_authors", draws=50)))[0, 1]) < 0.4


class Counted:
    """The evaluation of pools, counted."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def __call__(self, story: Any, parameters: xr.Dataset, *rest: Any) -> xr.Dataset:
        self.sizes.append(parameters.sizes["draw"])
        return evaluate(story, parameters, *rest)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    found = Counted()
    monkeypatch.setattr(camps, "evaluate", found)
    monkeypatch.setattr(camps, "_kept", {})
    return found


@pytest.mark.parametrize(("draws", "pool"), [(10, 40_000), (4000, 40_000), (4001, 40_010)])
def test_a_pool_has_forty_thousand_draws_and_ten_for_each(counted: Counted, draws: int, pool: int) -> None:
    load_any_beliefs(CASE, "millers", draws=draws)
    assert counted.sizes == [pool]


def test_camps_of_one_base_and_seed_share_a_pool(counted: Counted, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    text = (folder / "worldviews" / "millers.toml").read_text(encoding="utf-8")
    (folder / "worldviews" / "bakers.toml").write_text(text.replace("36.0", "38.0"), encoding="utf-8")
    (folder / "worldviews" / "farmhands.toml").write_text(text.replace("almanac", "forester"), encoding="utf-8")
    for name in ("millers", "bakers", "millers"):
        load_any_beliefs(CASE, name, draws=20, priors=folder)
    assert len(counted.sizes) == 1
    load_any_beliefs(CASE, "farmhands", draws=20, priors=folder)
    load_any_beliefs(CASE, "millers", draws=20, priors=folder, seed=2)
    assert len(counted.sizes) == 3


def test_the_panel_evaluates_one_pool(counted: Counted) -> None:
    load_beliefs("panel", draws=10)
    assert counted.sizes == [40_000]


def test_overrides_come_after_picking() -> None:
    plain = load_beliefs("ml_authors", draws=300)
    scaled = load_beliefs("ml_authors", draws=300, overrides=["severity=1", "lead_now*=2", "do(concern)=0.9"])
    assert (scaled.parameters["severity"] == 1).all()
    np.testing.assert_array_equal(scaled.parameters["lead_now"], 2 * plain.parameters["lead_now"])
    rest = [name for name in STORY.parameters if name not in ("severity", "lead_now")]
    assert scaled.parameters[rest].identical(plain.parameters[rest])


# Patches and changes on a camp -------------------------------------------------------------------------------------

SURE = 'description = "D."\nbased_on = "ml_authors"\n'


def ordered_alike(one: np.ndarray, other: np.ndarray) -> bool:
    return bool((np.argsort(one, kind="stable") == np.argsort(other, kind="stable")).all())


def test_a_patch_on_a_camp_meets_its_quantiles_in_the_order_of_the_camp(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        SURE + '[parameters.severity]\nquantiles = { q05 = 0.2, q50 = 0.5, q95 = 0.8 }\nreason = "R."\n', "utf-8"
    )
    camp, mine = (load_beliefs(name, draws=DRAWS) for name in ("ml_authors", str(path)))
    before, after = camp.parameters["severity"].values, mine.parameters["severity"].values
    at_levels = [0.05, 0.5, 0.95]
    np.testing.assert_allclose(np.quantile(after, at_levels), [0.2, 0.5, 0.8], atol=0.005)
    assert np.abs(np.quantile(before, at_levels) - [0.2, 0.5, 0.8]).max() > 0.05
    assert ordered_alike(before, after)
    assert mine.parameters.drop_vars("severity").identical(camp.parameters.drop_vars("severity"))
    assert mine.kind == camp.kind == "camp"


def test_nil_of_a_patch_on_a_camp_is_met_within_the_camp(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'{SURE}[parameters."concern_gain[outreach]"]\nnil = 0.4\nreason = "R."\n', "utf-8")
    camp, mine = (load_beliefs(name, draws=DRAWS).parameters for name in ("ml_authors", str(path)))
    here = mine["concern_gain"].sel(intervention="outreach")
    assert float((here == 0).mean()) == pytest.approx(0.4, abs=1 / DRAWS)
    others = {"intervention": ["evaluations", "grounding_papers", "convening"]}
    assert mine["concern_gain"].sel(others).identical(camp["concern_gain"].sel(others))


def test_a_program_s_quantiles_are_met_within_the_camp() -> None:
    camp = load_beliefs("safety_leaders", draws=DRAWS)
    mine = camp.with_(aligned_by_default=quantiles(0.1, 0.3, 0.5), reason="R.")
    after = mine.parameters["aligned_by_default"].values
    found = mine.members[0].priors["aligned_by_default"].distribution
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    np.testing.assert_allclose(np.quantile(after, levels), [found.quantile(level) for level in levels], atol=0.003)
    assert ordered_alike(camp.parameters["aligned_by_default"].values, after)
    rest = camp.parameters.drop_vars("aligned_by_default")
    assert mine.parameters.drop_vars("aligned_by_default").identical(rest)


def test_a_second_change_keeps_the_first() -> None:
    camp = load_beliefs("safety_leaders", draws=500)
    first = camp.with_(severity=quantiles(0.2, 0.5, 0.8), reason="R.")
    second = first.with_(lead_now=quantiles(1.0, 2.0, 4.0), reason="R.")
    np.testing.assert_array_equal(second.parameters["severity"], first.parameters["severity"])
    assert [change.entry for change in second.changed] == ["severity", "lead_now"]


def test_latents_are_kept_at_another_date() -> None:
    """Entries that the date leaves alone are the same bit for bit; the others have the same order."""
    early, late = (load_beliefs("ml_authors", draws=500, as_of=date) for date in ("late_2022", "late_2026"))
    dated = {name.partition("[")[0] for name in late.documents.date.patches}  # type: ignore[union-attr]
    rest = [name for name in STORY.parameters if name not in dated]
    assert len(rest) > 40
    assert late.parameters[rest].identical(early.parameters[rest])
    for name in ("agi_year", "concern_now", "lead_now"):
        assert ordered_alike(early.parameters[name].values, late.parameters[name].values), name
        assert not np.isin(late.parameters[name], early.parameters[name]).any(), name


# What can't be ----------------------------------------------------------------------------------------------------


def test_correlations_on_a_camp_are_refused(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    more = '[[correlations]]\nbetween = ["watch_gain[hill]", "watch_gain[valley]"]\nvalue = 0.3\nreason = "R."'
    with pytest.raises(InputError, match=r"tied\.toml: correlations: found some on a camp, whose draws .*; allowed: n"):
        read(folder, write(folder, "tied", f'based_on = "millers"\n{more}'))


def test_a_camp_may_stand_on_a_worldview_but_not_on_a_camp(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    text = (folder / "worldviews" / "millers.toml").read_text(encoding="utf-8")
    for name, on in (("hands", "forester"), ("bakers", "millers"), ("cooks", "bakers")):
        (folder / "worldviews" / f"{name}.toml").write_text(text.replace('"almanac"', f'"{on}"'), encoding="utf-8")
    found = read(folder, "hands")
    assert found.camp
    assert found.camp.base["jumped"].reason == "Deer jump two metres."
    assert found.reranked == frozenset()
    for name in ("bakers", "cooks"):
        with pytest.raises(InputError, match=r"bakers\.toml: based_on: found a camp that is based on a camp; allowed"):
            read(folder, name)


def test_a_camp_does_not_stand_on_beliefs_of_another_date(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    write(folder, "later", 'as_of = "autumn"')
    edit(folder / "worldviews" / "millers.toml", '"almanac"', '"later"')
    with pytest.raises(
        InputError, match=r"millers\.toml: based_on: found 'later', which is as of autumn; allowed: a w"
    ):
        Documents.of(CASE, folder, "autumn").priors("millers")


def test_a_camp_has_no_density(toc: Toc) -> None:
    beliefs = load_beliefs("ml_authors", draws=50)
    refused = "ml_authors: a camp is draws that were picked by what its members say, and has no density; allowed: base"
    with pytest.raises(InputError, match=refused):
        _ = beliefs.priors
    for method in ("tornado", "flip", "sobol"):
        with pytest.raises(InputError, match=rf"{method}: ml_authors is a camp, .*; use --method given-data"):
            sensitivity(beliefs, DOCUMENTS.allocations(), method=method)
    with pytest.raises(InputError, match=r"update: found .ml_authors., a camp, .*; allowed: base, or"):
        update(beliefs, [])
    for words in (["priors"], ["priors", "agi_year"]):
        assert_refused(toc(*words, "--worldview", "ml_authors"), "ml_authors: a camp", "has no quantiles of its own")


# Documents that can't be used -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "fragments"),
    [
        ("q50 = 36.0", "q50 = 42.0", ["says: q95: found 41 after 42; allowed: values that do not fall"]),
        ("q50 = 36.0", "q50 = nan", ["says.quantiles.q50: found nan", "finite"]),
        ("q50 = 36.0", 'q50 = "36"', ["says.quantiles.q50: found '36'", "number"]),
        ("q50 = 36.0", "q95.0 = 36.0", ["malformed TOML"]),
        ("q05 = 30.0, q50 = 36.0, q95 = 41.0", "q50 = 36.0", ["says.quantiles: found {'q50': 36.0}", "at least 2"]),
        ("q05 = 30.0, q50 = 36.0, q95 = 41.0", "q5 = 30.0, q05 = 31.0", ["says: found q5 and q05, which are the same"]),
        ("q05 = 30.0", "low = 30.0", ["says: found quantile 'low'; allowed: q and a percentage"]),
        ("q05 = 30.0", "q0 = 30.0", ["says: found quantile 'q0'; allowed: q and a percentage"]),
        ('"harvest"', '"harvst"', ["says: unknown node 'harvst'; did you mean 'harvest'?"]),
        ('"harvest"', '"guarded"', ["says: outcome: found 'guarded'; allowed: a node without places"]),
        ('"secondary"', '"perhaps"', ["says: unknown verified 'perhaps'", "allowed: yes, secondary, derived, village"]),
        ("note = ", "nota = ", ["unknown entry 'says.nota'; did you mean 'note'?", "allowed: outcome, quantiles"]),
        ("source = ", "# source = ", ["missing entry 'says.source'"]),
        ("[says]", "[say]", ["unknown entry 'say'"]),
        ("[says]", "as_of = 'autumn'\n[says]", ["unknown entry 'as_of'", "description, phrase, based_on, says"]),
        ("[says]", "[parameters]\n[says]", ["unknown entry 'parameters'", "description, phrase, based_on, says"]),
        ("[says]", "evidence = []\n[says]", ["unknown entry 'evidence'"]),
    ],
)
def test_what_members_can_not_say_is_refused(tmp_path: Path, old: str, new: str, fragments: list[str]) -> None:
    folder = copied(tmp_path)
    path = folder / "worldviews" / "millers.toml"
    edit(path, old, new)
    with pytest.raises(InputError) as refusal:
        load_any_beliefs(CASE, "millers", draws=5, priors=folder)
    message = str(refusal.value)
    assert message.startswith(f"{path}: ")
    assert [fragment for fragment in fragments if fragment not in message] == []
    assert "\n" not in message


@pytest.mark.parametrize(("value", "name"), [(0.0, "q05"), (1.0, "q95"), (-0.1, "q05"), (1.2, "q95")])
def test_a_probability_is_said_above_0_and_below_1(value: float, name: str) -> None:
    stated = replace_one({"q05": 0.1, "q50": 0.2, "q95": 0.3}, name, value)
    with pytest.raises(InputError, match=f"says: {name}: found {value:g}; allowed: above 0 and below 1"):
        Says(outcome="p_doom", quantiles=stated, source="S.", verified="yes", note="N.").fail_if_impossible(STORY, "x")


def replace_one(stated: dict[str, float], name: str, value: float) -> dict[str, float]:
    return {**stated, name: value}


def test_equal_quantiles_are_allowed_in_a_document(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    edit(folder / "worldviews" / "millers.toml", "q05 = 30.0", "q05 = 36.0")
    found = load_any_beliefs(CASE, "millers", draws=1000, priors=folder)
    assert float(np.mean(np.abs(in_the_reference(found) - 36) < 0.1)) == pytest.approx(0.5, abs=0.06)


def test_a_case_without_dates_has_no_camps(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    with pytest.raises(InputError, match=r"millers\.toml: says: the case has no date whose reference"):
        Documents.of(replace(CASE, date=""), folder).priors("millers")


@pytest.mark.parametrize(("level", "value"), [("q05", 1e-12), ("q95", 1 - 1e-12)])
def test_what_no_draw_of_the_base_comes_to_is_refused(level: str, value: float) -> None:
    camp = DOCUMENTS.priors("ml_authors").camp
    assert camp is not None
    stated = {"q05": 0.05, "q50": 0.1, "q95": 0.3} | {level: value}
    other = replace(camp, says=camp.says.model_copy(update={"quantiles": stated}))
    with pytest.raises(InputError, match=f"says: {level}: found {value:g}; allowed: what draws of 'base' come to"):
        other.sources(STORY, 100, seed=1)


def test_camps_of_one_base_that_speak_of_other_outcomes_are_picked_apart() -> None:
    camp = DOCUMENTS.priors("ml_authors").camp
    assert camp is not None
    years = {"q05": 8.0, "q50": 20.0, "q95": 40.0}
    other = replace(camp, says=camp.says.model_copy(update={"outcome": "agi_arrival", "quantiles": years}))
    picked = [
        one.base.from_sources(STORY, one.sources(STORY, 1000, seed=1))["agi_year"].median().item()
        for one in (camp, other)
    ]
    assert picked[1] == pytest.approx(20, rel=0.1)
    assert abs(picked[0] - 20) > 2
