"""Ordered answers, as an update learns from them: a level where categories are anchored, none where they are not."""

from typing import Any

import numpy as np
import pytest

from tests.survey.surveys import read
from toc_model.survey.learning.likelihood import Table, likelihood_of

SAID = [1.0] * 4 + [2.0] * 16 + [3.0] * 30 + [4.0] * 90 + [5.0] * 60
NAMES = ["no", "rather not", "so so", "agree", "strongly"]


def table(sign: int = 1, *, groups: bool = False, **anchors: tuple[float, float]) -> Table:
    written = {name: {"from": start, "sd": sd, "reason": "a test"} for name, (start, sd) in anchors.items()}
    rows: dict[str, Any] = {"group": ["a", "b"] * 100} if groups else {}
    asked = read("ordered", SAID, rows=rows, categories=NAMES, upper=5.0, anchors=written, sign=sign)
    return likelihood_of(asked, 0.0, 2.0, worded=False)


@pytest.mark.parametrize("groups", [False, True])
def test_without_anchors_answers_are_as_likely_whatever_the_level(groups: bool) -> None:
    found = table(groups=groups)
    assert np.ptp(found.log) < 1e-6


@pytest.mark.parametrize("sign", [1, -1])
def test_with_an_anchor_a_level_is_likeliest(sign: int) -> None:
    """Three in four are above one half."""
    found = table(sign, agree=(0.5, 0.3))
    assert 0.3 < sign * found.at[np.argmax(found.log)] < 1.2
    assert found.trust.k_hat < 0.7
    assert 0.3 < found.width < 0.7
