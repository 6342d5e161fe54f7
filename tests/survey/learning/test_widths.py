"""How far apart respondents are taken to be: the scale of the question says so."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from tests.shipped import DOCUMENTS, load_priors
from tests.survey.surveys import mapping_of, question, read, values_of, variables
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.simulation import simulated_survey
from toc_model.survey.learning.widths import as_wide_as, with_widths

LEAD = {"target": "lead_now", "unit": "months", "scale": "identity"}


def test_a_logit_and_a_logarithm_have_a_width_of_one() -> None:
    mapping = mapping_of({"p": question("probability"), "t": question("duration", scale="log", unit="years")})
    assert with_widths(DOCUMENTS, load_priors(), mapping) is mapping
    assert {form.width for form in mapping.questions.values()} == {1}


def test_a_quantity_in_its_own_unit_has_the_spread_of_its_prior() -> None:
    questions = {
        "lead": question("duration", **LEAD),
        "own": question("duration", spread=2.5, **LEAD),
        "seed": question("duration", resolved=3.0, **LEAD | {"target": "anything"}),
    }
    found = with_widths(DOCUMENTS, load_priors(), mapping_of(questions)).questions
    prior = load_priors()["lead_now"].distribution
    low, high = np.exp(prior.location + prior.scale * np.array([-1, 1]))
    assert found["lead"].width == pytest.approx((high - low) / 2, rel=0.08)
    assert (found["own"].width, found["seed"].width) == (2.5, 0.7)
    assert as_wide_as(questions["lead"], np.full(9, 4.0)).width == 0.7  # that of the common bias, for want of a spread


@pytest.mark.parametrize("kind", ["probability", "quantile", "cdf_point", "duration"])
def test_priors_of_deviations_follow_the_width(kind: str) -> None:
    narrow, wide = (KINDS[kind].parameters(question(kind, spread=spread)) for spread in (None, 200.0))
    for one, other in zip(narrow, wide, strict=True):
        follows = one.name in ("deviation", "spread")
        moved = np.asarray(other.location) - np.asarray(one.location)
        np.testing.assert_allclose(moved, np.log(200) if follows else 0)
        assert (one.scale, one.family) == (other.scale, other.family)


@pytest.mark.parametrize("kind", ["quantile", "duration", "ordered"])
def test_a_change_of_unit_changes_nothing(kind: str) -> None:
    """People who say 300 when the prior says 250 to 350 are no outliers: the unit drops out of the density."""
    points: dict[str, Any] = {"rows": {"level": 0.5}} if kind == "quantile" else {}
    values = [1.0, 2.0, 3.0] if kind == "ordered" else [2.0, 2.6, 3.3]
    of: dict[str, Any] = {"overconfidence": 0.2, "cut": -0.4, "step": xr.DataArray([0.9], dims="step")}
    found = []
    for unit in (1.0, 100.0):
        stated = values if kind == "ordered" else [unit * value for value in values]
        asked = read(kind, stated, **points, scale="identity", unit="people", spread=unit)
        own = {**of, "reference": 2.0 * unit} | ({} if kind == "ordered" else {"deviation": 0.8 * unit})
        density = values_of(KINDS[kind].log_density(asked.mapping, 2.5 * unit, own, variables(asked.data)))
        found.append(density + (0 if kind == "ordered" else np.log(unit)))
    np.testing.assert_allclose(found[0], found[1])


def test_simulated_surveys_are_as_wide(tmp_path: Path) -> None:
    del tmp_path
    form = question("quantile", scale="identity", unit="people", spread=100.0, bias_sd=1e-6)
    kind = KINDS["quantile"]
    narrow, wide = (
        simulated_survey(
            form.model_copy(update={"spread": width}),
            np.zeros(1),
            500,
            kind.planned(np.zeros(2), width),
            np.random.default_rng(1),
        )[0]
        for width in (1.0, 100.0)
    )
    assert stats.iqr(wide) / stats.iqr(narrow) == pytest.approx(100, rel=1e-3)
