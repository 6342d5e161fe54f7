"""Declared parameters, as NumPy draws them."""

import numpy as np
import pytest

from tests.survey.surveys import question
from toc_model.survey.kinds import KINDS, cdf_point, densities, mood, natural, quantile, rounding, scales, slips
from toc_model.survey.kinds.parameters import DEVIATION, Parameter
from toc_model.survey.kinds.rounding import GRIDS, SPIKES

MANY = tuple(range(200_000))


@pytest.mark.parametrize(
    ("family", "quantiles"),
    [
        ("normal", (0.4 - 0.7, 0.4, 0.4 + 0.7)),
        ("lognormal", (np.exp(0.4 - 0.7), np.exp(0.4), np.exp(0.4 + 0.7))),
        ("half_normal", (0.7 * 0.2001, 0.7 * 0.6745, 0.7 * 1.4095)),
    ],
)
def test_each_family_is_drawn_as_it_says(family: str, quantiles: tuple[float, ...]) -> None:
    parameter = Parameter("x", family, 0.7, 0.4, labels=MANY)  # type: ignore[arg-type]
    found = np.quantile(parameter.drawn(np.random.default_rng(1)), [0.15866, 0.5, 0.84134])
    np.testing.assert_allclose(found, quantiles, rtol=0.01, atol=0.005)
    assert parameter.drawn(np.random.default_rng(1)).shape == (len(MANY),)


def test_shares_sum_to_one_and_follow_their_weights() -> None:
    _, grid, spike, near = KINDS["probability"].parameters(question("probability"))
    drawn = np.array([spike.drawn(rng) for rng in [np.random.default_rng(1)] for _ in range(4000)])
    np.testing.assert_allclose(drawn.sum(axis=1), 1)
    np.testing.assert_allclose(drawn.mean(axis=0), np.array([1, 1, 1, 20]) / 23, atol=0.005)
    assert (grid.labels, grid.weights) == (tuple(GRIDS), (1.0,) * 7)
    assert (near.labels, near.weights) == (("exactly", "nearly"), (9.0, 1.0))
    assert (spike.labels, spike.weights) == (tuple(SPIKES), tuple(SPIKES.values()))


def test_each_place_may_have_a_location_and_a_scale_of_its_own() -> None:
    several = Parameter("step", "lognormal", (0.1, 0.5), (-1.0, 2.0), labels=("a", "b"))
    drawn = np.array([several.drawn(rng) for rng in [np.random.default_rng(1)] for _ in range(4000)])
    np.testing.assert_allclose(np.log(drawn).mean(axis=0), [-1, 2], atol=0.02)
    np.testing.assert_allclose(np.log(drawn).std(axis=0), [0.1, 0.5], rtol=0.05)
    assert several.of_width(np.e).location == pytest.approx((0.0, 3.0))


def test_a_posterior_has_them_by_question() -> None:
    assert DEVIATION.variable("s_q") == "s_q_deviation"
    assert Parameter("grid", "dirichlet").dim("s_q") == "s_q_grids"


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("probability", ["deviation", "grid", "spike", "near"]),
        ("quantile", ["overconfidence", "deviation"]),
        ("cdf_point", ["spread", "overconfidence", "deviation", "noise"]),
        ("ordered", ["cut", "step"]),
        ("duration", ["deviation"]),
    ],
)
def test_each_kind_keeps_the_names_of_saved_posteriors(kind: str, names: list[str]) -> None:
    declared = KINDS[kind].parameters(question(kind))
    assert [parameter.name for parameter in declared] == names
    scales = {"deviation": 0.7, "overconfidence": 0.5, "spread": 0.7, "noise": 0.1, "cut": 3.0, "step": 0.7}
    families = {"overconfidence": "normal", "noise": "half_normal", "cut": "normal"}
    for parameter in declared:
        if parameter.family != "dirichlet":
            assert parameter.scale == scales[parameter.name]
            assert parameter.family == families.get(parameter.name, "lognormal")


def test_scales_of_priors_are_assumptions_that_change_posteriors() -> None:
    """Whoever changes one changes every posterior, and says so in the changelog."""
    assert {name: value for name, value in vars(scales).items() if name.isupper()} == {
        "FRAMING_SD": 0.5,
        "CAMP_SD": 1.0,
        "DEVIATION_LOG_SD": 0.7,
        "OVERCONFIDENCE_SD": 0.5,
        "NOISE_SD": 0.1,
        "CUT_SD": 3.0,
        "STEP_LOG_MEAN": -0.5,
        "STEP_LOG_SD": 0.7,
        "LOADING_SD": 0.7,
    }


def test_so_are_these_constants_of_the_laws() -> None:
    assert list(rounding.GRIDS) == ["half per cents", "per cents", "fives", "tens", "quarters", "halves", "ladder"]
    np.testing.assert_allclose(rounding.NEXT_TO_NOTHING, [10.0**-power for power in range(12, 3, -1)])
    assert rounding.SPIKES == {"zero": 1.0, "half": 1.0, "one": 1.0, "belief": 20.0}
    assert rounding.STOCK == (0.0, 0.5, 1.0)
    assert (slips.OUTLIERS, densities.TAILS, quantile.LEAST_SPREAD) == (0.002, 5, 0.001)
    assert (mood.MOODS, cdf_point.KNOTS, cdf_point.PROBIT_ENDS) == (7, 15, (0.005, 0.995))
    assert (natural.FAR, natural.OPEN) == (40, 1e4)
