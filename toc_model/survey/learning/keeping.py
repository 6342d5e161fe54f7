"""Answers as a posterior keeps them: the rows that count, and the mapping that they went by."""

import json
import math
from io import StringIO

import pandas as pd

from toc_model.beliefs.posterior import Kept
from toc_model.documents import checked
from toc_model.errors import InputError
from toc_model.survey.documents.answers import NUMBERS
from toc_model.survey.documents.mapping import SurveyMapping
from toc_model.survey.documents.schema import columns_of
from toc_model.survey.kinds.patterns import PEOPLE


def to_keep(mapping: SurveyMapping, rows: pd.DataFrame) -> Kept:
    """The rows and the mapping as texts; numbers are kept to the last bit."""
    table = rows[list(columns_of(rows.columns))].to_csv(index=False, float_format="%.17g")
    return Kept(mapping.source_id, table, mapping.model_dump_json())


def from_kept(kept: Kept) -> tuple[SurveyMapping, pd.DataFrame]:
    """The mapping and the rows that were kept.

    Raises
    ------
    InputError
        If they are not what was kept.
    """
    where = f"answers kept of {kept.source_id!r}"
    try:
        stated = json.loads(kept.mapping)
        rows = pd.read_csv(StringIO(kept.rows), dtype=str, keep_default_na=False)
    except (ValueError, pd.errors.ParserError) as error:
        raise InputError(f"{where}: found texts that can't be read ({error}); allowed: those of toc update") from None
    mapping = checked(SurveyMapping, stated, where)
    if list(rows.columns) != list(columns_of(rows.columns)) or mapping.source_id != kept.source_id:
        raise InputError(f"{where}: found other columns or another source; allowed: those of toc update")
    numbered = (*NUMBERS, PEOPLE) if PEOPLE in rows else NUMBERS
    try:
        numbers = {name: [float(text) if text else math.nan for text in rows[name]] for name in numbered}
    except ValueError as error:
        raise InputError(f"{where}: found a cell that is no number ({error}); allowed: those of toc update") from None
    return mapping, rows.assign(**numbers)
