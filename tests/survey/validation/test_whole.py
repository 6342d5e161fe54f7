"""All that ``toc survey validate`` says."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import Toc
from tests.refused import assert_refused
from tests.shipped import DOCUMENTS
from tests.survey.surveys import SurveyFiles
from tests.survey.validation.known import known
from toc_model.questions.survey.validation import Validated
from toc_model.survey.learning.settings import Common, Settings
from toc_model.survey.validation import whole
from toc_model.survey.validation.fit import fitted
from toc_model.survey.validation.scores import Score
from toc_model.survey.validation.whole import Validation, validate
from toc_model.work.pieces import keeping


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


def test_parts_are_kept_and_do_not_depend_on_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fit = known(8)
    expected = repr_of(validate(fit, fit))
    monkeypatch.setitem(whole._LOOKS, "rounding", interrupted)
    with pytest.raises(KeyboardInterrupt), keeping(tmp_path):
        validate(fit, fit)
    assert len(list(tmp_path.glob("*.piece"))) == 2
    monkeypatch.undo()
    monkeypatch.setitem(whole._LOOKS, "camps", interrupted)
    with keeping(tmp_path):
        assert repr_of(validate(fit, fit)) == expected
    monkeypatch.undo()
    assert repr_of(validate(fit)) == {**expected, "pooled": "{}"}
    assert repr_of(validate(fit, seed=2)) != repr_of(validate(fit))


def interrupted(*_: Any) -> None:
    raise KeyboardInterrupt


def repr_of(found: Validation) -> dict[str, str]:
    """All that was found, to the last digit."""
    with np.printoptions(threshold=10**6, floatmode="unique"):
        return {part: repr(value) for part, value in asdict(found).items()}


def test_an_unreliable_weight_is_named() -> None:
    score = Score("q", "low", 10, -30.0, 0.2, 0.9, 1, np.empty(0))
    text = str(Validated(Validation([score], {}, [score], [], [], ["r"])))
    assert "No PIT, for want of an exact answer: r" in text
    assert "q, low: Pareto k 0.90 is above 0.7" in text
    assert "refit" in text


def test_what_is_no_posterior_is_refused(toc: Toc, tmp_path: Path) -> None:
    path = tmp_path / "p.nc"
    path.write_text("nothing")
    words = ("survey", "validate", tmp_path / "s.csv")
    assert_refused(toc(*words, "--worldview", path), "no posterior of toc update")
    assert_refused(toc(*words, "--posterior", path), f"allowed: --worldview {path}")


@pytest.mark.slow
def test_answers_are_validated_with_all_that_is_unknown_of_them(survey: SurveyFiles) -> None:
    answered, mapping, worldview = survey
    how = Settings(draws=4000, tune=1000, chains=2)
    fit = fitted(DOCUMENTS, [answered], str(worldview), maps=[str(mapping)], settings=how)
    assert (fit.common, fit.problems, fit.priors) == (Common(), (), DOCUMENTS.priors(str(worldview)))
    assert {"demo_years_centre", "demo_years_deviation"} <= set(fit.draws.data_vars)
    found = validate(replace(fit, draws=fit.draws.isel(draw=slice(None, None, 4))))
    assert [score.answers for score in found.experts] == [661]
    assert found.pits[0].distance[0] < 0.05
    assert found.without_pit == []
