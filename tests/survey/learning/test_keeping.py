"""Answers as a posterior keeps them: what comes back is what was kept, to the last bit."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.survey.surveys import mapping_of, question
from toc_model.beliefs.posterior import Kept
from toc_model.errors import InputError
from toc_model.survey.documents.answers import COLUMNS, NUMBERS
from toc_model.survey.learning.contents import digest_of_content
from toc_model.survey.learning.keeping import from_kept, to_keep

MAPPING = mapping_of({"years": question("duration")})
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
FLOATS = st.floats(allow_infinity=False) | st.just(np.nan)


def frame(texts: list[str], numbers: list[float]) -> pd.DataFrame:
    """Rows whose cells take turns."""
    rows = [
        {
            name: numbers[(place + at) % len(numbers)] if name in NUMBERS else texts[(place + at) % len(texts)]
            for at, name in enumerate(COLUMNS)
        }
        for place in range(4)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).assign(source_id="s").astype(dict.fromkeys(NUMBERS, float))


@given(st.lists(TEXTS, min_size=1, max_size=5), st.lists(FLOATS, min_size=1, max_size=5))
def test_rows_and_mapping_come_back(texts: list[str], numbers: list[float]) -> None:
    rows = frame(["NA", "nan", 'a "b", c', " x ", *texts], numbers)
    mapping, back = from_kept(to_keep(MAPPING, rows))
    assert mapping == MAPPING
    pd.testing.assert_frame_equal(back, rows, check_exact=True, check_dtype=False)
    assert digest_of_content(back, "s") == digest_of_content(rows, "s")
    assert to_keep(mapping, back) == to_keep(MAPPING, rows)


KEPT = to_keep(MAPPING, frame(["a"], [1.5]))


@pytest.mark.parametrize(
    ("kept", "fragment"),
    [
        (replace(KEPT, mapping="{"), "found texts that can't be read"),
        (replace(KEPT, rows=""), "found texts that can't be read"),
        (replace(KEPT, rows="a,b\n1,2,3,4\n1\n"), "answers kept of 's'"),
        (replace(KEPT, rows="a,b\n1,2\n"), "found other columns or another source"),
        (replace(KEPT, source_id="other"), "found other columns or another source"),
        (replace(KEPT, mapping=json.dumps({"source_id": "s"})), "answers kept of 's': missing entry"),
    ],
)
def test_what_was_not_kept_is_one_line(kept: Kept, fragment: str) -> None:
    with pytest.raises(InputError) as found:
        from_kept(kept)
    assert fragment in str(found.value)
    assert "\n" not in str(found.value)
