"""Posteriors as files that later commands rest on, and what is counted twice."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from scipy import special, stats

from tests.conftest import Toc
from tests.shipped import DOCUMENTS, STORY, load_allocations, load_beliefs, load_priors
from tests.survey.surveys import SurveyFiles
from toc_model.beliefs.evidence import Evidence, fail_if_counted_twice
from toc_model.beliefs.loading import beliefs_of
from toc_model.beliefs.posterior import Posterior, load_posterior
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.questions.run import run
from toc_model.statistics.averages import sd
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.update import Learned


def test_a_posterior_holds_the_log_likelihood_of_its_draws(updated: Learned, tmp_path: Path, toc: Toc) -> None:
    """By quadrature over the deviation; the common bias of 1 and the answers' mean are normal, and done by hand."""
    path = tmp_path / "posterior.nc"
    updated.save(path)
    found = load_posterior(path, DOCUMENTS).log_likelihood
    assert found is not None
    years = np.log(updated.posterior.parameters["agi_year"].values)
    (parameter,) = KINDS["duration"].parameters(updated.surveys.asked[0].mapping)
    assert (parameter.name, parameter.family) == ("deviation", "lognormal")
    stated = np.log(20) + 1.2 * special.ndtri((np.arange(661) + 0.5) / 661)
    deviation = np.linspace(1.0, 1.5, 2001)
    log_prior = stats.lognorm(parameter.scale, scale=np.exp(parameter.location)).logpdf(deviation)
    within = -661 * np.log(deviation * np.sqrt(2 * np.pi)) - 661 * stated.var() / (2 * deviation**2)
    around = stats.norm(years[::40, None], np.sqrt(1 + deviation**2 / 661)).logpdf(stated.mean())
    mean_given = np.log(np.sqrt(2 * np.pi) * deviation / np.sqrt(661))
    expected = special.logsumexp(log_prior + within + mean_given + around, axis=1) + np.log(np.diff(deviation)[0])
    np.testing.assert_allclose(found["demo_years"].values[::40], expected, atol=0.02)

    text = " ".join(toc("sensitivity", "--method", "power-scaling", "--worldview", path)[1].split())
    assert "demo_years" in text
    assert "ArviZ's diagnosis" in text


def test_a_posterior_is_a_file_that_later_commands_rest_on(
    updated: Learned, survey: SurveyFiles, tmp_path: Path, toc: Toc
) -> None:
    path = tmp_path / "posterior.nc"
    updated.save(path)
    found = load_posterior(path, DOCUMENTS)
    assert found.label == "wide + demo"
    xr.testing.assert_allclose(found.parameters, updated.posterior.parameters)
    assert beliefs_of(found, DOCUMENTS).log_likelihood is found.log_likelihood
    figures = json.loads(toc("run", "--worldview", path, "--only", "recommended", "--json")[1])
    assert figures["worldview"] == "wide + demo"
    assert figures["provenance"]["evidence"][0]["source_id"] == "demo"
    assert "those of the posterior" in figures["rests_on"]

    worldview = tmp_path / "mine.toml"
    code, out, err = toc("worldviews", "from-posterior", path, "--out", worldview)
    assert (code, err) == (0, "")
    assert "posterior" in out
    copied = load_priors(str(worldview))
    assert copied["agi_year"].reason == "Posterior of wide + demo."
    years = found.parameters["agi_year"]
    exact = float(sd(years.copy(data=np.log(years.values))))
    assert copied["agi_year"].distribution.scale == pytest.approx(exact, rel=0.01)

    words = ["update", survey[0], "--map", survey[1], "--worldview", worldview, "--out", tmp_path / "again.nc"]
    code, _, err = toc(*words)
    assert (code, (tmp_path / "again.nc").exists()) == (2, False)
    assert "the same source as demo, which was already counted" in err

    as_it_was = survey[2].read_text()
    survey[2].write_text(as_it_was + "# changed\n")
    try:
        code, _, err = toc("run", "--worldview", path)
    finally:
        survey[2].write_text(as_it_was)
    assert code == 2
    assert "have changed since" in err


EVIDENCE = Evidence(source_id="a", digest="1", derived_from=["b"])


@pytest.mark.parametrize(
    ("record", "fragment"),
    [
        ({"source_id": "a", "digest": "2"}, "the same source as a"),
        ({"source_id": "c", "digest": "1"}, "the same source as a"),
        ({"source_id": "b", "digest": "3"}, "an overlapping source as a"),
        ({"source_id": "d", "digest": "4", "derived_from": ["a"]}, "an overlapping source as a"),
        ({"source_id": "d", "digest": "4", "derived_from": ["b"]}, "an overlapping source as a"),
        ({"source_id": "e", "digest": "5", "verified": "essay"}, "can't be evidence"),
    ],
)
def test_nothing_is_counted_twice(record: dict[str, object], fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        fail_if_counted_twice(ESSAY, [Evidence.model_validate(record)], [EVIDENCE])


def test_independent_sources_are_both_counted() -> None:
    fail_if_counted_twice(ESSAY, [Evidence(source_id="c", digest="2", derived_from=["d"])], [EVIDENCE])


def test_a_file_that_is_no_posterior_is_refused(tmp_path: Path, toc: Toc) -> None:
    run(load_beliefs(draws=10), load_allocations()).save(tmp_path / "run.nc")
    shutil.copy(__file__, tmp_path / "text.nc")
    for path in (tmp_path / "run.nc", tmp_path / "absent.nc", tmp_path / "text.nc"):
        code, out, err = toc("run", "--worldview", path)
        assert (code, out) == (2, "")
        assert "no posterior of toc update" in err


def test_a_run_on_a_posterior_names_what_it_rests_on() -> None:
    parameters = load_priors().draw(STORY, 20, 1)
    beliefs = beliefs_of(Posterior(load_priors(), (EVIDENCE,), (), parameters), DOCUMENTS)
    result = run(beliefs, load_allocations())
    assert result.worldview == "base + a"
    assert "those of the posterior" in result.rests_on()
