"""Answers made ready for a density: distinct answers (patterns) with their counts, and who gave which."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr


@dataclass(frozen=True, slots=True)
class Collected:
    """Distinct answers; for each respondent, which of them is theirs; and how many were left out as incoherent."""

    data: xr.Dataset
    members: "pd.Series[int]"
    incoherent: int = 0


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


def dataset(table: pd.DataFrame) -> xr.Dataset:
    """The columns of a table as variables, dims ``(pattern,)``."""
    return xr.Dataset({str(name): ("pattern", table[name].to_numpy()) for name in table})
