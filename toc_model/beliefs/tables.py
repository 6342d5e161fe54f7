"""Parameter values as a table: one row a draw, one column an entry."""

import csv
import math
import re
from collections import Counter
from io import StringIO
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from toc_model.aliases import Entry, Floats
from toc_model.beliefs.priors import Priors, assemble
from toc_model.documents import as_number
from toc_model.engine.declare import Parameter
from toc_model.engine.ranges import fail_if_outside
from toc_model.engine.story import Story
from toc_model.errors import InputError, unknown
from toc_model.files import TABLE, read

if TYPE_CHECKING:
    import pandas as pd


def frame_of(parameters: xr.Dataset) -> "pd.DataFrame":
    """Values of parameters as a table that `read_parameters` reads once it is a file.

    Parameters
    ----------
    parameters : xarray.Dataset
        A variable a parameter, dims ``(draw, ...)``.
    """
    import pandas as pd

    columns: dict[str, Floats] = {}
    for name, values in parameters.data_vars.items():
        dims = [str(dim) for dim in values.dims if dim != "draw"]
        flat = values.transpose("draw", *dims).values.reshape(values.sizes["draw"], -1)
        places = product(*(map(str, values[dim].values) for dim in dims))
        columns |= {str(Entry(str(name), place)): flat[:, number] for number, place in enumerate(places)}
    return pd.DataFrame(columns, index=pd.RangeIndex(parameters.sizes["draw"], name="draw"))


def read_parameters(path: Path, story: Story, priors: Priors) -> xr.Dataset:
    """Read a CSV of parameter values.

    Parameters
    ----------
    path : Path
        One row a draw; an optional column ``draw``; the others named as the prior entries (``name``, or
        ``name[index]`` for vectors). An entry whose prior is a constant may be left out.
    story : Story
    priors : Priors
        For the constants.

    Returns
    -------
    xarray.Dataset
        A variable a parameter, dims ``(draw, ...)``.

    Raises
    ------
    InputError
        If a column is missing, unknown or there twice, a cell is not a number that the parameter can have, or a draw
        is there twice.
    """
    header, rows = _rows(path)
    entries = list(story.entries)
    _fail_if_header_differs(path, header, entries, priors)
    draws = _draws(path, header, rows)
    columns = {name: np.array([row[i] for row in rows]) for i, name in enumerate(header)}
    values = {entry: _column(path, entry, columns, priors, draws, story.entries[entry]) for entry in entries}
    return assemble(story, values).assign_coords(draw=draws)


def _rows(path: Path) -> tuple[list[str], list[list[str]]]:
    try:
        lines = list(csv.reader(StringIO(read(path, TABLE).text, newline="")))
    except csv.Error as error:
        raise InputError(f"{path}: malformed CSV: {error}") from None
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line]
    if len(numbered) < 2:
        raise InputError(f"{path}: found {len(numbered)} line(s); allowed: a header and at least one row")
    (_, header), *rows = numbered
    for number, row in rows:
        if len(row) != len(header):
            raise InputError(f"{path}: row {number}: found {len(row)} cells; allowed: {len(header)}, as in the header")
    return [name.strip() for name in header], [row for _, row in rows]


def _fail_if_header_differs(path: Path, header: list[str], entries: list[str], priors: Priors) -> None:
    for name, count in Counter(header).items():
        if count > 1:
            raise InputError(f"{path}: column {name!r}: found {count} times; allowed: once")
        if name != "draw" and name not in entries:
            raise InputError(f"{path}: {unknown('column', name, ['draw', *entries])}")
    for entry in entries:
        if entry not in header and not priors[entry].distribution.is_constant:
            raise InputError(f"{path}: missing column {entry!r}")


def _draws(path: Path, header: list[str], rows: list[list[str]]) -> list[int]:
    if "draw" not in header:
        return list(range(len(rows)))
    labels = [row[header.index("draw")].strip() for row in rows]
    for label, count in Counter(labels).items():
        if count > 1:
            raise InputError(f"{path}: draw: found {label!r} {count} times; allowed: once")
        if not re.fullmatch(r"0|[1-9][0-9]{0,17}", label):
            raise InputError(f"{path}: draw: found {label!r}; allowed: whole numbers from 0")
    return [int(label) for label in labels]


def _column(
    path: Path, entry: str, columns: dict[str, np.ndarray], priors: Priors, draws: list[int], parameter: Parameter
) -> np.ndarray:
    if entry not in columns:
        return np.full(len(draws), priors[entry].distribution.location)
    numbers = []
    for draw, text in zip(draws, columns[entry], strict=True):
        where, value = f"{path}: draw {draw}: {entry}", _number(text)
        if not math.isfinite(value):
            raise InputError(f"{where}: found {str(text)!r}; allowed: a finite number")
        fail_if_outside(value, parameter.range, where, parameter.unit)
        numbers.append(value)
    return np.array(numbers)


def _number(text: str) -> float:
    return math.nan if "_" in text else as_number(text)
