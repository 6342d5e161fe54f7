"""Answers made ready for a density: distinct answers (patterns) with their counts, and who gave which."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

RESPONDENT = ("respondent_id", "framing")
"""Whose points are one distribution."""
PEOPLE = "people"
"""The column of the long format that says how many people a row stands for; a table without one need not have it."""
FALLING = "incoherent"
"""Values fall where levels rise."""


@dataclass(frozen=True, slots=True)
class Collected:
    """Distinct answers, and for each respondent, which of them is theirs."""

    data: xr.Dataset
    members: "pd.Series[int]"


def collapsed(answers: pd.DataFrame, *what: object) -> "tuple[pd.DataFrame, pd.Series[int]]":
    """Bring together the same answers.

    Parameters
    ----------
    answers : pandas.DataFrame
        Columns ``respondent_id``, ``framing``, ``group`` and those named.
    *what
        Columns that make answers differ, beside framing and group.

    Returns
    -------
    table : pandas.DataFrame
        A row for each distinct answer, by framing and group, with its ``count``.
    members : pandas.Series
        Each respondent's place in the table.
    """
    columns = ["framing", "group", *what]
    table = answers.set_index("respondent_id")[columns]
    members = table.groupby(columns, dropna=False).ngroup()
    distinct = table.assign(place=members).drop_duplicates("place").sort_values("place")[columns]
    return distinct.assign(count=np.bincount(members)), members


def by_level(answers: pd.DataFrame) -> pd.DataFrame:
    """One row for each respondent's distribution: the values by rising level, NaN where none was stated."""
    rows = ["respondent_id", "framing", "group"]
    return answers.pivot_table(index=rows, columns="level", values="value").sort_index(axis=1)


def falling(answers: pd.DataFrame, keys: Sequence[str]) -> "pd.Series[bool]":
    """Mark the points of distributions, one for each value of the keys, whose values fall with the level."""
    ordered = answers[answers["level"].notna()].sort_values("level", kind="stable")
    by = [ordered[key] for key in keys]
    falls = ordered["value"].groupby(by).diff() < 0
    return falls.groupby(by).transform("any").astype(bool).reindex(answers.index, fill_value=False)


def dataset(table: pd.DataFrame) -> xr.Dataset:
    """The columns of a table as variables, dims ``(pattern,)``."""
    return xr.Dataset({str(name): ("pattern", table[name].to_numpy()) for name in table})


def people(answers: pd.DataFrame) -> "pd.Series[float]":
    """How many people each row stands for: one, unless it says otherwise."""
    if PEOPLE not in answers:
        return pd.Series(1.0, index=answers.index)
    return answers[PEOPLE].astype(float).fillna(1.0)
