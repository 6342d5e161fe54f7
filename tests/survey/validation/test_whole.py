"""All that ``toc survey validate`` says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from tests.conftest import Toc
from tests.survey.surveys import SurveyFiles
from tests.survey.validation.known import known
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.questions.survey import Validated
from toc_model.survey.learning.update import Learned
from toc_model.survey.validation.fit import fitted, read_fitted
from toc_model.survey.validation.scores import Score
from toc_model.survey.validation.whole import Validation, validate


def test_camps_beat_the_pool_and_the_text_says_so() -> None:
    fit = known(40)
    item = fit.asked[0]
    pooled_item = replace(item, groups=("",), data=item.data.assign(group=0 * item.data["group"]))
    pooled = fit.draws.drop_vars("s_q1_camp").assign(s_q1_deviation=0.5 + fit.draws["s_q1_deviation"])
    found = validate(fit, replace(fit, asked=(pooled_item,), draws=pooled))
    (_, better, error) = found.pooled[item.name]
    assert better > 2 * error > 0
    text = str(Validated(found))
    for words in (
        "Leave one expert out",
        "CRPS",
        "Leave one camp out",
        "Randomised PIT",
        "exactly 0",
        f"{better:+.1f}",
    ):
        assert words in text


def test_an_unreliable_weight_is_named() -> None:
    score = Score("q", "low", 10, -30.0, 0.2, 0.9, 1, np.empty(0))
    text = str(Validated(Validation([score], {}, [score], [], [], ["r"])))
    assert "No PIT, for want of an exact answer: r" in text
    assert "q, low: Pareto k 0.90 is above 0.7" in text
    assert "refit" in text


def test_what_is_no_posterior_is_refused(toc: Toc, tmp_path: Path) -> None:
    (tmp_path / "p.nc").write_text("nothing")
    code, out, err = toc("survey", "validate", tmp_path / "s.csv", "--posterior", tmp_path / "p.nc")
    assert (code, out) == (2, "")
    assert "no posterior of toc update" in err


@pytest.mark.slow
def test_a_saved_posterior_is_validated_as_it_was_fitted(
    updated: Learned, survey: SurveyFiles, tmp_path: Path, toc: Toc
) -> None:
    answered, mapping, _ = survey
    path = tmp_path / "posterior.nc"
    updated.save(path)
    fit, fresh = read_fitted(ESSAY, path, [answered], [str(mapping)]), fitted(updated)
    xr.testing.assert_allclose(fit.draws, fresh.draws)
    assert (fit.bias_scale, fit.problems, fit.priors) == (1.0, (), updated.priors)
    found = validate(replace(fit, draws=fit.draws.isel(draw=slice(None, None, 4))))
    assert [score.answers for score in found.experts] == [661]
    assert found.pits[0].distance[0] < 0.05
    assert found.without_pit == []

    fewer = tmp_path / "fewer.csv"
    fewer.write_text("".join(answered.read_text().splitlines(keepends=True)[:-1]))
    with pytest.raises(InputError, match="does not rest on these answers of 'demo'"):
        read_fitted(ESSAY, path, [fewer], [str(mapping)])
    words = ["survey", "validate", answered, "--map", mapping, "--posterior", path, "--bias-scale", 2]
    assert "names its own priors and bias scale" in toc(*words)[2]
