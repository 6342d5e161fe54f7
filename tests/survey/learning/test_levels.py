"""The level that an update learns: from anchored categories, not from others; from waves of a survey together."""

from typing import Any

import numpy as np
import pytest

from tests.survey.surveys import question, read
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


def test_nor_do_wordings_that_differ() -> None:
    """As far as a level may plausibly be; at the far ends of the table the integral over wordings is coarse."""
    rows = {"framing": ["x", "y"] * 100}
    asked = read("ordered", SAID, rows=rows, categories=NAMES, upper=5.0, framings=["x", "y"])
    found = likelihood_of(asked, 0.0, 2.0, worded=True)
    assert np.ptp(found.log[abs(found.at) < 6]) < 1e-3


@pytest.mark.parametrize("sign", [1, -1])
def test_with_an_anchor_a_level_is_likeliest(sign: int) -> None:
    """Three in four are above one half."""
    found = table(sign, agree=(0.5, 0.3))
    assert 0.3 < sign * found.at[np.argmax(found.log)] < 1.2
    assert found.trust.k_hat < 0.7
    assert 0.3 < found.width < 0.7


def of_waves(framing_sd: float | None) -> Table:
    """Two waves of stated probabilities, the second a little higher."""
    stated = [0.05, 0.1, 0.1, 0.2, 0.3] * 40 + [0.1, 0.1, 0.2, 0.3, 0.4] * 40
    waves = {"framing": ["2022"] * 200 + ["2023"] * 200}
    asked = read("probability", stated, rows=waves, framings=["2022", "2023"], framing_sd=framing_sd)
    return likelihood_of(asked, -2.0, 1.0, worded=True)


def test_waves_that_lie_close_together_tell_more_of_the_level() -> None:
    usual, near = of_waves(None), of_waves(0.1)
    assert usual.width == pytest.approx(0.5 / np.sqrt(2), rel=0.1)
    assert near.width < 0.5 * usual.width
    assert of_waves(0.5).width == pytest.approx(usual.width)


def test_framings_that_are_not_there_do_not_lie_apart() -> None:
    with pytest.raises(ValueError, match=r"framing_sd: found 0\.1; allowed: where framings are named"):
        question("probability", framing_sd=0.1)
