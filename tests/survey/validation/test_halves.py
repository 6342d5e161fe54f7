"""The law of stated probabilities learns from one half of real answers, and predicts the other half."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.survey.surveys import question, read, values_of, variables
from tests.survey.validation.halves import Halves, by_beta, by_histogram, by_linear_pool, by_the_law
from toc_model.aliases import Floats
from toc_model.survey.kinds import KINDS
from toc_model.survey.kinds.rounding import SAID

WORDINGS = ("p_extinction_pct", "p_extinction_100y_pct", "p_extinction_control_pct")
SEEDS = range(3)
FORM = question("probability")
KIND = KINDS["probability"]


def answers_to(shared: Path, wording: str) -> Floats:
    """Possible answers as probabilities, without the rounding errors of a hundredth."""
    per_cent = pd.read_csv(shared / "data" / "espai2023_individual.csv", usecols=[wording])[wording].dropna()
    return np.round(per_cent[per_cent.between(0, 100)].to_numpy() / 100, 13)


@pytest.mark.parametrize("wording", WORDINGS)
def test_half_of_the_experts_tell_what_the_others_say_nearly_as_well_as_a_histogram(shared: Path, wording: str) -> None:
    """The histogram knows which values will be stated: its cells are all distinct ones of both halves."""
    stated = answers_to(shared, wording)
    cells = np.unique(stated)
    better: dict[str, list[float]] = {"histogram": [], "beta": [], "linear pool": []}
    for halves in (Halves.of(stated, seed) for seed in SEEDS):
        law = halves.score(by_the_law(halves.first))
        better["histogram"].append(law - halves.score(by_histogram(halves.first, cells)))
        better["beta"].append(law - halves.score(by_beta(halves.first, cells)))
        better["linear pool"].append(law - halves.score(by_linear_pool(halves.first, cells)))
    gain = {name: float(np.mean(found)) for name, found in better.items()}
    assert gain["histogram"] > -0.03
    assert gain["beta"] > 0.5
    assert gain["linear pool"] > 0.3


def test_what_the_law_predicts_adds_up() -> None:
    """Scores of laws that promise more than they have would be worth nothing."""
    said: Floats = np.unique(np.concatenate(SAID))
    stated = np.random.default_rng(2).choice(np.array([0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.9]), 200)
    assert np.exp(by_the_law(stated)(said)).sum() == pytest.approx(1, abs=0.01)


def test_half_of_the_laws_own_answers_tell_its_shares() -> None:
    """What is learnt costs a few hundredths, beside the law that made the answers."""
    rng = np.random.default_rng(3)
    of = {parameter.name: parameter.drawn(rng) for parameter in KIND.parameters(FORM)} | {"deviation": np.array(1.5)}
    halves = Halves.of(np.round(KIND.simulated(FORM, np.full(2000, -2.0), of, {}, rng), 12), 1)
    known = {name: xr.DataArray(value, dims=[name] if value.ndim else []) for name, value in of.items()}
    data = read("probability", list(halves.second)).data
    truth = np.average(values_of(KIND.log_density(FORM, -2.0, known, variables(data))), weights=data["count"])
    assert abs(halves.score(by_the_law(halves.first)) - truth) < 0.03
