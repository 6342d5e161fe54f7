"""Priors as documents: worldviews, shared random numbers, correlations, and documents that can't be used."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest
import xarray as xr
from scipy import special, stats

import toc_model
from tests.chapters import chapter
from tests.shipped import DOCUMENTS, STORY
from toc_model.beliefs.latents import factor_correlations
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents
from toc_model.documents import read_toml
from toc_model.engine.declare import node
from toc_model.engine.laws import at
from toc_model.engine.story import Story
from toc_model.engine.units import Years
from toc_model.errors import InputError
from toc_model.essay.levers import DIMENSIONS, INDICATORS, LEVERS
from toc_model.essay.units import EACH_INTERVENTION

WORLDVIEWS = ("base", "essay", "critic")
CAMPS = ("ml_authors", "safety_leaders", "superforecasters", "panel")


def load_priors(worldview: str = "base", folder: Path | None = None) -> Priors:
    return Documents.of(DOCUMENTS.case, folder).priors(worldview)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "mine"
    shutil.copytree(DOCUMENTS.folder, copied)
    return copied


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def scores(priors: Priors, draws: xr.Dataset, entry: str) -> np.ndarray:
    """Standard normal scores, computed here; NaN where there is no effect, for that has no one score."""
    name, _, place = entry.partition("[")
    values = (draws[name].sel(intervention=place.rstrip("]")) if place else draws[name]).values
    distribution = priors[entry].distribution
    nil, some = distribution.nil, (values != 0) | (distribution.nil == 0)
    z = np.full(len(values), np.nan)
    z[some] = (distribution.family.to_normal(values[some]) - distribution.location) / distribution.scale
    return special.ndtri(nil + (1 - nil) * special.ndtr(z)) if nil else z


def uncertain(priors: Priors) -> list[str]:
    return [entry for entry, prior in priors.entries.items() if not prior.distribution.is_constant]


# Worldviews -------------------------------------------------------------------------------------------------------


def test_worldviews_are_listed_with_the_base_first(folder: Path) -> None:
    assert DOCUMENTS.worldviews() == (*WORLDVIEWS, *CAMPS)
    (folder / "worldviews" / "a_friend.toml").write_text('description = "Mine."')
    assert Documents.of(DOCUMENTS.case, folder).worldviews() == (*WORLDVIEWS, *CAMPS, "a_friend")
    (folder / "worldviews" / "base.toml").unlink()
    assert load_priors("base", folder).entries == load_priors("base").entries


@pytest.mark.parametrize("worldview", ["essay", "critic"])
def test_a_worldview_changes_only_what_it_names(worldview: str) -> None:
    base, patched = load_priors(), load_priors(worldview)
    named = read_toml(DOCUMENTS.folder / "worldviews" / f"{worldview}.toml")["parameters"]
    assert list(patched.entries) == list(base.entries)
    assert {entry for entry, prior in patched.entries.items() if prior != base[entry]} == set(named)
    for entry, change in named.items():
        assert patched[entry].reason == change["reason"]
        changed = {"quantiles", "value", "family", "nil", "source", "status"}
        assert patched[entry].entry.model_dump(exclude=changed) == base[entry].entry.model_dump(exclude=changed)
        assert patched[entry].entry.status == change.get("status", "published" if "source" in change else "assumption")
        assert patched[entry].chapter == base[entry].chapter


def test_a_worldview_may_come_from_a_file_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "sceptic.toml"
    path.write_text('description = "D."\n[parameters.severity]\nfamily = "constant"\nvalue = 0.5\nreason = "R."\n')
    found = load_priors(str(path))
    assert found.worldview == "sceptic"
    assert found["severity"].distribution.is_constant
    assert (found.draw(STORY, 3, 1)["severity"] == 0.5).all()
    assert found["severity"].quantiles == {}


# Draws ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("worldview", WORLDVIEWS)
def test_draws_of_every_entry_have_its_distribution_and_correlate_by_factors_alone(worldview: str) -> None:
    priors, names = load_priors(worldview), uncertain(load_priors(worldview))
    draws = priors.draw(STORY, 4000, seed=2)
    sources = priors.drawn_sources(4000, seed=2)
    latent = priors.latents({name: sources.sel(source=name).values for name in priors.sources})
    z = np.stack([latent[entry] for entry in names])
    assert np.abs(z.mean(axis=1)).max() < 0.08
    assert np.abs(z.std(axis=1) - 1).max() < 0.06
    assert np.abs(np.corrcoef(z) - factor_correlations(priors.factors, names)).max() < 0.08
    for entry in names:
        found = scores(priors, draws, entry)
        np.testing.assert_array_equal(np.isnan(found), special.ndtr(latent[entry]) <= priors[entry].distribution.nil)
        np.testing.assert_allclose(found, np.where(np.isnan(found), np.nan, latent[entry]), atol=1e-7, err_msg=entry)
    assert (draws["solutions_gain"].sel(intervention="outreach") == 0).all()
    assert all(draws[name].attrs["unit"] == parameter.unit for name, parameter in STORY.parameters.items())


def test_worldviews_share_their_random_numbers() -> None:
    base, essay = load_priors("base"), load_priors("essay")
    of_base, of_essay = base.draw(STORY, 50, seed=4), essay.draw(STORY, 50, seed=4)
    for entry in uncertain(base):
        here, there = scores(essay, of_essay, entry), scores(base, of_base, entry)
        if not essay[entry].reason:
            np.testing.assert_array_equal(here, there, err_msg=entry)
            continue
        both = ~np.isnan(here) & ~np.isnan(there)
        assert both.any() or max(one[entry].distribution.nil for one in (base, essay)) > 0.5
        np.testing.assert_allclose(here[both], there[both], rtol=1e-7, atol=1e-9, err_msg=entry)
    assert essay["max_research_cut"].reason
    assert not np.isin(of_essay["max_research_cut"], of_base["max_research_cut"]).any()


def test_another_seed_gives_other_draws_of_everything() -> None:
    priors = load_priors()
    first, again, other = (priors.draw(STORY, 20, seed) for seed in (1, 1, 2))
    assert first.identical(again)
    for entry in uncertain(priors):
        assert not np.isin(scores(priors, first, entry), scores(priors, other, entry)).any(), entry


@node(claims="", dims="")
def extra(novelty: Years, novelties: Annotated[Years, EACH_INTERVENTION]) -> Years:
    """Something new (years; no dimension)."""
    return novelty + at(novelties, intervention=0)


def test_a_new_parameter_leaves_the_draws_of_the_others(folder: Path) -> None:
    story = Story.of(
        [chapter("extra", extra), *STORY.modules],
        levers=LEVERS,
        indicators=INDICATORS,
        dimensions=DIMENSIONS,
        reference=STORY.reference,
    )
    table = (folder / "slowdown.toml").read_text(encoding="utf-8").partition("[agi_year]")[2].partition("\n[")[0]
    new = ["novelty", *(f'"novelties[{place}]"' for place in DIMENSIONS["intervention"])]
    labels = [re.sub(r'label = ".*"', f'label = "new {place}"', table) for place in range(len(new))]
    tables = "\n".join(f"[{name}]{labelled}" for name, labelled in zip(new, labels, strict=True))
    text = tables.replace("years from late 2022", "years")
    (folder / "aaa.toml").write_text(text, encoding="utf-8")
    after = load_priors(folder=folder).draw(story, 30, seed=6)
    before = load_priors().draw(STORY, 30, seed=6)
    assert after["novelties"].dims == ("draw", "intervention")
    assert after[list(before)].identical(before)


# Correlations -----------------------------------------------------------------------------------------------------


def correlated(path: Path, *correlations: tuple[str, str, float]) -> Priors:
    tables = [
        f'[[correlations]]\nbetween = ["{a}", "{b}"]\nvalue = {value}\nreason = "They go together."\n'
        for a, b, value in correlations
    ]
    path.write_text('description = "Correlated."\n' + "".join(tables))
    return load_priors(str(path))


def test_correlations_hold_on_the_latent_scale_and_leave_the_marginals(tmp_path: Path) -> None:
    stated = [
        ("heeding_reference", "detection_now", 0.8),
        ("detection_now", "talent_correlation[outreach]", -0.5),
        ("heeding_reference", "talent_correlation[outreach]", -0.3),
    ]
    priors = correlated(tmp_path / "correlated.toml", *stated)
    draws = priors.draw(STORY, 20_000, seed=8)
    for one, other, value in stated:
        found = np.corrcoef(scores(priors, draws, one), scores(priors, draws, other))[0, 1]
        assert found == pytest.approx(value, abs=0.02)
    for entry in ("heeding_reference", "detection_now", "talent_correlation[outreach]"):
        assert stats.kstest(scores(priors, draws, entry), "norm").pvalue > 0.001
    independent = load_priors().draw(STORY, 20_000, seed=8)
    moved = {str(name) for name in draws if not draws[name].equals(independent[name])}
    assert moved <= {"heeding_reference", "detection_now", "talent_correlation"}
    assert len(moved) >= 2


@pytest.mark.parametrize(
    ("correlations", "fragments"),
    [
        (
            [("race_now", "hype", 0.9), ("hype", "lead_now", 0.9), ("race_now", "lead_now", -0.9)],
            ["not positive definite", "hype, lead_now, race_now"],
        ),
        ([("race_nw", "hype", 0.1)], ["correlations", "'race_nw'", "did you mean 'race_now'?"]),
        ([("race_now", "hype", 0.1), ("hype", "race_now", 0.2)], ["['hype', 'race_now'] twice"]),
        ([("hype", "hype", 0.5)], ["['hype', 'hype'] twice"]),
        ([("race_now", "hype", 1.0)], ["correlations.0.value", "found 1.0", "less than 1"]),
        ([("race_now", "hype", float("nan"))], ["correlations.0.value", "found nan"]),
    ],
)
def test_impossible_correlations_are_refused(
    tmp_path: Path, correlations: list[tuple[str, str, float]], fragments: list[str]
) -> None:
    path = tmp_path / "correlated.toml"
    with pytest.raises(InputError) as refusal:
        correlated(path, *correlations)
    assert [part for part in [str(path), *fragments] if part not in str(refusal.value)] == []


# Documents that can't be used -------------------------------------------------------------------------------------

RANGE = "quantiles = { q05 = 155, q50 = 300, q95 = 580 }"
TALENT, ESSAY = "talent.toml", "worldviews/essay.toml"


@pytest.mark.parametrize(
    ("document", "old", "new", "fragments"),
    [
        (TALENT, "[researchers_now]", "[agi_year]", ["agi_year: a second prior", "slowdown.toml"]),
        (TALENT, "[researchers_now]", "[builders_now]", ["malformed TOML", "builders_now", "line 19"]),
        (TALENT, 'status = "published"', 'statos = "essay"', ["'statos'; did you mean 'status'?", "allowed: family"]),
        (TALENT, "[researchers_now]", "speed = 3\n[researchers_now]", ["speed", "found 3", "dictionary"]),
        (TALENT, 'unit = "FTE"', "unit = 3", ["researchers_now: unit: found 3", "string"]),
        (TALENT, "q50 = 300", 'q50 = "300"', ["researchers_now: quantiles.q50: found '300'", "number"]),
        (TALENT, "q50 = 300", "q50 = true", ["researchers_now: quantiles.q50: found True", "number"]),
        (TALENT, "q50 = 300", "q50 = nan", ["researchers_now: quantiles.q50: found nan", "finite"]),
        (TALENT, "q50 = 300", "q50 = inf", ["researchers_now: quantiles.q50: found inf", "finite"]),
        (TALENT, "q50 = 300", "q50 = ", ["malformed TOML", "line 9"]),
        (TALENT, "question = ", "# question = ", ["researchers_now: missing entry 'question'"]),
        (TALENT, RANGE, "quantiles = { q05 = 300, q50 = 155, q95 = 580 }", ["q05 = 300 and q50 = 155", "rise"]),
        (TALENT, "q05 = 155", "q05 = 0", ["researchers_now: quantiles: found q05 = 0", "lognormal: above 0"]),
        (TALENT, "q05 = 155", "q5 = 150, q05 = 155", ["researchers_now: quantiles", "q5", "q05"]),
        (TALENT, "q05 = 155", "low = 155", ["researchers_now: quantiles: found quantile 'low'", "q05, q50"]),
        (TALENT, RANGE, "quantiles = { q50 = 300 }", ["found 1 quantile", "at least two"]),
        (TALENT, RANGE, "value = 300", ["'lognormal' has 'quantiles' and no 'value'"]),
        (TALENT, 'family = "lognormal"', 'family = "constant"', ["a constant has a 'value' and no 'quantiles'"]),
        (TALENT, 'family = "lognormal"', 'family = "lognorml"', ["family: found 'lognorml'", "'logit_normal'"]),
        (TALENT, "change = ", "chnge = ", ["researchers_now: ", "history.0"]),
        (
            TALENT,
            "{ date = 2026-11-23, change",
            "{ date = 2026-11-23, who = 1, change",
            ["history.0.who", "date, change"],
        ),
        (
            ESSAY,
            "[parameters.max_research_cut]",
            "[parameters.max_research_ct]",
            ["'max_research_ct'; did you mean 'max_research_cut'?"],
        ),
        (ESSAY, "quantiles = ", "quantile = ", ["technical_talent_spread.quantile", "did you mean 'quantiles'?"]),
        (ESSAY, "q05 = 1.37", "q05 = 2", ["technical_talent_spread: quantiles: found q05 = 2 and q50 = 1.75"]),
        (ESSAY, "reason = ", "# reason = ", ["missing entry 'parameters.technical_talent_spread.reason'"]),
        (ESSAY, "description = ", "# description = ", ["missing entry 'description'"]),
    ],
)
def test_a_document_with_a_mistake_is_refused(
    folder: Path, document: str, old: str, new: str, fragments: list[str]
) -> None:
    edit(folder / document, old, new)
    with pytest.raises(InputError) as refusal:
        load_priors("essay", folder)
    message = str(refusal.value)
    assert message.startswith(f"{folder / document}: ")
    assert [fragment for fragment in fragments if fragment not in message] == []
    assert "\n" not in message


def test_an_unknown_worldview_is_refused_with_the_nearest_name(folder: Path) -> None:
    with pytest.raises(InputError) as refusal:
        load_priors("esay", folder)
    assert str(refusal.value) == (
        f"{folder / 'worldviews'}: unknown worldview 'esay'; did you mean 'essay'? "
        "(allowed: base, critic, essay, ml_authors, panel, safety_leaders, superforecasters)"
    )


def overwrite_with_latin(folder: Path) -> None:
    (folder / TALENT).write_bytes("# caf\xe9".encode("latin-1"))


def empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def make_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("")


def put_a_folder_in_its_place(folder: Path) -> None:
    (folder / TALENT).unlink()
    (folder / TALENT).mkdir()


@pytest.mark.parametrize(
    ("spoil", "fragments"),
    [
        (overwrite_with_latin, [TALENT, "not UTF-8 text (byte 5)"]),
        (empty, ["found no prior documents (*.toml)"]),
        (shutil.rmtree, ["found no prior documents (*.toml)"]),
        (make_a_file, ["found no prior documents (*.toml)"]),
        (put_a_folder_in_its_place, [TALENT, "can't be read (Is a directory)"]),
    ],
)
def test_a_folder_that_is_none_is_refused(folder: Path, spoil: Callable[[Path], None], fragments: list[str]) -> None:
    spoil(folder)
    with pytest.raises(InputError) as refusal:
        load_priors("base", folder)
    assert [part for part in [str(folder), *fragments] if part not in str(refusal.value)] == []


def test_an_unknown_parameter_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match=r"unknown parameter 'agi_yaer'; did you mean 'agi_year'\?"):
        load_priors()["agi_yaer"]


# Digests ----------------------------------------------------------------------------------------------------------


def test_the_digest_of_a_document_changes_with_it_and_no_other(folder: Path) -> None:
    before = load_priors("essay", folder).digests
    assert before == load_priors("essay").digests
    chapters = {path.name for path in folder.glob("*.toml")} - {
        "claims.toml",
        "contradictions.toml",
        "allocations.toml",
    }
    assert set(before) == {*chapters, "dates/late_2022.toml", "worldviews/base.toml", ESSAY}
    for document in (TALENT, ESSAY):
        edit(folder / document, "q50 = ", "q50 =  ")
        after = load_priors("essay", folder).digests
        assert {name for name, digest in after.items() if digest != before[name]} == {document}
        before = after


@pytest.mark.parametrize("stated", ["quantiles = { q05 = 2027.0, q50 = 2030.0, q95 = 2040.0 }", "value = 2031.0"])
def test_years_of_the_calendar_are_no_number_of_years(tmp_path: Path, stated: str) -> None:
    family = 'family = "constant"\n' if "value" in stated else ""
    mine = tmp_path / "mine.toml"
    mine.write_text(
        f'description = "Mine"\n[parameters.agi_year]\n{family}{stated}\nreason = "So I think."\n', encoding="utf-8"
    )
    with pytest.raises(InputError, match="a calendar year; allowed: years from late 2022"):
        toc_model.beliefs(str(mine), draws=20)


def test_years_of_the_calendar_are_refused_in_programs_too() -> None:
    beliefs = toc_model.beliefs("base", draws=20)
    for belief in (2031.0, toc_model.quantiles(2027, 2030, 2040)):
        with pytest.raises(InputError, match="a calendar year"):
            beliefs.with_(agi_year=belief, reason="So I think.")
