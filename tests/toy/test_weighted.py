"""Every question answers for weighted draws as it does for the same draws, each as often as it counts."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from tests.toy import CASE
from tests.weighed import LABEL, apart, counted, distance, plain, repeated, weighed
from toc_model.aliases import Floats
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs, own_beliefs
from toc_model.beliefs.mixture import Member, in_order, mixed
from toc_model.engine.overrides import parse_overrides
from toc_model.errors import InputError
from toc_model.present.result import Result
from toc_model.questions.channels import channels
from toc_model.questions.claims import check, claims, grant
from toc_model.questions.compare import compare
from toc_model.questions.compare.words import best
from toc_model.questions.curve import curve
from toc_model.questions.disagree import disagree
from toc_model.questions.harm import FEWEST, RARELY, harm
from toc_model.questions.marginal import marginal
from toc_model.questions.marginal import words as marginal_words
from toc_model.questions.optimise import optimise
from toc_model.questions.report import report
from toc_model.questions.rerun import rerun
from toc_model.questions.run import Run, run
from toc_model.questions.run.figure import answer_figure
from toc_model.questions.saved import load
from toc_model.questions.sensitivity import inputs_of, sensitivity
from toc_model.questions.structure import structure
from toc_model.questions.voi import voi
from toc_model.statistics.boxes.firmness import FEWEST as FEWEST_RESAMPLES

DRAWS = 242
BY = "fence_gain"
"""What draws count by: the change of the harvest hangs on it."""


@cache
def almanac() -> Beliefs:
    return load_beliefs(CASE, draws=DRAWS)


@cache
def mine() -> Beliefs:
    return weighed(almanac(), BY)


def three() -> tuple[Beliefs, Beliefs, Beliefs]:
    """Weighted draws, as many of each as it counts, and all alike."""
    return mine(), repeated(almanac(), BY), plain(almanac())


@cache
def many() -> Beliefs:
    return load_beliefs(CASE, draws=3 * DRAWS)


@cache
def farmer() -> Beliefs:
    return load_beliefs(CASE, "farmer", draws=DRAWS)


ALLOCATIONS = almanac().documents.allocations()
ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
"""Marks around names, which are left out."""
CHANGED = parse_overrides(["toil*=1.5", "do(guarded)=before"], CASE.reference)

type Question = Callable[[Beliefs], Result]
QUESTIONS: dict[str, tuple[str, Question]] = {
    "run": ("own", lambda one: run(one, ALLOCATIONS, beside=[one])),
    "run, a posterior": ("posterior", lambda one: run(one, ALLOCATIONS, beside=[farmer(), one])),
    "run, stages": ("own", lambda one: run(one, ALLOCATIONS, steps=True)),
    "run, changed": ("own", lambda one: run(one.with_overrides(CHANGED), ALLOCATIONS)),
    "compare": ("own", lambda one: compare([one], ALLOCATIONS, delay_cost=0.01, unit_cost=2.0)),
    "compare, several": ("own", lambda one: compare([one, farmer()], ALLOCATIONS)),
    "curve": ("own", lambda one: curve([farmer(), one], ALLOCATIONS)),
    "marginal": ("own", lambda one: marginal([one, farmer()], ALLOCATIONS, unit_cost=3.0)),
    "channels": ("own", lambda one: channels(one, ALLOCATIONS)),
    "claims": ("own", lambda one: claims(one, ALLOCATIONS, pairs=[2])),
    "grant": ("own", lambda one: grant([one, farmer()], ALLOCATIONS)),
    "check": ("own", lambda one: check(one.documents, lambda _: one, ALLOCATIONS, under=[one.worldview])),
    "optimise": ("own", lambda one: optimise([one], ALLOCATIONS, starts=2)),
    "flip": ("posterior", lambda one: sensitivity(one, ALLOCATIONS, method="flip")),
    "optimise, the worst": ("own", lambda one: optimise([one], ALLOCATIONS, starts=1, kind="cvar", level=0.8)),
    "report": ("own", lambda one: report([one, farmer()], ALLOCATIONS, sections=["answer"], delay_cost=0.01)),
}
"""Whether draws are the user's own or those of a posterior, and what is asked."""


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_answers_for_weighted_draws_as_for_repeated_ones(name: str) -> None:
    kind, ask = QUESTIONS[name]
    found = ask(weighed(almanac(), BY, kind)).to_dict()
    assert list(apart(found, ask(repeated(almanac(), BY, kind)).to_dict())) == []
    assert list(apart(found, ask(plain(almanac(), kind)).to_dict()))


def test_a_box_is_that_of_repeated_draws_with_its_ends_and_what_it_holds() -> None:
    found, again, other = (
        harm(one, ALLOCATIONS, allocation="all_round", resamples=FEWEST_RESAMPLES).to_dict() for one in three()
    )
    chance = "quasi_p|limited_in|firmness"
    assert found["verdict"] == "box"
    assert list(apart(found, again, chance)) == []
    assert list(apart(found["harmful"], other["harmful"]))


def test_harm_by_member_of_a_mixture_is_a_share_of_what_its_draws_count() -> None:
    whose = np.where(np.arange(DRAWS) % 3, "farmer", "almanac")
    parameters = mine().parameters.assign_coords(worldview=("draw", whose))
    found = harm(own_beliefs(parameters, LABEL, almanac().documents), ALLOCATIONS, resamples=FEWEST_RESAMPLES)
    weight, harmful = parameters["weight"].values, found.harmful.values
    assert found.members == {
        name: pytest.approx(weight[harmful & (whose == name)].sum() / weight[whose == name].sum())
        for name in ("almanac", "farmer")
    }


def test_harm_in_draws_that_count_for_little_is_too_rare_for_a_box() -> None:
    harmful = harm(plain(almanac()), ALLOCATIONS, resamples=FEWEST_RESAMPLES).harmful.values
    weight = np.where(harmful, 1e-3, 1.0)
    weight[np.flatnonzero(harmful)[0]] = 20.0
    parameters = almanac().parameters.assign_coords(weight=("draw", weight))
    found = harm(own_beliefs(parameters, LABEL, almanac().documents), ALLOCATIONS, resamples=FEWEST_RESAMPLES)
    assert harmful.sum() > FEWEST
    assert found.share.value > RARELY
    assert found.verdict == "rarely"


def test_what_matters_most_and_what_is_best_are_so_by_weights() -> None:
    """Draws that count are those of which the best allocation, and the claim that matters most, is another."""
    weight = (run(almanac(), ALLOCATIONS).found.move("plan").change < 0).values.astype(float)
    few = own_beliefs(almanac().parameters.assign_coords(weight=("draw", weight)), LABEL, almanac().documents)
    alone = own_beliefs(almanac().parameters.isel(draw=np.flatnonzero(weight)), LABEL, almanac().documents)
    names = [denial.claims for denial in claims(few, ALLOCATIONS).denials]
    assert names == [denial.claims for denial in claims(alone, ALLOCATIONS).denials]
    assert names != [denial.claims for denial in claims(plain(almanac()), ALLOCATIONS).denials]
    told, again, other = (best(compare([one], ALLOCATIONS)) for one in (few, alone, plain(almanac())))
    assert told.partition("(")[0] == again.partition("(")[0] != other.partition("(")[0]
    means = [inputs_of(one, ALLOCATIONS).mean_change for one in (few, alone)]
    assert means[0] == pytest.approx(means[1])


def test_what_is_chosen_and_what_perfect_information_is_worth_are_those_of_repeated_draws() -> None:
    asked = [voi(one, ALLOCATIONS, parameters=[], claims={}, plans=[], experts=[]) for one in three()]
    assert asked[0].best == asked[1].best
    found, again, other = ([one.mean, one.worth or 0.0, one.evpi.value] for one in asked)
    assert found == pytest.approx(again)
    assert found != pytest.approx(other)


def test_a_picture_is_told_by_means_of_what_draws_count() -> None:
    asked = [marginal_words.section(marginal([one], ALLOCATIONS), pictures=True) for one in three()]
    found, again, other = (said.pictures[0].description for said in asked)
    assert found == again != other


SMOOTH: dict[str, tuple[str, Question]] = {
    "tornado": ("own", lambda one: sensitivity(one, ALLOCATIONS)),
    "tornado, a posterior": ("posterior", lambda one: sensitivity(one, ALLOCATIONS)),
    "given-data": ("own", lambda one: sensitivity(one, ALLOCATIONS, method="given-data")),
    "flip": ("posterior", lambda one: sensitivity(one, ALLOCATIONS, method="flip")),
    "power-scaling": ("posterior", lambda one: sensitivity(one, ALLOCATIONS, method="power-scaling")),
    "harm": ("own", lambda one: harm(one, ALLOCATIONS, allocation="all_round", resamples=FEWEST_RESAMPLES)),
    "voi": ("own", lambda one: voi(one, ALLOCATIONS, parameters=[BY, "toil"], experts=[100], ask_about=0)),
}
"""Questions whose answers are smooth in the draws: those of draws that are there twice would be less so."""


@pytest.mark.parametrize("name", SMOOTH)
def test_draws_that_count_for_nothing_change_little(name: str) -> None:
    kind, ask = SMOOTH[name]
    some, alone = counted(many(), BY, kind)
    found = ask(some).to_dict()
    assert distance(found, ask(alone).to_dict()) < distance(found, ask(plain(many(), kind)).to_dict()) / 2.5


# Kept, said and refused --------------------------------------------------------------------------------------------


def test_a_saved_run_keeps_the_weights(tmp_path: Path) -> None:
    asked = run(mine(), ALLOCATIONS)
    asked.save(tmp_path / "run.nc")
    found = load(tmp_path / "run.nc")
    assert isinstance(found, Run)
    np.testing.assert_array_equal(found.parameters["weight"], asked.parameters["weight"])
    assert found.found.nodes.equals(asked.found.nodes)
    assert found.to_dict()["allocations"] == asked.to_dict()["allocations"]
    assert rerun(tmp_path / "run.nc", CASE).identical


def test_other_weights_are_other_draws_of_one_s_own() -> None:
    other = mine().parameters.assign_coords(weight=("draw", np.roll(mine().parameters["weight"], 2)))
    told = own_beliefs(other, LABEL, almanac().documents).provenance()
    assert told["own_draws"] != mine().provenance()["own_draws"]


def test_what_weighted_draws_are_worth_is_said_beside_their_number() -> None:
    counts = mine().parameters["weight"].values
    worth = counts.sum() ** 2 / (counts**2).sum()
    said = f"{DRAWS} paired draws worth {worth:.0f} by their weights"
    assert mine().sample == f"{said}, of the user's own"
    found = run(mine(), ALLOCATIONS)
    assert found.to_dict()["effective_draws"] == found.provenance()["effective_draws"] == pytest.approx(worth)
    assert f"{DRAWS} draws worth {worth:.0f} by their weights" in found.about()
    for result in (found, channels(mine(), ALLOCATIONS), compare([mine()], ALLOCATIONS), claims(mine(), ALLOCATIONS)):
        assert said in " ".join(str(result).split())


def test_of_several_worldviews_it_is_said_which_have_weights() -> None:
    worth = f"{mine().counts['effective_draws']:,.0f}"
    page = " ".join(str(report([mine(), farmer()], ALLOCATIONS, sections=["answer", "provenance"])).split())
    assert f"{DRAWS} draws each (those of mine worth {worth} by their weights)" in page.translate(ISOLATES)
    assert f"{DRAWS} draws worth {worth} by their weights of mine and {DRAWS} draws of" in page.translate(ISOLATES)
    found = optimise([mine()], ALLOCATIONS, starts=1)
    judged = found.to_dict()["judged"]["mine"]
    said = f"{DRAWS // 2} draws worth {judged['effective_draws']:.0f} by their weights that did not choose it"
    assert said in " ".join(str(found).split())


@pytest.mark.parametrize("beliefs", [almanac(), plain(almanac()), plain(almanac(), "posterior")])
def test_of_draws_that_count_alike_only_the_number_is_said(beliefs: Beliefs) -> None:
    found = run(beliefs, ALLOCATIONS)
    assert "effective_draws" not in json.dumps(found.to_dict())
    assert "worth" not in beliefs.sample + found.about()


def test_a_mixture_with_a_posterior_is_not_drawn_anew_as_one_of_priors() -> None:
    learnt, prior = weighed(almanac(), BY, "posterior"), farmer()
    members = in_order([Member(one.members[0].priors, 0.5) for one in (learnt, prior)])
    mixture = replace(prior, members=members, parameters=mixed(CASE.story, members, DRAWS, prior.seed))
    assert f"{DRAWS} paired draws worth" in mixture.sample
    with pytest.raises(InputError, match="allowed: a worldview or a mixture as documents"):
        structure(mixture, ALLOCATIONS)


@pytest.mark.parametrize("kind", ["own", "posterior"])
def test_what_would_draw_anew_refuses_weighted_draws(kind: str) -> None:
    beliefs = weighed(almanac(), BY, kind)
    with pytest.raises(InputError, match="allowed: two single worldviews"):
        disagree([beliefs, farmer()], ALLOCATIONS)
    with pytest.raises(InputError, match="allowed: a worldview or a mixture as documents"):
        structure(beliefs, ALLOCATIONS)


# Drawn ------------------------------------------------------------------------------------------------------------

FIGURES: dict[str, Callable[[Beliefs], Figure]] = {
    "compare": lambda one: compare([one], ALLOCATIONS).plot(),
    "curve": lambda one: curve([one], ALLOCATIONS).plot(),
    "marginal": lambda one: marginal([one], ALLOCATIONS).plot(),
    "channels": lambda one: channels(one, ALLOCATIONS).plot(),
    "claims": lambda one: claims(one, ALLOCATIONS).plot(),
    "answer": lambda one: answer_figure(
        CASE.objective, {"mine": run(one, ALLOCATIONS).found.move("plan").change}, "plan"
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_shows_what_weighted_draws_stand_for(name: str) -> None:
    found, again, unweighed = (shapes(FIGURES[name](of)) for of in three())
    np.testing.assert_allclose(found, again, rtol=1e-6, atol=1e-7)
    assert found.shape != unweighed.shape or not np.allclose(found, unweighed, rtol=1e-3)


def shapes(figure: Figure) -> Floats:
    """All points of lines, bars and bands of a figure, one after another."""
    lines = [line.get_xydata() for axes in figure.axes for line in axes.lines]
    bars = [patch.get_path().vertices for axes in figure.axes for patch in axes.patches]
    bands = [path.vertices for axes in figure.axes for band in axes.collections for path in band.get_paths()]
    return np.concatenate([np.asarray(one, float).ravel() for one in (*lines, *bars, *bands)])


def test_bars_of_a_histogram_are_as_high_as_draws_count() -> None:
    counts = mine().parameters["weight"].values
    found = harm(mine(), ALLOCATIONS, resamples=FEWEST_RESAMPLES)
    assert found.verdict != "box"
    heights = [patch.get_height() for patch in found.plot().axes[0].patches if isinstance(patch, Rectangle)]
    assert sum(heights) == pytest.approx(DRAWS)
    harmful = counts[found.harmful.values].sum() / counts.sum()
    assert sum(heights[: len(heights) // 2]) == pytest.approx(DRAWS * harmful)
    assert found.share.value == pytest.approx(harmful)
