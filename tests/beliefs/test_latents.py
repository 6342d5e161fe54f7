"""What varies together, what may be nil, and whom a worldview is based on: read from the documents of the toy."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from tests.beliefs.village import STORY, copied, edit, read, write
from tests.toy import CASE
from toc_model.beliefs.changed import quantiles
from toc_model.beliefs.distributions import FAMILIES, fit, with_nil
from toc_model.beliefs.evidence import Evidence
from toc_model.beliefs.exporting import latent_scores, worldview_document
from toc_model.beliefs.latents import (
    Correlation,
    factor_correlations,
    fail_if_correlations_impossible,
    reranked,
)
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.posterior import Posterior
from toc_model.beliefs.priors import in_words
from toc_model.engine.overrides import parse_overrides
from toc_model.errors import InputError
from toc_model.questions.sensitivity import inputs_of, sensitivity


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


# Factors ----------------------------------------------------------------------------------------------------------


def test_factors_are_read_and_are_sources(folder: Path) -> None:
    priors = read(folder)
    assert [factor.name for factor in priors.factors] == ["vigour", "wits"]
    assert priors.sources == (*priors.uncertain, "vigour", "wits")
    assert "factors.toml" in priors.digests
    assert priors.label("vigour") == "vigour (shared)"


def test_entries_of_one_factor_correlate_as_the_product_of_their_loadings(folder: Path) -> None:
    priors = read(folder)
    sources = priors.drawn_sources(50_000, seed=3)
    latent = priors.latents({name: sources.sel(source=name).values for name in priors.sources})
    names = list(latent)
    found = np.corrcoef(np.stack(list(latent.values())))
    stated = {("fence_gain", "toil"): -0.48, ("fence_gain", "sown_before"): 0.4, ("toil", "sown_before"): -0.3}
    stated |= {("jumped", "toil"): 0.45}
    wanted = np.eye(len(names))
    for (one, other), value in stated.items():
        i, j = names.index(one), names.index(other)
        wanted[i, j] = wanted[j, i] = value
    assert np.abs(found - wanted).max() < 0.02
    np.testing.assert_allclose(factor_correlations(priors.factors, names), wanted, atol=1e-12)
    for name in names:
        assert stats.kstest(latent[name], "norm").pvalue > 1e-4, name


def test_draws_are_made_of_the_sources(folder: Path) -> None:
    priors = read(folder)
    drawn = priors.draw(STORY, 30, seed=5)
    assert drawn.identical(priors.from_sources(STORY, priors.drawn_sources(30, seed=5)))
    own = priors.drawn_sources(30, seed=5).sel(source="watch_gain[valley]").values
    prior = priors["watch_gain[valley]"].distribution
    np.testing.assert_array_equal(drawn["watch_gain"].sel(field="valley"), prior.from_latent(own))


def test_more_draws_begin_with_the_same_and_a_factor_leaves_the_rest_alone(folder: Path) -> None:
    with_factors = read(folder)
    (folder / "factors.toml").unlink()
    without = read(folder)
    assert without.factors == ()
    assert "factors.toml" not in without.digests
    few, many = with_factors.drawn_sources(5, seed=2), with_factors.drawn_sources(9, seed=2)
    assert few.identical(many.isel(draw=slice(5)))
    assert without.drawn_sources(9, seed=2).identical(many.sel(source=list(without.sources)))
    one, other = (priors.draw(STORY, 9, seed=2) for priors in (with_factors, without))
    assert one["watch_gain"].identical(other["watch_gain"])
    assert not one["toil"].equals(other["toil"])


def test_sources_may_have_chains(folder: Path) -> None:
    priors = read(folder)
    sources = priors.drawn_sources(12, seed=1)
    chains = sources.values.reshape(3, 4, -1)
    table = sources.isel(draw=slice(4)).expand_dims(chain=3).copy(data=chains)
    found = priors.from_sources(STORY, table.transpose("source", "chain", "draw"))
    assert found["watch_gain"].dims == ("chain", "draw", "field")
    flat = priors.from_sources(STORY, sources)
    np.testing.assert_array_equal(found["toil"].values.reshape(-1), flat["toil"])


def test_scores_of_draws_are_the_latents(folder: Path) -> None:
    edit(folder / "deer.toml", "[fence_gain]", "[fence_gain]\nnil = 0.3")
    priors = read(folder)
    sources = priors.drawn_sources(500, seed=4)
    latent = priors.latents({name: sources.sel(source=name).values for name in priors.sources})
    draws = priors.from_sources(STORY, sources)
    scores = latent_scores(STORY, priors, draws)
    nil = {"fence_gain": draws["fence_gain"].values, "watch_gain[hill]": draws["watch_gain"].sel(field="hill").values}
    for name, z in latent.items():
        some = nil[name] != 0 if name in nil else np.ones(500, bool)
        np.testing.assert_allclose(scores[name][some], z[some], atol=1e-8, err_msg=name)
        assert len(set(scores[name][~some])) == (name in nil)
    assert [float(np.mean(values == 0)) for values in nil.values()] == pytest.approx([0.3, 0.2], abs=0.06)


def test_a_constant_of_a_worldview_varies_with_nothing(folder: Path) -> None:
    name = write(folder, "sure", '[parameters.toil]\nfamily = "constant"\nvalue = 0.1\nreason = "Measured."')
    priors = read(folder, name)
    assert "toil" not in priors.sources
    assert (priors.draw(STORY, 5, seed=1)["toil"] == 0.1).all()


@pytest.mark.parametrize(
    ("old", "new", "fragments"),
    [
        ("jumped = 0.9", "jumpd = 0.9", ["wits: loadings: unknown entry 'jumpd'; did you mean 'jumped'?"]),
        ('name = "wits"', 'name = "vigour"', ["factors: found the name 'vigour' twice"]),
        ('name = "wits"', 'name = "toil"', ["toil: found the name of a parameter"]),
        ('name = "wits"', 'name = "watch_gain"', ["watch_gain: found the name of a parameter"]),
        ("toil = 0.5", "toil = 0.8", ["loadings of toil: found squares that add up to 1", "less than 1"]),
        ("jumped = 0.9", "jumped = -1.2", ["loadings of jumped: found squares that add up to 1.44"]),
        ("jumped = 0.9", "jumped = nan", ["factors.1.loadings.jumped", "found nan"]),
        ('reason = "Deer learn."', "", ["missing entry 'factors.1.reason'"]),
        ("loadings = { toil = 0.5, jumped = 0.9 }", "loadings = {}", ["factors.1.loadings: found {}"]),
        ("reason = ", "strength = 1\nreason = ", ["factors.0.strength"]),
    ],
)
def test_factors_that_can_not_be_are_refused(folder: Path, old: str, new: str, fragments: list[str]) -> None:
    edit(folder / "factors.toml", old, new)
    with pytest.raises(InputError) as refusal:
        read(folder)
    assert str(refusal.value).startswith(f"{folder / 'factors.toml'}: ")
    assert [fragment for fragment in fragments if fragment not in str(refusal.value)] == []


def test_a_constant_has_no_factor(folder: Path) -> None:
    edit(folder / "grain.toml", 'family = "normal"', 'family = "constant"')
    edit(folder / "grain.toml", "quantiles = { q05 = 34.0, q50 = 40.0, q95 = 46.0 }", "value = 40.0")
    with pytest.raises(InputError, match="vigour: loadings: sown_before is a constant"):
        read(folder)


def test_correlations_are_between_entries_without_a_factor(folder: Path) -> None:
    with pytest.raises(InputError, match=r"farmer.toml: correlations: found fence_gain, which varies with vigour; all"):
        read(folder, "farmer")


# Nil --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nil", "fragments"),
    [("1.5", ["fence_gain: nil: found 1.5", "less than or equal to 1"]), ("-0.1", ["nil: found -0.1"])],
)
def test_a_probability_of_nil_is_one(folder: Path, nil: str, fragments: list[str]) -> None:
    edit(folder / "deer.toml", "[fence_gain]", f"[fence_gain]\nnil = {nil}")
    with pytest.raises(InputError) as refusal:
        read(folder)
    assert [fragment for fragment in fragments if fragment not in str(refusal.value)] == []


def test_a_family_above_1_is_never_nil(folder: Path) -> None:
    name = write(
        folder,
        "odd",
        '[parameters.fence_gain]\nfamily = "lognormal_above_1"\nnil = 0.2\nreason = "R."\n'
        "quantiles = { q05 = 1.5, q95 = 3.0 }",
    )
    with pytest.raises(InputError, match=r"odd.toml: parameters.fence_gain: nil: found 0.2 for lognormal_above_1"):
        read(folder, name)


def test_a_worldview_may_patch_nil_alone_and_keep_it(folder: Path) -> None:
    edit(folder / "deer.toml", "[fence_gain]", "[fence_gain]\nnil = 0.3")
    before = read(folder)["fence_gain"]
    doubt = write(folder, "doubt", '[parameters.fence_gain]\nnil = 0.6\nreason = "Doubt."')
    patched = read(folder, doubt)["fence_gain"]
    assert (patched.entry.nil, patched.distribution.nil, patched.quantiles) == (0.6, 0.6, before.quantiles)
    other = write(
        folder, "other", '[parameters.fence_gain]\nquantiles = { q05 = 1.0, q50 = 2.0, q95 = 3.0 }\nreason = "R."'
    )
    assert read(folder, other)["fence_gain"].distribution.nil == 0.3
    sure = write(folder, "sure", '[parameters.fence_gain]\nfamily = "constant"\nvalue = 1.0\nreason = "R."')
    assert read(folder, sure)["fence_gain"].distribution.nil == 0


# Sources, status and chains of worldviews -------------------------------------------------------------------------

PATCH = "[parameters.jumped]\nquantiles = { q05 = 0.5, q50 = 0.75, q95 = 0.9 }\n"


@pytest.mark.parametrize(
    ("said", "status", "source"),
    [
        ('reason = "R."', "assumption", "R."),
        ('reason = "R."\nsource = "A study."', "published", "A study."),
        ('reason = "R."\nsource = "A study."\nstatus = "village"', "village", "A study."),
    ],
)
def test_what_a_worldview_gives_no_source_for_is_its_assumption(
    folder: Path, said: str, status: str, source: str
) -> None:
    assert read(folder)["jumped"].entry.status == "published"
    found = read(folder, write(folder, "one", PATCH + said))["jumped"]
    assert (found.entry.status, found.entry.source, found.reason) == (status, source, "R.")


@pytest.mark.parametrize(
    ("said", "fragment"),
    [
        ('reason = "R."\nstatus = "village"', "parameters.jumped: found a status without a source"),
        ('reason = "R."\nsource = "S."\nstatus = "rumour"', "unknown status 'rumour'"),
    ],
)
def test_a_status_is_known_and_of_a_source(folder: Path, said: str, fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        read(folder, write(folder, "one", PATCH + said))


def test_a_worldview_may_be_based_on_another(folder: Path) -> None:
    (folder / "factors.toml").unlink()
    write(
        folder,
        "mild",
        'based_on = "farmer"\n[parameters.fence_gain]\nnil = 0.2\nreason = "Mild."\n'
        '[[correlations]]\nbetween = ["toil", "fence_gain"]\nvalue = 0.5\nreason = "More so."',
    )
    milder = write(folder, "milder", f'based_on = "mild"\n{PATCH}reason = "Milder."')
    found, farmer = read(folder, milder), read(folder, "farmer")
    assert found["toil"] == farmer["toil"]
    assert found["fence_gain"].quantiles == farmer["fence_gain"].quantiles
    assert (found["fence_gain"].reason, found["fence_gain"].distribution.nil) == ("Mild.", 0.2)
    assert found["jumped"].reason == "Milder."
    assert [(one.value, one.reason) for one in found.correlations] == [(0.5, "More so.")]
    assert {f"worldviews/{name}.toml" for name in ("farmer", "mild", "milder")} <= set(found.digests)
    assert found.worldview == "milder"
    assert found.description == "For a test."


def test_a_worldview_may_say_that_it_is_based_on_the_base(folder: Path) -> None:
    plain, said = (write(folder, "one", f'{start}{PATCH}reason = "R."') for start in ("", 'based_on = "almanac"\n'))
    assert read(folder, plain).entries == read(folder, said).entries


@pytest.mark.parametrize(
    ("bases", "fragments"),
    [
        ({"a": "farmr"}, ["a.toml: based_on: unknown worldview 'farmr'; did you mean 'farmer'?"]),
        ({"a": "a"}, ["a.toml: based_on: found a circle: a on a"]),
        ({"a": "b", "b": "c", "c": "b"}, ["c.toml: based_on: found a circle: a on b on c on b"]),
    ],
)
def test_chains_end(folder: Path, bases: dict[str, str], fragments: list[str]) -> None:
    for name, base in bases.items():
        write(folder, name, f'based_on = "{base}"')
    with pytest.raises(InputError) as refusal:
        read(folder, "a")
    assert [fragment for fragment in fragments if fragment not in str(refusal.value)] == []


# Worldviews of posteriors -------------------------------------------------------------------------------------------


def test_a_posterior_s_worldview_keeps_nil_factors_and_status(folder: Path) -> None:
    """Draws of another prior stand for a posterior: half as likely to be nil, and larger where it is not."""
    priors = read(folder)
    entry = "watch_gain[hill]"
    other = with_nil(fit(FAMILIES["normal"], {0.05: 3.0, 0.5: 5.0, 0.95: 7.0}), 0.1)
    found = replace(priors, entries={**priors.entries, entry: replace(priors[entry], distribution=other)})
    evidence = (Evidence(source_id="neighbours", digest="none"),)
    posterior = Posterior(priors, evidence, (), found.draw(STORY, 20_000, seed=6))
    path = folder / "worldviews" / "later.toml"
    path.write_text(worldview_document(STORY, posterior, "Later."), encoding="utf-8")
    later = read(folder, "later")
    assert {name for name, prior in later.entries.items() if prior.reason} == {entry}
    assert later[entry].distribution.nil == pytest.approx(0.1, abs=0.01)
    assert list(later[entry].quantiles.values()) == pytest.approx([3.0, 5.0, 7.0], abs=0.05)
    assert later[entry].entry.status == priors[entry].entry.status
    assert later[entry].entry.source == "Posterior of almanac + neighbours."
    assert (later.factors, later.correlations) == (priors.factors, ())


def test_a_posterior_s_worldview_keeps_what_its_worldview_changed(folder: Path) -> None:
    said = '[parameters.toil]\nfamily = "constant"\nvalue = 0.1\nreason = "R."\nsource = "S."\n'
    other = '[parameters.sown_before]\nfamily = "lognormal"\nquantiles = { q05 = 30.0, q95 = 50.0 }\nreason = "R."'
    priors = read(folder, write(folder, "one", said + other))
    evidence = (Evidence(source_id="neighbours", digest="none"),)
    posterior = Posterior(priors, evidence, (), priors.draw(STORY, 20_000, seed=6))
    path = folder / "worldviews" / "later.toml"
    path.write_text(worldview_document(STORY, posterior, "Later."), encoding="utf-8")
    later = read(folder, "later")
    for name in ("toil", "sown_before"):
        assert later[name].distribution == priors[name].distribution
        assert (later[name].entry.source, later[name].entry.status) == (
            priors[name].entry.source,
            priors[name].entry.status,
        )


# In a program -----------------------------------------------------------------------------------------------------


def test_a_program_may_say_how_likely_nil_is(folder: Path) -> None:
    edit(folder / "deer.toml", "[fence_gain]", "[fence_gain]\nnil = 0.3")
    beliefs = load_beliefs(CASE, draws=2000, priors=folder)
    for nil, share in ((None, 0.3), (0.6, 0.6), (0.0, 0.0)):
        changed = beliefs.with_(fence_gain=quantiles(1.0, 2.0, 3.0, nil=nil), reason="A test.")
        assert float((changed.parameters["fence_gain"] == 0).mean()) == pytest.approx(share, abs=0.03)
        assert ("nil with probability" in changed.rests_on()) == (share > 0)


def test_what_draws_rest_on_names_the_factors(folder: Path) -> None:
    said = load_beliefs(CASE, draws=20, priors=folder).rests_on()
    assert "vary together where they share a factor (vigour, wits)" in said


# Sensitivity ------------------------------------------------------------------------------------------------------


def test_entries_bound_by_factors_have_one_density(folder: Path) -> None:
    beliefs = load_beliefs(CASE, draws=200, priors=folder)
    posterior = replace(beliefs, evidence=(Evidence(source_id="a test", digest="none"),))
    found = sensitivity(posterior, beliefs.documents.allocations(), method="power-scaling")
    assert set(found.entries) == {"(all)", "watch_gain[hill]", "watch_gain[valley]", "vigour + wits"}


def test_sources_of_draws_that_a_program_gave_are_those_of_their_ranks(folder: Path) -> None:
    beliefs = load_beliefs(CASE, draws=200, priors=folder)
    own = np.random.default_rng(3).uniform(1, 3, 200)
    changed = beliefs.with_(fence_gain=own, reason="A test.").with_overrides(parse_overrides(["toil*=2"], "before"))
    asked = inputs_of(changed, beliefs.documents.allocations())
    np.testing.assert_allclose(asked.model_of_sources(asked.sources), asked.outcomes, atol=1e-9)


# Labels -----------------------------------------------------------------------------------------------------------


def test_an_entry_is_called_by_its_label(folder: Path) -> None:
    priors = read(folder)
    assert priors["toil"].label == priors.label("toil") == "toil of building"
    assert priors.label("watch_gain") == "watch gain"


@pytest.mark.parametrize(
    ("name", "words"), [("agi_year", "agi year"), ("watch_gain[hill]", "watch gain hill"), ("x[a;b]", "x a b")]
)
def test_without_a_label_the_name_is_in_words(name: str, words: str) -> None:
    assert in_words(name) == words


@pytest.mark.parametrize(
    ("label", "fragments"),
    [
        ("the toil of building a long fence", ["toil: label: found 'the toil", "at most 30 characters"]),
        ("sown before the fence", ["toil: label: found 'sown before the fence', which is that of sown_before"]),
    ],
)
def test_labels_are_short_and_differ(folder: Path, label: str, fragments: list[str]) -> None:
    edit(folder / "grain.toml", '"toil of building"', f'"{label}"')
    with pytest.raises(InputError) as refusal:
        read(folder)
    assert [fragment for fragment in fragments if fragment not in str(refusal.value)] == []


# Ranges -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patch", "fragments"),
    [
        (
            'family = "lognormal"\nquantiles = { q05 = 0.1, q95 = 0.5 }',
            [
                "worldview 'one': jumped: found family 'lognormal'",
                "for values of 0 to 1 (fraction): logit_normal, beta, metalog, constant",
            ],
        ),
        ('family = "normal"\nquantiles = { q05 = 0.1, q95 = 0.5 }', ["found family 'normal'"]),
        ('family = "constant"\nvalue = 1.5', ["jumped: value: found 1.5; allowed: 0 to 1 (fraction)"]),
    ],
)
def test_a_worldview_stays_in_the_range_of_a_unit(folder: Path, patch: str, fragments: list[str]) -> None:
    priors = read(folder, write(folder, "one", f'[parameters.jumped]\n{patch}\nreason = "R."'))
    with pytest.raises(InputError) as refusal:
        priors.draw(STORY, 5, 1)
    assert [fragment for fragment in fragments if fragment not in str(refusal.value)] == []


def test_a_chapter_stays_in_the_range_of_a_unit(folder: Path) -> None:
    edit(folder / "deer.toml", 'family = "logit_normal"', 'family = "lognormal"')
    with pytest.raises(InputError, match=r"mine: deer.toml: jumped: found family 'lognormal'"):
        read(folder).fail_if_differ(STORY)


def test_a_limit_of_a_range_is_allowed_to_a_constant(folder: Path) -> None:
    name = write(folder, "one", '[parameters.jumped]\nfamily = "constant"\nvalue = 1.0\nreason = "R."')
    read(folder, name).fail_if_differ(STORY)


# Latents themselves -----------------------------------------------------------------------------------------------


def test_scores_that_are_ranked_anew_keep_their_order_and_are_standard_normal() -> None:
    rng = np.random.default_rng(3)
    given = {"a": 5 + rng.exponential(size=999), "b": rng.standard_normal(999)}
    found = reranked(given, frozenset({"a"}))
    np.testing.assert_array_equal(found["b"], given["b"])
    np.testing.assert_array_equal(np.argsort(found["a"]), np.argsort(given["a"]))
    np.testing.assert_allclose(np.sort(found["a"]), -np.sort(found["a"])[::-1], atol=1e-12)
    assert np.median(found["a"]) == pytest.approx(0, abs=1e-12)
    assert found["a"].std() == pytest.approx(1, abs=0.01)


def test_correlations_that_leave_nothing_of_one_s_own_are_refused() -> None:
    """With .6 and .8 to two that are independent of each other, the first would be a sum of theirs."""
    stated = [
        Correlation(between=["a", "b"], value=0.6, reason="R."),
        Correlation(between=["a", "c"], value=0.8, reason="R."),
    ]
    with pytest.raises(InputError, match="not positive definite"):
        fail_if_correlations_impossible(stated, (), ("a", "b", "c"), "mine.toml")
    nearly = [stated[0], stated[1].model_copy(update={"value": 0.79})]
    fail_if_correlations_impossible(nearly, (), ("a", "b", "c"), "mine.toml")
