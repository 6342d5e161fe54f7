"""Why worldviews disagree: parts that add up, known answers, and what bad input says."""

import json
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Toc
from tests.refused import assert_refused
from tests.shipped import load_allocations, load_beliefs, load_priors
from tests.toy import CASE
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.errors import InputError
from toc_model.questions.disagree import MOST_EXACT, Disagreement, disagree, words
from toc_model.questions.disagree.hybrids import Hybrids

ALLOCATIONS = load_allocations()
COMPARED = ALLOCATIONS.compared("recommended").levers()
DRAWS = 200
SEVERITY = {"severity": (0.15, 0.5, 0.85)}
TWO_BY_TWO = {
    "severity": (0.3, 0.6, 0.84),
    "lead_now": (1.3, 5.0, 19.0),
    "aligned_by_default": (0.1, 0.3, 0.6),
    "solved_by_reference": (0.1, 0.3, 0.7),
}
MANY = {
    "aligned_by_default": (0.15, 0.45, 0.8),
    "solved_by_reference": (0.2, 0.5, 0.8),
    "solved_elasticity": (0.2, 0.5, 1.2),
    "serial_weight": (0.5, 0.8, 0.95),
    "tax_learning": (0.02, 0.1, 0.5),
    "tolerance_race": (0.2, 0.6, 1.8),
}

type View = Callable[..., Beliefs]


@pytest.fixture
def view(tmp_path: Path) -> View:
    """A worldview that differs from the base one in these quantiles."""

    def made(quantiles: dict[str, tuple[float, float, float]], more: str = "", draws: int = DRAWS) -> Beliefs:
        lines = ['description = "A test"']
        for name, (low, middle, high) in quantiles.items():
            lines += [
                f'[parameters."{name}"]',
                f"quantiles = {{ q05 = {low}, q50 = {middle}, q95 = {high} }}",
                'reason = "To see"',
            ]
        path = tmp_path / "mine.toml"
        path.write_text("\n".join([*lines, more]), encoding="utf-8")
        return load_beliefs(str(path), draws=draws)

    return made


def between(other: Beliefs) -> Disagreement:
    return without_asking(load_beliefs("base", draws=DRAWS), other)


def without_asking(first: Beliefs, second: Beliefs, *, exact: bool = False) -> Disagreement:
    return disagree([first, second], ALLOCATIONS, exact=exact, experts=None)


def assert_parts_add_up(found: Disagreement) -> None:
    whole = found.difference
    assert float(abs(sum(found.chapters.values()) - whole).max()) < 1e-10
    assert float(abs(sum(crux.share for crux in found.cruxes) - whole).max()) < 1e-10
    for chapter, part in found.chapters.items():
        inside = [crux.share for crux in found.cruxes if crux.chapter == chapter]
        assert float(abs(sum(inside) - part).max()) < 1e-10


# Shares -----------------------------------------------------------------------------------------------------------


def test_a_single_belief_carries_all_of_the_difference(view: View) -> None:
    found = between(view(SEVERITY))
    (crux,) = found.cruxes
    assert (crux.parameter, list(found.chapters)) == ("severity", ["deployment"])
    assert_parts_add_up(found)
    assert float(crux.share.sel(measure="p_doom").mean()) == pytest.approx(
        float(found.difference.sel(measure="p_doom").mean()), abs=1e-12
    )
    assert abs(crux.gap_if_known).max() < 1e-12


def test_results_are_those_of_the_worldviews(view: View) -> None:
    other = view(TWO_BY_TWO)
    found = between(other)
    p_doom = other.outcome(COMPARED)
    assert found.results["mine"].sel(measure="p_doom").values == pytest.approx(p_doom.values[:, 0], abs=1e-14)
    change = p_doom.values[:, 1] - p_doom.values[:, 0]
    assert found.results["mine"].sel(measure="change").values == pytest.approx(change, abs=1e-14)


def test_exact_shares_are_means_over_all_orders_that_keep_chapters_together(view: View) -> None:
    first, second = load_beliefs("base", draws=DRAWS), view(TWO_BY_TWO)
    found = without_asking(first, second)
    assert_parts_add_up(found)
    game = Hybrids(first, second, COMPARED)
    chapters = list(game.chapters.values())
    orders = [
        [*one, *other]
        for front, back in permutations(chapters)
        for one in permutations(front)
        for other in permutations(back)
    ]
    added: dict[str, list[float]] = {name: [] for name in game.parameters}
    for order in orders:
        values = game.values(game.mark(order[:length]) for length in range(len(order) + 1)).mean(axis=1)[:, 1]
        for name, part in zip(order, np.diff(values), strict=True):
            added[name].append(float(part))
    for crux in found.cruxes:
        assert float(crux.share.sel(measure="change").mean()) == pytest.approx(
            np.mean(added[crux.parameter]), abs=1e-12
        )


def test_drawn_orders_add_up_and_agree_with_all_orders(view: View) -> None:
    assert len(MANY) > MOST_EXACT
    first, second = load_beliefs("base", draws=DRAWS), view(MANY)
    drawn = without_asking(first, second)
    whole = without_asking(first, second, exact=True)
    assert (drawn.sampled, whole.sampled) == (("alignment",), ())
    assert_parts_add_up(drawn)
    assert_parts_add_up(whole)
    exact = {crux.parameter: crux.share.sel(measure="change") for crux in whole.cruxes}
    for crux in drawn.cruxes:
        apart = crux.share.sel(measure="change") - exact[crux.parameter]
        assert abs(float(apart.mean())) < 4 * float(apart.std()) / DRAWS**0.5 + 1e-12, crux.parameter
        assert abs(float(exact[crux.parameter].mean())) > 0, crux.parameter
        assert float(apart.std()) > 0, crux.parameter


def test_knowing_a_belief_that_all_else_does_not_depend_on_leaves_the_gap_of_the_rest(view: View) -> None:
    found = between(view(TWO_BY_TWO))
    now = abs(float(found.difference.sel(measure="p_doom").mean()))
    left = {crux.parameter: float(crux.gap_if_known.sel(measure="p_doom")) for crux in found.cruxes}
    assert left["severity"] < 0.8 * now
    assert left["aligned_by_default"] < 0.8 * now
    assert left["lead_now"] > 0.9 * now


def test_views_that_differ_by_a_correlation_alone_disagree_on_it(view: View) -> None:
    correlation = '[[correlations]]\nbetween = ["lead_now", "deployment_unchecked"]\nvalue = 0.8\nreason = "To see"'
    found = between(view({}, correlation))
    assert_parts_add_up(found)
    assert found.cruxes
    assert set(found.believed(found.cruxes[0])) == {found.cruxes[0].parameter}
    assert load_priors().label(found.cruxes[0].parameter) in str(found)


# Another theory of change -----------------------------------------------------------------------------------------


def villagers(*names: str, draws: int = DRAWS) -> list[Beliefs]:
    return [load_any_beliefs(CASE, name, draws=draws) for name in names]


@pytest.fixture(scope="module")
def village() -> Disagreement:
    both = villagers("farmer", "forester")
    return disagree(both, both[0].documents.allocations(), experts=None)


def test_another_theory_is_measured_in_its_own_outcome_from_its_own_status_quo(village: Disagreement) -> None:
    assert village.measures == ("harvest", "change")
    assert_parts_add_up(village)
    figures = village.to_dict()
    assert (figures["baseline"], figures["allocation"]) == ("today", "plan")
    for beliefs in villagers("farmer", "forester"):
        levers = beliefs.documents.allocations().levers()
        today, plan = (beliefs.outcome(levers).sel(allocation=name) for name in ("today", "plan"))
        own = figures["results"][beliefs.worldview]
        assert own["harvest"]["mean"] == pytest.approx(float(today.mean()), abs=1e-12)
        assert own["change"]["mean"] == pytest.approx(float((plan - today).mean()), abs=1e-12)
    assert {crux.parameter for crux in village.cruxes} == {"fence_gain", "jumped", "toil"}
    assert "what_to_ask" not in figures
    assert figures["surveys"] == {"fence_gain": [], "jumped": ["neighbours:jumping"], "toil": []}


def test_another_theory_is_told_in_its_own_unit(village: Disagreement) -> None:
    said = words.section([village], pictures=True)
    text = " ".join(str(village).split())
    for fragment in (
        "From farmer to forester as of spring 1400, harvest under “today” moves by",
        "tonnes, and its change by “plan”",
    ):
        assert fragment in text
    assert [word for word in ("point", "P(doom)", "per cent") if word in text] == []
    assert "tonnes" in said.pictures[0].svg


def test_several_pairs_are_told_one_after_another(village: Disagreement) -> None:
    both = villagers("farmer", "almanac")
    other = disagree(both, both[0].documents.allocations(), experts=None)
    said = words.section([village, other], pictures=True)
    assert [picture.name for picture in said.pictures] == ["worldviews-1", "worldviews-2"]
    assert len(said.text) == 2
    assert len(said.tables) == len(words.section([village]).tables) + len(words.section([other]).tables)
    assert len(said.notes) == 1 + 3


def test_a_disagreement_as_a_table_and_in_short(village: Disagreement) -> None:
    assert list(village.to_dataframe().index) == [crux.parameter for crux in village.cruxes]
    assert repr(village) == f"<Disagreement: 'farmer' and 'forester', 3 cruxes, {DRAWS} draws>"


def test_other_than_two_worldviews_are_refused() -> None:
    (one,) = villagers("farmer", draws=2)
    with pytest.raises(InputError, match="found 1 worldviews; allowed: two"):
        disagree([one], one.documents.allocations())


# Command ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def patch(view: View, tmp_path: Path) -> Path:
    view(TWO_BY_TWO)
    return tmp_path / "mine.toml"


def test_the_command_as_json(toc: Toc, patch: Path) -> None:
    code, out, _ = toc("disagree", "base", patch, "--draws", DRAWS, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["worldviews"] == ["base", "mine"]
    assert {crux["parameter"] for crux in found["cruxes"]} == set(TWO_BY_TWO)
    whole = found["difference"]["p_doom"]["mean"]
    assert sum(crux["p_doom"]["mean"] for crux in found["cruxes"]) == pytest.approx(whole, abs=1e-10)
    assert sum(chapter["p_doom"]["mean"] for chapter in found["chapters"]) == pytest.approx(whole, abs=1e-10)
    believed = {crux["parameter"]: crux["believed"] for crux in found["cruxes"]}["severity"]["severity"]
    assert believed["mine"]["q50"] == pytest.approx(0.6)
    assert believed["mine"]["reason"] == "To see"
    assert found["surveys"]["solved_by_reference"] == ["espai2023:alignment_difficulty"]
    assert len(found["provenance"]) == 2


def test_the_command_as_text_and_figure(toc: Toc, patch: Path, tmp_path: Path) -> None:
    picture = tmp_path / "why.svg"
    code, out, _ = toc("disagree", "base", patch, "--draws", DRAWS, "--out", picture)
    text = " ".join(out.split())
    assert code == 0
    for fragment in (
        "Why do the worldviews differ? From base to mine as of late 2022, P(doom)",
        "severity of misaligned AGI mine To see",
        "0.6 [0.3, 0.84]",
        "(Owen values, exact)",
    ):
        assert fragment in text
    assert "Asked in espai2023:alignment_difficulty" in text
    drawn = picture.read_text(encoding="utf-8")
    told = (*map(load_priors().label, TWO_BY_TWO), "deployment", "base and mine", "percentage points")
    # Labels may stand in several lines.
    assert [word for label in told for word in label.split() if word not in drawn] == []


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        ("base base", ["'base' twice"]),
        ("base criti", ["'criti'; did you mean 'critic'?"]),
        ("base 0.5*essay+0.5*critic", ["mixture", "allowed: two single worldviews"]),
        ("base critic --allocation recomended", ["did you mean 'recommended'?"]),
        ("base critic --out x.gif", ["x.gif", "'.svg' or '.png'"]),
        ("base", ["SECOND"]),
    ],
)
def test_bad_input_is_one_line(toc: Toc, words: str, fragments: list[str]) -> None:
    assert_refused(toc("disagree", *words.split(), "--draws", 20), *fragments)


def test_worldviews_that_draw_alike_are_refused(toc: Toc, view: View, tmp_path: Path) -> None:
    view({})
    assert_refused(toc("disagree", "base", tmp_path / "mine.toml", "--draws", 20), "draw all parameters alike")
