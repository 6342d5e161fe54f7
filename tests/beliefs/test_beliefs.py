"""Beliefs: mixtures of worldviews, and what figures say that they rest on."""

import json

import numpy as np
import pytest

from tests.conftest import Toc
from tests.shipped import DOCUMENTS, STORY, load_allocations, load_beliefs
from toc_model.beliefs.loading import own_beliefs
from toc_model.errors import InputError
from toc_model.questions.channels import channels
from toc_model.questions.compare import compare
from toc_model.questions.marginal import marginal
from toc_model.questions.sensitivity import inputs_of
from toc_model.questions.voi import voi

MIXTURE = "0.7*base + 0.3*critic"


def test_each_draw_of_a_mixture_is_that_of_one_worldview() -> None:
    mixed = load_beliefs(MIXTURE, draws=200)
    whose = mixed.parameters["worldview"].values
    assert {name: int((whose == name).sum()) for name in ("base", "critic")} == {"base": 140, "critic": 60}
    for name in ("base", "critic"):
        single = load_beliefs(name, draws=200).parameters
        for parameter in STORY.parameters:
            here = whose == name
            np.testing.assert_array_equal(mixed.parameters[parameter].values[here], single[parameter].values[here])


def test_a_mixture_depends_on_the_seed_and_is_shuffled() -> None:
    one, other = (load_beliefs(MIXTURE, draws=200, seed=seed).parameters["worldview"].values for seed in (1, 2))
    assert (one != other).any()
    assert len(set(one[:20])) == 2


def test_a_mixture_says_what_it_rests_on() -> None:
    mixed = load_beliefs(MIXTURE, draws=50)
    assert mixed.worldview == "70 % base + 30 % critic"
    assert "comes from one of the worldviews" in mixed.rests_on()
    assert "by critic" in mixed.rests_on()
    assert "worldviews/critic.toml" in mixed.provenance()["priors"]
    with pytest.raises(InputError, match="no one prior"):
        _ = mixed.priors


def test_the_outcome_of_a_mixture_lies_between(toc: Toc) -> None:
    def p_doom(worldview: str) -> float:
        code, out, _ = toc("run", "--worldview", worldview, "--draws", 1000, "--only", "recommended", "--json")
        assert code == 0
        return float(json.loads(out)["allocations"]["status_quo"]["p_doom"]["mean"])

    low, high = p_doom("critic"), p_doom("base")
    assert p_doom("0.5*base + 0.5*critic") == pytest.approx((low + high) / 2, abs=0.02)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0.5*base + 0.4*critic", "add up to 0.9; allowed: 1"),
        ("0.5*base + 0.5*base", "'base' twice"),
        ("1*base + critic", "found 'critic'; allowed: WEIGHT\\*NAME"),
        ("-1*base + 2*critic", "WEIGHT\\*NAME"),
        ("nan*base", "WEIGHT\\*NAME"),
        ("0.5*base + 0.5*criti", "critic"),
    ],
)
def test_bad_mixtures_are_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_beliefs(text, draws=50)


def test_an_outcome_has_draws_and_allocations_even_where_it_depends_on_neither() -> None:
    beliefs = load_beliefs(draws=20, overrides=["severity=0"])
    levers = load_allocations().levers()
    found = beliefs.outcome(levers)
    assert found.dims == ("draw", "allocation")
    assert found.shape == (20, levers.sizes["allocation"])
    assert (found == 0).all()


def test_draws_of_ones_own_say_so_and_serve_every_analysis() -> None:
    other = load_beliefs("critic", draws=200).parameters.drop_vars("draw")
    mine = own_beliefs(other, "my draws", DOCUMENTS)
    assert mine.worldview == "my draws"
    assert "draws of the user's own, 'my draws'" in mine.rests_on()
    assert mine.provenance()["worldview"] == "my draws"
    named = load_allocations()
    expected = load_beliefs("critic", draws=200).outcome(named.levers())
    np.testing.assert_array_equal(mine.outcome(named.levers()).values, expected.values)
    assert "my draws" in compare([mine], named).to_dict()["worldviews"]
    assert "my draws" in marginal([mine], named).to_dict()["worldviews"]
    asked = voi(mine, named, parameters=["lead_now"], claims={}, plans=[])
    assert asked.to_dict()["worldview"] == "my draws"
    assert "my draws" in str(asked)
    assert channels(mine, named).to_dict()["worldview"] == "my draws"
    assert inputs_of(mine, named).dependence
    with pytest.raises(InputError, match="no prior"):
        _ = mine.priors
    with pytest.raises(InputError, match="allowed: a name"):
        own_beliefs(other, " ", DOCUMENTS)
    with pytest.raises(InputError, match="missing 'severity'"):
        own_beliefs(other.drop_vars("severity"), "my draws", DOCUMENTS)
