"""Gamma, beta and metalog entries of documents: read, patched, set, changed, shown, exported and learnt about."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from scipy import special, stats

import toc_model as toc
from tests.beliefs.bounded import GAIN, with_families
from tests.beliefs.village import STORY, copied, edit, read, write
from tests.toy import CASE
from tests.toy.conftest import printed
from toc_model.beliefs.assumed import assumed
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.distributions import FAMILIES
from toc_model.beliefs.evidence import Evidence
from toc_model.beliefs.exporting import worldview_document
from toc_model.beliefs.families import KINDS, FamilyName, Stated, fit
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.posterior import Posterior
from toc_model.beliefs.priors import Prior
from toc_model.beliefs.shapes import Beta, Gamma, MetalogShape
from toc_model.beliefs.shipped import Documents
from toc_model.engine.ranges import Range
from toc_model.errors import InputError
from toc_model.questions import priors as shown
from toc_model.questions.sensitivity import inputs_of
from toc_model.questions.update import update
from toc_model.questions.worldviews.own import check, new_document
from toc_model.statistics.averages import mean, quantiles
from toc_model.survey.learning.settings import Settings

SOWN = 'family = "normal"\nunit = "tonnes"\nquantiles = { q05 = 34.0, q50 = 40.0, q95 = 46.0 }'
JUMPED = 'family = "logit_normal"\nunit = "fraction"\nquantiles = { q05 = 0.1, q50 = 0.25, q95 = 0.5 }'
TOLD = "quantiles = { q25 = 20.0, q50 = 30.0, q75 = 50.0 }"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return with_families(tmp_path)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_families(tmp_path_factory.mktemp("families"))


@pytest.fixture(scope="module")
def beliefs(kept: Path) -> Beliefs:
    return load_beliefs(CASE, draws=400, priors=kept)


def sown(tmp_path: Path, stated: str) -> Prior:
    """What is sown, stated otherwise in a document."""
    mine = copied(tmp_path)
    edit(mine / "grain.toml", SOWN, f'unit = "tonnes"\n{stated}')
    found = read(mine)
    found.fail_if_differ(STORY)
    return found["sown_before"]


# Known answers through a document ---------------------------------------------------------------------------------


def test_quartiles_between_bounds_are_the_beta_of_the_vignette(tmp_path: Path) -> None:
    said = 'family = "beta"\nlower = 0\nupper = 100\nquantiles = { q25 = 25.0, q50 = 30.0, q75 = 40.0 }'
    found = sown(tmp_path, said).distribution
    assert isinstance(found.family, Beta)
    assert (found.family.a, found.family.b) == pytest.approx((5.45213, 11.6056), rel=1e-4)
    assert found.support == (0.0, 100.0)
    assert [float(found.quantile(level)) for level in (0.05, 0.95)] == pytest.approx([15.173, 51.224], rel=1e-4)


def test_quartiles_above_a_bound_are_the_gamma_of_the_vignette(tmp_path: Path) -> None:
    found = sown(tmp_path, f'family = "gamma"\n{TOLD}').distribution
    assert isinstance(found.family, Gamma)
    assert (found.family.shape, found.family.rate) == pytest.approx((2.35525, 0.0644657), rel=1e-4)
    assert found.support == (0.0, np.inf)


def test_a_bound_moves_a_gamma(tmp_path: Path) -> None:
    said = 'family = "gamma"\nlower = 100.0\nquantiles = { q25 = 120.0, q50 = 130.0, q75 = 150.0 }'
    found = sown(tmp_path, said).distribution.family
    assert isinstance(found, Gamma)
    assert (found.shape, found.rate) == pytest.approx((2.35525, 0.0644657), rel=1e-4)


def test_a_metalog_meets_all_its_quantiles(tmp_path: Path) -> None:
    said = 'family = "metalog"\nquantiles = { q10 = 2.0, q50 = 5.0, q90 = 12.0 }'
    found = sown(tmp_path, said)
    assert isinstance(found.distribution.family, MetalogShape)
    assert found.distribution.family.coefficients == pytest.approx((5, 2.275598, 2.275598), abs=1e-6)
    assert found.misfit == pytest.approx(0, abs=1e-9)
    assert found.distribution.method == "3 terms"


def test_a_bounded_metalog_is_one_of_the_logarithm(tmp_path: Path) -> None:
    said = 'family = "metalog"\nlower = 0.0\nquantiles = { q10 = 2.0, q50 = 5.0, q90 = 12.0 }'
    found = sown(tmp_path, said).distribution
    assert [float(found.quantile(level)) for level in (0.05, 0.95)] == pytest.approx([1.45954, 16.10629], abs=5e-6)


def test_fewer_terms_than_quantiles_are_least_squares(tmp_path: Path) -> None:
    said = 'family = "metalog"\nterms = 2\nquantiles = { q10 = 2.0, q50 = 5.0, q90 = 12.0 }'
    found = sown(tmp_path, said).distribution
    assert found.method == "2 terms, least squares"
    odds = special.logit([0.1, 0.5, 0.9])
    slope, middle = np.polyfit(odds, [2.0, 5.0, 12.0], 1)
    assert isinstance(found.family, MetalogShape)
    assert found.family.coefficients == pytest.approx((middle, slope))


def test_the_bounds_of_a_metalog_are_those_of_its_unit(tmp_path: Path) -> None:
    mine = copied(tmp_path)
    edit(mine / "deer.toml", JUMPED, JUMPED.replace("logit_normal", "metalog"))
    found = read(mine)["jumped"].distribution
    assert found.support == (0.0, 1.0)
    assert [float(found.quantile(level)) for level in (0.05, 0.5, 0.95)] == pytest.approx([0.1, 0.25, 0.5])
    assert sown(tmp_path / "other", f'family = "metalog"\n{TOLD}').distribution.support == (-np.inf, np.inf)


# Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (f'family = "normal"\nlower = 0.0\n{TOLD}', "lower: found 0 for normal; allowed with: gamma, beta, metalog"),
        (f'family = "gamma"\nupper = 90.0\n{TOLD}', "upper: found 90 for gamma; allowed with: beta, metalog"),
        (f'family = "beta"\nupper = 90.0\nterms = 3\n{TOLD}', "terms: found 3 for beta; allowed with: metalog"),
        ('family = "constant"\nvalue = 3.0\nlower = 1.0', "lower: found 1 for constant; allowed with: gamma"),
        (f'family = "beta"\n{TOLD}', "quantiles: found q25 = 20; allowed for beta: above 0 and below 1"),
        (f'family = "gamma"\nlower = 20.0\n{TOLD}', "quantiles: found q25 = 20; allowed for gamma: above 20"),
        (f'family = "metalog"\nupper = 50.0\n{TOLD}', "quantiles: found q75 = 50; allowed for metalog: below 50"),
        (f'family = "beta"\nlower = 9.0\nupper = 1.0\n{TOLD}', "found a support from 9 to 1; allowed: a lower bound"),
        (f'family = "metalog"\nterms = 4\n{TOLD}', "found 3 judgements for a metalog of 4 terms; allowed: at least 4"),
        (f'family = "metalog"\nterms = 11\n{TOLD}', "terms: found 11; input should be less than or equal to 10"),
        (f'family = "metalog"\nterms = 1\n{TOLD}', "terms: found 1; input should be greater than or equal to 2"),
        ('family = "gamma"\nquantiles = { q50 = 3.0 }', "quantiles: found 1 quantile; allowed: at least two"),
        (f'family = "gamma"\nvalue = 3.0\n{TOLD}', "the family 'gamma' has 'quantiles' and no 'value'"),
        (f'family = "gamma"\nlower = 5.0\nnil = 0.2\n{TOLD}', "nil: found 0.2 for gamma above 5"),
        (
            'family = "gamma"\nquantiles = { q05 = 0.99999, q95 = 1.00001 }',
            "quantiles: found quantiles so close that the shape of their gamma is 2.71e+10; allowed: up to 1e+07, by",
        ),
        (
            'family = "metalog"\nquantiles = { q10 = 1.0, q50 = 1.1, q90 = 100.0 }',
            "quantiles: metalog: found metalog coefficients 1.1, 22.53, 56.21, whose density is not positive",
        ),
    ],
)
def test_what_a_family_can_not_have_is_refused_with_file_and_entry(tmp_path: Path, stated: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        sown(tmp_path, stated)
    assert "grain.toml: sown_before: " in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ('family = "beta"\nlower = -1.0', "found beta above -1 and below 1"),
        ('family = "beta"\nupper = 1.5', "found beta above 0 and below 1.5"),
        ('family = "metalog"\nlower = -2.0', "found metalog above -2 and below 1"),
        ('family = "gamma"\nlower = 0.0', "found gamma above 0"),
    ],
)
def test_bounds_outside_what_the_parameter_can_be_are_refused(tmp_path: Path, stated: str, said: str) -> None:
    mine = copied(tmp_path)
    edit(mine / "deer.toml", 'family = "logit_normal"', stated)
    with pytest.raises(InputError) as refused:
        read(mine).fail_if_differ(STORY)
    assert f"deer.toml: jumped: {said}" in str(refused.value)
    assert "allowed: 0 to 1 (fraction), as 'lower' and 'upper' can say" in str(refused.value)


def test_families_that_have_no_room_are_refused_with_those_that_have(tmp_path: Path) -> None:
    mine = copied(tmp_path)
    edit(mine / "deer.toml", 'family = "logit_normal"', 'family = "gamma"')
    with pytest.raises(InputError, match=r"found family 'gamma'; allowed .*: logit_normal, beta, metalog, constant"):
        read(mine).fail_if_differ(STORY)


def test_every_family_has_a_name_in_documents() -> None:
    assert set(get_args(FamilyName)) == {*KINDS, "constant"}
    assert set(FAMILIES) < set(KINDS)


# Patches ----------------------------------------------------------------------------------------------------------

PATCH = '[parameters.sown_before]\nreason = "A test."\n'


@pytest.mark.parametrize(
    ("stated", "shape"),
    [
        ("quantiles = { q05 = 35.0, q95 = 47.0 }", ("gamma", 10.0, np.inf)),
        ("lower = 20.0\nquantiles = { q05 = 35.0, q95 = 47.0 }", ("gamma", 20.0, np.inf)),
        ('family = "gamma"\nquantiles = { q05 = 35.0, q95 = 47.0 }', ("gamma", 0.0, np.inf)),
        ('family = "metalog"\nupper = 90.0\nquantiles = { q05 = 35.0, q95 = 47.0 }', ("metalog", -np.inf, 90.0)),
        ("nil = 0.0", ("gamma", 10.0, np.inf)),
        ('family = "normal"\nquantiles = { q05 = 35.0, q95 = 47.0 }', ("normal", -np.inf, np.inf)),
    ],
)
def test_a_patch_keeps_bounds_unless_it_names_a_family(
    folder: Path, stated: str, shape: tuple[str, float, float]
) -> None:
    found = read(folder, write(folder, "mine", PATCH + stated))["sown_before"].distribution.family
    assert (found.name, found.lower, found.upper) == shape


def test_terms_are_those_of_the_quantiles_that_they_stand_beside(folder: Path) -> None:
    five = "terms = 4\nquantiles = { q05 = 1.0, q25 = 1.5, q50 = 2.0, q75 = 2.6, q95 = 3.6 }"
    edit(folder / "deer.toml", GAIN, five)
    assert read(folder)["fence_gain"].distribution.method == "4 terms, least squares"
    patch = '[parameters.fence_gain]\nreason = "A test."\nquantiles = { q05 = 1.0, q50 = 2.0, q95 = 3.6 }'
    assert read(folder, write(folder, "mine", patch))["fence_gain"].distribution.method == "3 terms"


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ("lower = 2.0", "has 'quantiles' and no 'value'"),
        ("terms = 2", "terms: found 2 for gamma; allowed with: metalog"),
    ],
)
def test_a_patch_that_states_more_than_nil_states_quantiles(folder: Path, beside: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(folder, write(folder, "mine", f"{PATCH}nil = 0.0\n{beside}"))


# Set and changed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "support"),
    [
        ("sown_before=30..50", "gamma", (10.0, np.inf)),
        ("jumped=20%..40%", "beta", (0.0, 1.0)),
        ("fence_gain=1..3", "metalog", (-np.inf, 9.0)),
        ("watch_gain[hill]=1..3", "gamma", (0.0, np.inf)),
    ],
)
def test_a_range_keeps_family_bounds_and_nil(kept: Path, text: str, name: str, support: tuple[float, float]) -> None:
    before = read(kept)
    (entry,) = [entry for entry in before.entries if text.startswith(f"{entry}=")]
    found = assumed(STORY, None, before, [text])[entry].distribution
    assert (found.family.name, found.support, found.nil) == (name, support, before[entry].distribution.nil)
    low, high = (float(found.given_some(level)) for level in (0.05, 0.95))
    assert (low, high) == pytest.approx(tuple(assumed_ends(text)), rel=1e-6)


def test_a_range_has_two_terms_whatever_was_stated(folder: Path) -> None:
    edit(folder / "deer.toml", GAIN, f"terms = 3\n{GAIN}")
    found = assumed(STORY, None, read(folder), ["fence_gain=1..3"])["fence_gain"].distribution
    assert (found.method, found.support) == ("2 terms", (-np.inf, 9.0))


def test_what_a_program_gives_is_judged_by_its_draws(beliefs: Beliefs) -> None:
    """A normal about a half has room beyond a fraction's range, where none of these draws is."""
    changed = beliefs.with_(jumped=stats.norm(0.5, 0.01), reason="a test")
    assert float(changed.parameters["jumped"].mean()) == pytest.approx(0.5, abs=0.01)


def assumed_ends(text: str) -> list[float]:
    ends = text.partition("=")[2].split("..")
    return [float(end.rstrip("%")) / (100 if end.endswith("%") else 1) for end in ends]


def test_a_number_is_certain_and_lies_where_the_family_does(kept: Path) -> None:
    found = assumed(STORY, None, read(kept), ["sown_before=12"])["sown_before"]
    assert found.distribution.is_constant
    assert (found.entry.family, found.entry.lower) == ("constant", None)
    with pytest.raises(InputError, match=r"set 'sown_before=9': found 9; allowed: 10 or more \(gamma\)"):
        assumed(STORY, None, read(kept), ["sown_before=9"])


def test_quantiles_of_a_program_keep_bounds_or_state_them(beliefs: Beliefs) -> None:
    kept = beliefs.with_(sown_before=toc.quantiles(35, 40, 47), reason="a test").priors["sown_before"].distribution
    assert (kept.family.name, kept.family.lower) == ("gamma", 10.0)
    stated = toc.quantiles(35, 40, 47, family="beta", lower=30.0, upper=60.0)
    changed = beliefs.with_(sown_before=stated, reason="a test")
    assert changed.priors["sown_before"].distribution.support == (30.0, 60.0)
    assert "sown_before as beta above 30 and below 60 with q05 35, q50 40, q95 47" in changed.rests_on()
    old, new = beliefs.parameters["sown_before"].values, changed.parameters["sown_before"].values
    assert (np.argsort(old) == np.argsort(new)).all()
    metalog = toc.quantiles(0.2, 0.3, 0.5, family="metalog")
    assert beliefs.with_(jumped=metalog, reason="a test").priors["jumped"].distribution.support == (0.0, 1.0)
    with pytest.raises(InputError, match="sown_before: lower: found 3 for lognormal"):
        beliefs.with_(sown_before=toc.quantiles(35, 40, 47, family="lognormal", lower=3.0), reason="a test")


# Draws ------------------------------------------------------------------------------------------------------------


def test_draws_are_those_of_the_scores_that_other_families_have(kept: Path) -> None:
    """So that worldviews share them, and factors and correlations mean the same."""
    here, there = load_beliefs(CASE, draws=500, priors=kept), load_beliefs(CASE, draws=500)
    for entry in ("fence_gain", "jumped", "sown_before", "toil"):
        one, other = (beliefs.priors[entry].distribution for beliefs in (here, there))
        scores = other.to_latent(there.parameters[entry].values)
        np.testing.assert_allclose(one.to_latent(here.parameters[entry].values), scores, atol=1e-8)
    hill = [beliefs.parameters["watch_gain"].sel(field="hill").values for beliefs in (here, there)]
    assert np.mean(hill[0] == 0) == pytest.approx(0.2, abs=0.05)


def test_scores_of_inputs_come_back_for_sensitivity(beliefs: Beliefs) -> None:
    inputs = inputs_of(beliefs, beliefs.documents.allocations(), "plan")
    again = inputs.from_scores(inputs.scores(inputs.table))
    np.testing.assert_allclose(again, inputs.table, rtol=1e-6, atol=1e-9)


# Shown ------------------------------------------------------------------------------------------------------------


def test_a_page_says_bounds_and_parameters(kept: Path) -> None:
    documents = Documents.of(CASE, kept)
    assert "gamma above 10 (shape" in str(shown.prior(documents, "sown_before"))
    assert "by least squares on probabilities" in str(shown.prior(documents, "jumped"))
    page = shown.prior(documents, "fence_gain")
    assert "metalog below 9 (a1" in str(page)
    assert {name: page.to_dict()[name] for name in ("lower", "upper", "terms")} == {
        "lower": None,
        "upper": 9.0,
        "terms": None,
    }
    assert page.density is not None
    assert np.isfinite(page.density.y).all()
    assert (page.density.y > 0).all()


@pytest.mark.parametrize("entry", ["fence_gain", "jumped", "watch_gain[hill]", "sown_before"])
def test_a_density_is_plotted(kept: Path, entry: str) -> None:
    assert shown.prior(Documents.of(CASE, kept), entry).plot().axes


def test_all_quantiles_are_met_or_told(kept: Path, folder: Path) -> None:
    assert shown.check(Documents.of(CASE, kept)).missed == ()
    edit(folder / "grain.toml", "q05 = 34.0, q50 = 40.0, q95 = 46.0", "q05 = 11.0, q50 = 40.0, q95 = 41.0")
    (missed,) = shown.check(Documents.of(CASE, folder)).missed
    assert (missed.prior.name, missed.prior.distribution.method) == ("sown_before", "least squares on probabilities")


def test_a_template_has_the_bounds_of_the_family(kept: Path, tmp_path: Path) -> None:
    import pandas as pd

    table = tmp_path / "ask.csv"
    names = "sown_before,jumped,fence_gain"
    printed("survey", "template", "--nodes", names, "--out", table, "--priors", kept)
    found = pd.read_csv(table).drop_duplicates("target")
    asked = {row["target"]: [row["lower"], row["upper"]] for _, row in found.iterrows()}
    assert asked["sown_before"] == pytest.approx([10.0, np.nan], nan_ok=True)
    assert asked["jumped"] == [0.0, 1.0]
    assert asked["fence_gain"] == pytest.approx([np.nan, 9.0], nan_ok=True)


def test_a_document_of_one_s_own_keeps_terms_and_bounds(folder: Path, tmp_path: Path) -> None:
    edit(folder / "deer.toml", GAIN, f"terms = 2\n{GAIN}")
    documents, path = Documents.of(CASE, folder), tmp_path / "own.toml"
    new_document(documents, path, "almanac")
    lines = [line.removeprefix("# ") for line in path.read_text(encoding="utf-8").splitlines()]
    kept = ("[param", "quantiles", "terms", "nil", "descr", "based")
    text = "\n".join(line for line in lines if line.startswith(kept))
    path.write_text(text.replace("\nquantiles", '\nreason = "A test."\nquantiles'), encoding="utf-8")
    own = documents.priors(str(path))
    for name, prior in documents.priors().entries.items():
        assert own[name].distribution == prior.distribution, name
    edit(path, "q50 = 40", "q50 = 41")
    assert check(documents, path).to_dict()["entries"]["sown_before"]["own"] == "34 / 41 / 46, lower 10"


# Exported ---------------------------------------------------------------------------------------------------------


def exported(folder: Path, changed: Mapping[str, Any], worldview: str = "") -> str:
    """A worldview of the folder made of draws of a posterior, some of which were moved on the normal scale."""
    priors = read(folder, worldview)
    draws = priors.draw(STORY, 4000, seed=1)
    for name, (move, spread) in changed.items():
        found = priors[name].distribution
        z = move + spread * found.to_latent(draws[name].values)
        draws[name] = draws[name].copy(data=found.from_latent(z))
    record = Evidence(source_id="test", digest="")
    posterior = Posterior(priors, (record,), (), draws)
    text = worldview_document(STORY, posterior, "For a test.")
    (folder / "worldviews" / "learnt.toml").write_text(text, encoding="utf-8")
    return "learnt"


def test_patches_that_are_exported_read_back_to_the_same_distributions(folder: Path) -> None:
    patches = (
        '[parameters.sown_before]\nreason = "A."\nfamily = "beta"\nlower = 20.0\nupper = 60.0\n'
        "quantiles = { q05 = 34.0, q50 = 40.0, q95 = 46.0 }\n"
        '[parameters.fence_gain]\nreason = "B."\nfamily = "metalog"\nterms = 3\nlower = 0\n'
        "quantiles = { q05 = 1.0, q25 = 1.5, q50 = 2.0, q95 = 3.6 }\n"
        '[parameters.toil]\nreason = "C."\nfamily = "gamma"\nnil = 0.1\nquantiles = { q05 = 0.05, q95 = 0.2 }\n'
        '[parameters.jumped]\nreason = "D."\nfamily = "metalog"\nquantiles = { q05 = 0.1, q50 = 0.3, q95 = 0.5 }\n'
    )
    before = read(folder, write(folder, "stated", patches))
    after = read(folder, exported(folder, {}, "stated"))
    for name in ("sown_before", "fence_gain", "toil", "jumped"):
        assert after[name].distribution == before[name].distribution, name
        assert after[name].entry.stated == before[name].entry.stated, name


@pytest.mark.parametrize(("name", "error"), [("sown_before", 0.01), ("fence_gain", 1e-9), ("jumped", 0.01)])
def test_what_was_learnt_about_is_exported_with_its_family(folder: Path, name: str, error: float) -> None:
    """As normal scores with mean 0.8 and standard deviation 0.7 say: a metalog at the levels that were elicited."""
    edit(folder / "deer.toml", GAIN, "quantiles = { q05 = 0.8, q25 = 1.6, q50 = 2.0, q75 = 2.7, q95 = 3.6 }")
    before = read(folder)[name].distribution
    after = read(folder, exported(folder, {name: (0.8, 0.7)}))[name].distribution
    assert (after.family.name, after.support) == (before.family.name, before.support)
    z = before.to_latent(read(folder).draw(STORY, 4000, seed=1)[name].values)
    middle, spread = 0.8 + 0.7 * z.mean(), 0.7 * z.std()
    for level in (0.05, 0.25, 0.5, 0.75, 0.95):
        wanted = float(special.ndtr(middle + spread * special.ndtri(level)))
        at = float(before.quantile(wanted))
        assert after.below_given_some(at) == pytest.approx(level, abs=error)


def test_a_metalog_that_has_become_too_skewed_is_exported_with_fewer_terms(folder: Path) -> None:
    edit(folder / "deer.toml", f"upper = 9.0\n{GAIN}", "quantiles = { q10 = 2.0, q50 = 3.6, q90 = 11.0 }")
    found = read(folder, exported(folder, {"fence_gain": (0.0, 2.0)}))["fence_gain"]
    assert found.entry.terms == 2
    assert isinstance(found.distribution.family, MetalogShape)


# Learnt -----------------------------------------------------------------------------------------------------------

ANSWERS = Path(__file__).parents[1] / "toy" / "answers.csv"


def test_weights_learn_about_a_beta(kept: Path, tmp_path: Path) -> None:
    """Neighbours say that more deer jump; the draws are those of the prior, reweighted."""
    long, path = tmp_path / "long.csv", tmp_path / "posterior.nc"
    printed("survey", "import", "neighbours", ANSWERS, "--out", long, "--priors", kept)
    prior = load_beliefs(CASE, draws=2000, priors=kept)
    found = update(prior, [long], settings=Settings(draws=4000, sampler="weights"))
    found.learned.save(path, accepted=True)
    posterior = load_beliefs(CASE, str(path), priors=kept)
    assert float(mean(posterior.parameters["jumped"])) > float(mean(prior.parameters["jumped"])) + 0.05
    assert posterior.priors["jumped"].distribution.family.name == "beta"
    low, high = quantiles(posterior.parameters["jumped"], [0.05, 0.95])
    assert 0 < low < high < 1
    said = printed("worldviews", "from-posterior", path, "--out", tmp_path / "learnt.toml")
    assert "harvest" in said
    copy = load_beliefs(CASE, str(tmp_path / "learnt.toml"), priors=kept)
    assert copy.priors["jumped"].distribution.family.name == "beta"
    assert float(mean(copy.parameters["jumped"])) == pytest.approx(
        float(mean(posterior.parameters["jumped"])), abs=0.02
    )


def test_a_camp_reranks_scores_of_such_families(kept: Path) -> None:
    """An entry that the caller sets keeps its order among the draws that are picked, and has its own quantiles."""
    found = load_beliefs(CASE, "millers", draws=400, priors=kept, sets=["sown_before=30..40"])
    assert np.quantile(found.parameters["sown_before"], [0.05, 0.95]) == pytest.approx([30, 40], abs=0.5)


def test_fits_are_those_of_possible_values() -> None:
    found = fit("metalog", {0.1: 0.2, 0.9: 0.5}, possible=Range(0.0, 1.0))
    assert found.support == (0.0, 1.0)
    assert fit("metalog", {0.1: 0.2, 0.9: 0.5}, Stated(upper=2.0), Range(0.0)).support == (0.0, 2.0)
