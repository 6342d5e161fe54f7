"""Answers that stand for ranges and for many people, for the tests of surveys."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from tests.survey.surveys import mapping_of, question, variables
from toc_model.aliases import Floats
from toc_model.survey.documents.answers import COLUMNS
from toc_model.survey.kinds import KINDS
from toc_model.survey.learning.questions import Asked, prepare

NAN = np.nan
type Figure = tuple[float, float, float, float]
"""Level, value, lower and upper bound."""


def stated(kind: str, figures: Sequence[Figure], people: float = NAN, who: str = "all") -> pd.DataFrame:
    """Rows of the long format."""
    rows = [
        dict.fromkeys(COLUMNS, "")
        | {"source_id": "s", "respondent_id": who, "question_id": kind, "kind": kind, "people": people}
        | dict(zip(("level", "value", "lower", "upper"), figure, strict=True))
        for figure in figures
    ]
    return pd.DataFrame(rows)


def asked(kind: str, *rows: pd.DataFrame, **changes: Any) -> Asked:
    """A question with these answers."""
    (found,) = prepare(pd.concat(rows, ignore_index=True), mapping_of({kind: question(kind, **changes)}))
    return found


def log_density(item: Asked, centre: Any, deviation: Any) -> Floats:
    """Log density of each pattern, shape (pattern, ...)."""
    where = xr.DataArray(centre).expand_dims(pattern=item.data.sizes["pattern"])
    law = KINDS[item.kind].log_density
    found: Any = law(item.mapping, where, {"deviation": deviation}, variables(item.data))
    return np.asarray(xr.DataArray(found).transpose("pattern", ...).values, float)
