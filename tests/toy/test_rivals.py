"""A rival of the village's story: figures by hand, the same draws, refusals, and what comes back from a file."""

import json
import pickle
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import toc_model as toc
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.toy import CASE, by_hand, clever
from tests.toy.conftest import DRAWS, AskJson, printed
from tests.toy.units import Tonnes
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.provenance import story_digest
from toc_model.engine.case import load_case
from toc_model.engine.checks import StoryError
from toc_model.engine.declare import node
from toc_model.engine.units import Fraction
from toc_model.errors import InputError
from toc_model.questions.graph import graph
from toc_model.questions.run.moves import moves_under
from toc_model.questions.structure import sets_of, structure

VILLAGE = ("--case", "tests.toy:CASE")


@pytest.fixture(scope="module")
def rivalled() -> Beliefs:
    return load_beliefs(CASE.under(["clever"]), draws=DRAWS)


def by_hand_change(plain: Beliefs, rivalled: Beliefs) -> np.ndarray:
    """A fence of three more kilometres spares less, by the share of deer that walk round."""
    has = by_hand.values(plain)
    lost = has["fence_gain"] * (1 - has["jumped"]) * 3 * rivalled.parameters["walked_round"].values
    return np.asarray(by_hand.change(plain) - lost)


def test_a_rival_gives_one_law_anew_and_leaves_all_draws(almanac: Beliefs, rivalled: Beliefs) -> None:
    for name in almanac.parameters:
        np.testing.assert_array_equal(almanac.parameters[name], rivalled.parameters[name])
    assert set(rivalled.parameters) - set(almanac.parameters) == {"walked_round"}
    levers = rivalled.documents.allocations().levers()
    outcome = rivalled.outcome(levers)
    found = outcome.sel(allocation="plan") - outcome.sel(allocation="today")
    np.testing.assert_allclose(found, by_hand_change(almanac, rivalled), rtol=1e-12)


def test_structure_shows_what_rivals_make_of_the_change(almanac: Beliefs, rivalled: Beliefs, figures: AskJson) -> None:
    found = figures("structure")
    none, every = found["sets"]
    assert (none["rivals"], every["rivals"]) == ([], ["clever"])
    own, other = by_hand.change(almanac), by_hand_change(almanac, rivalled)
    assert none["change"]["mean"] == pytest.approx(own.mean())
    assert every["change"]["mean"] == pytest.approx(other.mean())
    assert every["moved_by"]["mean"] == pytest.approx((other - own).mean())
    assert every["moved_by"]["mcse"] == pytest.approx((other - own).std(ddof=1) / np.sqrt(DRAWS))
    assert every["share_better"] == (other > 0).mean()
    assert set(found["provenance"]["allocations"])
    spread = found["spread"]["change"]
    assert spread["sd_between"] == pytest.approx(abs(other.mean() - own.mean()) / 2)
    assert spread["sd_within"] == pytest.approx(own.std(ddof=1))
    assert sorted([spread["least_mean"], spread["largest_mean"]]) == pytest.approx(sorted([own.mean(), other.mean()]))


def test_what_structure_says_is_what_it_holds(almanac: Beliefs) -> None:
    found = structure(almanac, almanac.documents.allocations())
    text = " ".join(str(found).split())
    assert "deer learn to get round a fence" in text
    assert "under the 2 sets of its rival mechanisms" in text
    assert "as of spring" in text
    assert list(found.to_dataframe().index) == ["none", "clever"]
    assert found.to_dict() == toc.structure("almanac", case=CASE, draws=DRAWS).to_dict()


def test_overrides_hold_under_every_set(almanac: Beliefs) -> None:
    text = printed("structure", "--draws", 50, "--override", "jumped=1", "--json")
    none, every = json.loads(text)["sets"]
    assert every["change"]["mean"] == pytest.approx(none["change"]["mean"])
    assert none["change"]["mean"] < by_hand.change(almanac).mean()


def test_sets_are_all_sets_once() -> None:
    assert sets_of("abc") == ((), ("a",), ("b",), ("c",), ("a", "b"), ("a", "c"), ("b", "c"), ("a", "b", "c"))


def test_camps_and_mixtures_have_the_draws_that_they_have_without(rivalled: Beliefs) -> None:
    for name in ("millers", "council"):
        plain, other = (load_beliefs(case, name, draws=60) for case in (CASE, rivalled.case))
        for parameter in plain.parameters:
            np.testing.assert_array_equal(plain.parameters[parameter], other.parameters[parameter])


def test_the_command_says_the_rival(toc: Toc) -> None:
    code, out, _ = toc(*VILLAGE, "run", "--draws", 50, "--rival", "clever")
    text = " ".join(out.split())
    assert code == 0
    assert "with the rival mechanism clever" in text.partition("From")[0]
    assert "with the rival mechanism clever" in text
    assert "walked_round" in toc(*VILLAGE, "priors", "--rival", "clever")[1]
    assert "walked_round" not in toc(*VILLAGE, "priors")[1]
    assert "walked_round" in toc(*VILLAGE, "graph", "--names", "--rival", "clever")[1]
    assert toc(*VILLAGE, "worldviews", "check", "farmer", "--rival", "clever")[0] == 0


@pytest.mark.parametrize(
    "words",
    [
        "compare", "curve", "marginal", "voi --claims none", "channels", "sensitivity", "sensitivity --method flip",
        "claims --deny", "claims --grant", "claims --check", "disagree farmer forester", "worldviews",
        "priors", "priors walked_round", "priors check", "graph --format mermaid",
        "survey template --nodes harvest,walked_round --out {}/t.csv --map-out {}/t.toml",
        "report --sections answer,claims,objections,checks --out {}/r.html",
    ],
)  # fmt: skip
def test_every_command_takes_a_rival(toc: Toc, tmp_path: Path, words: str) -> None:
    taken = words.format(tmp_path, tmp_path).split()
    takes_draws = words.split(maxsplit=1)[0] not in {"priors", "graph", "survey"}
    code, out, err = toc(*VILLAGE, *taken, "--rival", "clever", *(["--draws", 120] if takes_draws else []))
    assert (code, err) == (0, "")
    assert out or list(tmp_path.iterdir())


def test_moves_under_several_worlds_are_those_under_each_alone(almanac: Beliefs, rivalled: Beliefs) -> None:
    """Draws are evaluated together where the story and the reference are the same, and not else."""
    named = almanac.documents.allocations()
    later = load_beliefs(CASE, draws=DRAWS, as_of="autumn")
    every = [almanac, rivalled, later]
    changes = [move.change.mean().item() for move in moves_under(every, named, "plan")]
    alone = [moves_under([one], named, "plan")[0].change.mean().item() for one in every]
    assert changes == alone
    assert len(set(alone)) == 3


def test_a_posterior_of_a_rival_is_none_of_the_story_without_it(rivalled: Beliefs) -> None:
    assert story_digest(rivalled.story) != story_digest(CASE.story)
    assert story_digest(rivalled.story.written) == story_digest(CASE.story)


def test_a_saved_run_and_a_pickle_keep_the_rival(toc: Toc, rivalled: Beliefs, tmp_path: Path) -> None:
    import toc_model

    path = tmp_path / "run.nc"
    assert toc(*VILLAGE, "run", "--draws", 50, "--rival", "clever", "--worldview", "almanac", "--out", path)[0] == 0
    back = toc_model.load(path)
    assert back.beliefs.case.switched == ("clever",)  # type: ignore[union-attr]
    assert rivalled.provenance()["rivals"] == ["clever"]
    again = pickle.loads(pickle.dumps(rivalled))  # noqa: S301
    assert again.case.switched == ("clever",)
    assert pickle.loads(pickle.dumps(rivalled.story)).rivals == (clever,)  # noqa: S301
    assert load_case("tests.toy:CASE+clever").switched == ("clever",)
    assert CASE.under(["clever"]).under([]).story is CASE.story


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        (("run", "--rival", "cleverer"), ["unknown rival 'cleverer'; did you mean 'clever'?"]),
        (("run", "--rival", "clever", "--rival", "clever"), ["rival: found 'clever' twice"]),
        (("claims", "--rival", "clever"), ["claims: --rival needs --deny or --grant or --check"]),
        (("structure", "--rival", "clever"), ["structure: found --rival clever"]),
        (("run", "--override", "walked_round=0.5"), ["walked_round"]),
    ],
)
def test_bad_rivals_are_one_line(toc: Toc, words: tuple[str, ...], fragments: list[str]) -> None:
    assert_refused(toc(*VILLAGE, *words), *fragments)


def test_a_folder_without_the_rivals_priors_is_refused(toc: Toc, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "documents"
    shutil.copytree(CASE.documents, folder)
    shutil.rmtree(folder / "rivals")
    assert toc(*VILLAGE, "run", "--draws", 20, "--priors", folder)[0] == 0
    assert_refused(toc(*VILLAGE, "run", "--draws", 20, "--priors", folder, "--rival", "clever"), "walked_round")


def test_the_graph_tells_and_draws_what_a_rival_changes() -> None:
    """The essay's: a new node and two new arrows. The village's takes a parameter more, which is no arrow."""
    case = toc.ESSAY.under(["regulation"])
    found = graph(case)
    assert found.to_dict()["new_arrows"] == [["concern", "regulation"], ["regulation", "pause_coverage"]]
    text = " ".join(found.outline().split())
    assert "laws of regulation; arrows that are new: concern->regulation, regulation->pause_coverage." in text
    thick = [line for line in found.mermaid().splitlines() if "stroke-width:4px" in line and "linkStyle" in line]
    order = [tuple(line.split(" --> ")) for line in map(str.strip, found.mermaid().splitlines()) if " --> " in line]
    numbers = [int(number) for number in thick[0].split()[1].split(",")]
    assert [order[number] for number in numbers] == [("concern", "regulation"), ("regulation", "pause_coverage")]
    assert "Changed: laws of clever." in " ".join(graph(CASE.under(["clever"])).outline().split())
    assert "Changed" not in graph(CASE).outline()


# Stories ----------------------------------------------------------------------------------------------------------


def module(law: object, name: str) -> ModuleType:
    made = ModuleType(name, f"Rival, {name}: a test.")
    law.__module__ = name
    vars(made)[law.__name__] = law  # type: ignore[attr-defined]
    return made


def test_a_rival_that_makes_another_thing_of_a_node_is_refused() -> None:
    @node(claims="T1")
    def spared(jumped: Fraction) -> Fraction:
        """Another thing (fraction; allocation)."""
        return jumped

    with pytest.raises(StoryError, match="rival odd: spared: found unit 'fraction'; allowed: 'tonnes', as in deer"):
        CASE.story.with_rivals([module(spared, "odd")])

    @node(dims="allocation field", claims="T1")
    def sown(guarded: Tonnes) -> Tonnes:
        """Another shape (tonnes; allocation x field)."""
        return guarded

    with pytest.raises(StoryError, match="rival odd: sown: found dimensions"):
        CASE.story.with_rivals([module(sown, "odd")])


def test_two_rivals_of_one_law_are_refused() -> None:
    @node(claims="T1")
    def spared(guarded: Tonnes) -> Tonnes:
        """Nothing is spared (tonnes; allocation)."""
        return guarded

    with pytest.raises(StoryError, match="rivals clever and odd: both give 'spared'; allowed: one"):
        CASE.story.with_rivals([clever, module(spared, "odd")])


def test_what_no_law_takes_any_more_needs_no_prior() -> None:
    @node(dims="allocation field", claims="T3")
    def guarded(watch: Fraction) -> Tonnes:
        """Who watches brings in nothing (tonnes; allocation x field)."""
        return 0.0 * watch

    from dataclasses import replace

    case = replace(CASE, rivals=(module(guarded, "asleep"),), home="").under(["asleep"])
    assert "watch_gain" not in case.story.parameters
    found = load_beliefs(case, draws=30)
    assert "watch_gain" not in found.parameters
    assert found.case.switched == ("asleep",)


def test_a_case_without_rivals_says_so() -> None:
    from dataclasses import replace

    case = replace(CASE, rivals=())
    with pytest.raises(InputError, match="the case village has no rival mechanisms"):
        case.under(["clever"])
    with pytest.raises(InputError, match="the case village has no rival mechanisms"):
        structure(load_beliefs(case, draws=10), load_beliefs(case, draws=10).documents.allocations())
