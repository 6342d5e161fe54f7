"""The observation model compiled once, to be fitted many times."""

import importlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pymc as pm
import pymc.dims as pmd
import xarray as xr
from pytensor import shared

from toc_model.aliases import Floats
from toc_model.beliefs.distributions import Distribution
from toc_model.survey.learning.observation import observe_answers
from toc_model.survey.learning.questions import Asked

ANSWERED = ("count", "lower", "upper", "exactly", "nearly")
"""Data that differ from answer to answer and that the likelihood of a probability takes."""


def compile_refit(
    asked: Sequence[Asked], prior: Distribution, *, draws: int, tune: int, common_bias: bool
) -> Callable[[Sequence[Asked], int], Floats]:
    """Compile the observation model of probability questions about one normal quantity, to fit it many times.

    Parameters
    ----------
    asked : sequence of Asked
        Questions whose data have the shape that all answers will have.
    prior : Distribution
        Of the quantity, on the questions' natural scale.
    draws, tune : int
        Of the one chain of each fit.
    common_bias : bool

    Returns
    -------
    callable
        From answers (of the same shape) and a seed to draws of the quantity on its natural scale.
    """
    nutpie: Any = importlib.import_module("nutpie")
    open_asked = [replace(question, data=cast(xr.Dataset, _Refilled(question))) for question in asked]
    with pm.Model() as model:
        target = pmd.Normal("target", mu=prior.location, sigma=prior.scale)
        observe_answers(open_asked, {question.name: target for question in asked}, common_bias=common_bias)
    compiled = nutpie.compile_pymc_model(model)

    def fit(answers: Sequence[Asked], seed: int) -> Floats:
        tree = nutpie.sample(
            compiled.with_data(**_answered(answers)),
            draws=draws,
            tune=tune,
            chains=1,
            cores=1,
            seed=seed,
            progress_bar=False,
        )
        return np.asarray(tree["posterior"]["target"].values.ravel())

    return fit


class _Refilled:
    """Stands for the data of a question: variables that later fits give other values."""

    def __init__(self, question: Asked) -> None:
        self._data = question.data
        self.data_vars = {str(key): _Array(values, question.name) for key, values in question.data.data_vars.items()}

    def __getitem__(self, name: str) -> xr.DataArray:
        return self._data[name]


class _Array:
    def __init__(self, values: xr.DataArray, question: str) -> None:
        self.dims = tuple(str(dim) for dim in values.dims)
        refilled = "pattern" in self.dims
        self.values = (
            shared(values.values.astype(float), name=f"{question}_{values.name}") if refilled else values.values
        )


def _answered(asked: Sequence[Asked]) -> dict[str, Floats]:
    return {
        f"{question.name}_{name}": question.data[name].values.astype(float) for question in asked for name in ANSWERED
    }
