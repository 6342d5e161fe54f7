"""Designs, simulated surveys and worldviews come out the same to the last bit, whoever does them."""

from dataclasses import dataclass
from typing import Any

import pytest
import xarray as xr

import toc_model as toc
from tests.toy import CASE
from toc_model.beliefs.shipped import Documents
from toc_model.survey.validation.recovery import Setup, calibration
from toc_model.work.crew import workers

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # Dask warns of what is no concern of ours


def design() -> xr.Dataset:
    return toc.sensitivity("almanac", method="sobol", draws=100, case=CASE).table


def tornado() -> xr.Dataset:
    return toc.sensitivity("almanac", draws=100, case=CASE).table


def simulated() -> list[list[int]]:
    found = calibration(5, Setup("jumped", questions=1, respondents=8), Documents.of(CASE).priors("almanac"))
    return [one.ranks.tolist() for one in found] + [one.covered.tolist() for one in found]


def valued() -> dict[str, Any]:
    return toc.voi(["almanac", "farmer"], experts=[5], draws=200, case=CASE).to_dict()


@dataclass(frozen=True)
class Outcomes:
    """What all came to."""

    design: xr.Dataset
    tornado: xr.Dataset
    simulated: list[list[int]]
    valued: dict[str, Any]

    @classmethod
    def of(cls) -> "Outcomes":
        return cls(design(), tornado(), simulated(), valued())


def test_outcomes_do_not_depend_on_who_did_it() -> None:
    alone = Outcomes.of()
    with workers(2):
        found = Outcomes.of()
    xr.testing.assert_identical(found.design, alone.design)
    xr.testing.assert_identical(found.tornado, alone.tornado)
    assert found.simulated == alone.simulated
    assert found.valued == alone.valued
