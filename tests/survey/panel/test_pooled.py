"""Fits and pools of a panel: those of the functions, laws that any pool has, and what is told of weights."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.survey.panel.small import CHIPS, EVENT, LENGTH, SEED, SHARE, panel_of
from toc_model.errors import InputError
from toc_model.statistics.elicitation import FAMILIES, fit
from toc_model.survey.panel.fitted import NAMED_ONLY, fit_all
from toc_model.survey.panel.pooled import EVENT_METHODS, METHODS, Pooled, pool_all
from toc_model.survey.panel.said import Said

PANEL = panel_of(LENGTH, SHARE, EVENT, CHIPS)
TRIPLES = st.lists(st.floats(0.01, 100), min_size=3, max_size=3, unique=True).map(sorted)
SHARES = st.lists(st.floats(0.01, 0.99), min_size=3, max_size=3, unique=True).map(sorted)


def said(expert: str, values: Sequence[float], question: str = "length") -> Said:
    return Said.of_quantiles("1", expert, question, dict(zip((0.05, 0.5, 0.95), values, strict=True)))


def pooled(every: Sequence[Said], method: str = "", **how: object) -> Pooled:
    (found,) = pool_all(PANEL, fit_all(PANEL, every), method=method, **how)  # type: ignore[arg-type]
    return found


def test_many_fits_are_those_of_one_at_a_time() -> None:
    rng = np.random.default_rng(3)
    every = [
        *(said(name, sorted(rng.uniform(0.5, 9, 3))) for name in PANEL.experts),
        *(said(name, sorted(rng.uniform(0.01, 0.9, 3)), "share") for name in PANEL.experts),
    ]
    for one in fit_all(PANEL, every):
        assert one.chosen is not None
        alone = fit(one.said.judgements(one.question), one.chosen.name)
        assert one.chosen.squares == pytest.approx(float(alone.squares), abs=1e-12)
        assert one.chosen.misfit == pytest.approx(one.tried[one.chosen.name])


@given(SHARES)
def test_the_family_keeps_to_the_support_and_is_the_nearest_of_those(values: list[float]) -> None:
    (found,) = fit_all(PANEL, [said("Ada", values, "share")])
    assert found.chosen is not None
    assert found.chosen.name not in NAMED_ONLY
    assert abs(float(found.chosen.outside)) < 1e-9
    judged = found.said.judgements(found.question)
    others = [fit(judged, name) for name in ("beta", "logit_normal")]
    assert float(found.chosen.squares) <= min(float(one.squares) for one in others) + 1e-9


def test_a_lone_judgement_has_one_parameter_or_none() -> None:
    low = Said.of_quantiles("1", "Ada", "length", {0.5: 4.0})
    (found,) = fit_all(PANEL, [low])
    assert found.chosen is not None
    assert found.chosen.name == "exponential"
    open_ended = panel_of({**LENGTH, "lower": None, "unit": "metres"})
    (none,) = fit_all(open_ended, [low])
    assert none.chosen is None
    assert none.refused == "found 1 judgement; allowed: two or more, or a support with a lower bound"


def test_a_family_that_is_named_is_taken_or_refused() -> None:
    every = [said("Ada", [2, 5, 20])]
    (found,) = fit_all(PANEL, every, {"length": "log_t"})
    assert found.chosen is not None
    assert found.chosen.name == "log_t"
    with pytest.raises(InputError, match="upper bound"):
        fit_all(PANEL, every, {"length": "beta"})
    with pytest.raises(InputError, match="unknown family 'betta'"):
        fit_all(PANEL, every, {"length": "betta"})
    with pytest.raises(InputError, match="unknown question"):
        fit_all(PANEL, every, {"width": "gamma"})


def test_chips_and_quantiles_of_one_question_kind_are_fitted_together() -> None:
    chips = Said.of_cdf("1", "Ada", "chips", {0.25: 0.2, 0.5: 0.6, 0.75: 0.9})
    first, second = fit_all(PANEL, [said("Bo", [0.1, 0.4, 0.8], "share"), chips])
    assert first.chosen is not None
    assert second.chosen is not None
    assert float(second.chosen.misfit) < 0.05


@given(TRIPLES, st.sampled_from(METHODS))
def test_a_pool_of_identical_experts_is_that_expert(values: list[float], method: str) -> None:
    same = pooled([said(name, values) for name in PANEL.experts], method)
    alone = pooled([said("Ada", values)], method)
    assert list(same.quantiles.values()) == pytest.approx(list(alone.quantiles.values()), rel=1e-6)


@given(st.permutations(range(3)), st.sampled_from(METHODS), st.lists(TRIPLES, min_size=3, max_size=3))
def test_whose_name_stands_first_changes_nothing(order: list[int], method: str, values: list[list[float]]) -> None:
    names = PANEL.experts
    first = pooled([said(name, row) for name, row in zip(names, values, strict=True)], method)
    other = pooled([said(names[k], values[j]) for k, j in enumerate(order)], method)
    assert list(first.quantiles.values()) == pytest.approx(list(other.quantiles.values()), rel=1e-6)


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=3), st.sampled_from(["geometric_odds", "probit_mean"]))
def test_pools_of_an_event_and_its_opposite_sum_to_one(chances: list[float], method: str) -> None:
    def pool(values: list[float]) -> float:
        every = [Said.of_probability("1", name, "rain", p) for name, p in zip(PANEL.experts, values, strict=False)]
        found = pooled(every, method).probability
        assert found is not None
        return found

    assert pool(chances) + pool([1 - p for p in chances]) == pytest.approx(1, abs=1e-12)


def test_zeros_and_ones_stand_side_by_side_and_none_is_chosen_in_silence() -> None:
    every = [Said.of_probability("1", name, "rain", p) for name, p in zip(PANEL.experts, (0, 0.2, 0.4), strict=True)]
    found = pooled(every)
    assert found.event is not None
    assert (found.event.zeros, found.event.ones) == (1, 0)
    assert list(found.event.values) == list(EVENT_METHODS)
    assert found.probability == 0
    assert found.event.values["geometric_odds"]["left out"] == pytest.approx(1 / (1 + (4 * 1.5) ** 0.5))


def test_weights_of_one_s_own_sum_to_one_and_are_for_all() -> None:
    every = [said(name, [1 + k, 4 + k, 9 + k]) for k, name in enumerate(PANEL.experts)]
    found = pooled(every, weights={"Ada": 2, "Bo": 1, "Cy": 1})
    assert dict(found.weights) == {"Ada": 0.5, "Bo": 0.25, "Cy": 0.25}
    assert found.weighting == "user"
    with pytest.raises(InputError, match="found none for 'Cy'"):
        pooled(every, weights={"Ada": 2, "Bo": 1})
    with pytest.raises(InputError, match="unknown expert 'Eve'"):
        pooled(every, weights={"Eve": 2})
    with pytest.raises(InputError, match="length: found no answer by an expert who counts, with user weights"):
        pooled(every, weights=dict.fromkeys(PANEL.experts, 0.0))
    with pytest.raises(InputError, match="unknown method"):
        pooled(every, "median")
    with pytest.raises(InputError, match="no seed questions"):
        pooled(every, weighting="global")


def test_seeds_weigh_experts_and_are_not_pooled() -> None:
    panel = panel_of(*(SEED | {"name": f"s{k}"} for k in range(8)), LENGTH, EVENT)
    good = [said("Ada", [8, 11, 16], f"s{k}") for k in range(8)]
    bad = [said("Bo", [1, 2, 3], f"s{k}") for k in range(8)]
    own = [said("Ada", [1, 2, 4]), said("Bo", [10, 20, 40]), Said.of_probability("1", "Ada", "rain", 0.2)]
    found = pool_all(
        panel, fit_all(panel, [*good, *bad, *own, Said.of_probability("1", "Bo", "rain", 0.9)]), weighting="global"
    )
    assert [one.question.name for one in found] == ["length", "rain"]
    assert dict(found[0].weights) == {"Ada": 1, "Bo": 0}
    assert found[0].quantiles[0.5] == pytest.approx(2, rel=0.01)
    assert found[1].probability == pytest.approx(0.2)


def test_who_has_no_distribution_is_left_out_and_told() -> None:
    panel = panel_of({**LENGTH, "lower": None})
    lone = Said.of_quantiles("1", "Ada", "length", {0.5: 4.0})
    (found,) = pool_all(panel, fit_all(panel, [lone, said("Bo", [1, 2, 3])]))
    assert dict(found.weights) == {"Bo": 1}
    assert list(found.left_out) == ["Ada"]
    assert pool_all(panel, fit_all(panel, [lone])) == ()


def test_families_that_a_panel_chooses_from_are_those_with_two_parameters() -> None:
    (found,) = fit_all(PANEL, [said("Ada", [2, 5, 20])])
    assert set(found.tried) == {"normal", "lognormal", "gamma"}
    assert {FAMILIES[name].free for name in found.tried} == {2}


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"cutoff": 0.5}, "cutoff: found 0.5 for equal weights"),
        ({"cutoff": 0.5, "weights": {"Ada": 1, "Bo": 1, "Cy": 1}}, "cutoff: found 0.5 for weights of your own"),
        ({"weighting": "global", "weights": {"Ada": 1, "Bo": 1, "Cy": 1}}, "weighting: found 'global' beside"),
    ],
)
def test_what_would_change_nothing_is_refused(how: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        pooled([said("Ada", (1, 2, 3)), said("Bo", (1, 2, 4))], **how)  # type: ignore[arg-type]


def test_who_does_not_count_makes_no_pool_alone() -> None:
    alone = [said("Ada", (1, 2, 3))]
    with pytest.raises(InputError, match="length: found no answer by an expert who counts, with user weights"):
        pooled(alone, weights={"Ada": 0, "Bo": 1, "Cy": 1})
    panel = panel_of(*(SEED | {"name": f"s{k}"} for k in range(8)), LENGTH)
    good = [said("Ada", [8, 11, 16], f"s{k}") for k in range(8)]
    bad = [said(name, [1, 2, 3], f"s{k}") for k in range(8) for name in ("Bo", "Cy")]
    for weighting in ("global", "item"):
        for names in (["Bo"], ["Bo", "Cy"]):
            every = [*good, *bad, *(said(name, [1, 2, 4]) for name in names)]
            with pytest.raises(InputError, match=f"length: found no answer by an expert who counts, with {weighting}"):
                pool_all(panel, fit_all(panel, every), weighting=weighting)
    every = [*good, *bad, said("Ada", [1, 2, 4])]
    (found,) = pool_all(panel, fit_all(panel, every), weighting="global")
    assert (found.weighting, dict(found.weights)) == ("global", {"Ada": 1})


@pytest.mark.parametrize("weighting", ["global", "item"])
def test_who_skips_a_question_counts_no_less_for_an_event(weighting: str) -> None:
    panel = panel_of(*(SEED | {"name": f"s{k}"} for k in range(8)), LENGTH, SHARE, EVENT)
    every = [said(name, [8, 11, 16], f"s{k}") for k in range(8) for name in ("Ada", "Bo")]
    every += [said("Ada", [1, 2, 4]), said("Ada", [0.1, 0.2, 0.4], "share")]
    every += [Said.of_probability("1", name, "rain", p) for name, p in (("Ada", 0.2), ("Bo", 0.4))]
    event = pool_all(panel, fit_all(panel, every), weighting=weighting)[-1]
    assert dict(event.weights) == pytest.approx({"Ada": 0.5, "Bo": 0.5})
