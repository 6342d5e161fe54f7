"""``toc update``: every figure comes from the documents that were given, and is said without being computed again."""

import json
import pickle
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Toc
from tests.questions.conftest import Own
from tests.shipped import anchored, load_beliefs
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.changed import quantiles
from toc_model.beliefs.priors import Priors
from toc_model.engine.case import Case
from toc_model.engine.evaluate import evaluate
from toc_model.errors import InputError
from toc_model.questions.run import run
from toc_model.questions.survey.validation import Recovered
from toc_model.questions.update import Update, update
from toc_model.questions.update.sweep import bias_sweep
from toc_model.questions.worldviews.copying import from_posterior
from toc_model.statistics.averages import mean, quantile
from toc_model.survey.learning.settings import Common, others
from toc_model.survey.learning.update import _in_documents
from toc_model.survey.learning.update import update as learn
from toc_model.survey.validation.recovery import RANKS, Recovery, Setup


def test_what_is_no_worldview_is_not_updated(own: Own) -> None:
    with pytest.raises(InputError, match=r"found the overrides severity=0\.5"):
        update(load_beliefs("base", draws=10, overrides=["severity=0.5"]), [own.answers])
    for mixture in ("0.5*base + 0.5*critic", "panel"):
        with pytest.raises(InputError, match="a mixture of worldviews has no one prior"):
            update(load_beliefs(mixture, draws=10), [own.answers])
    with pytest.raises(InputError, match="found 'ml_authors', a camp, which already rests on a survey"):
        update(load_beliefs("ml_authors", draws=10), [own.answers])
    with pytest.raises(InputError, match="found beliefs as of late_2026; allowed: late_2022"):
        update(load_beliefs("base", draws=10, as_of="late_2026"), [own.answers])


@pytest.mark.parametrize(
    ("stated", "fragment"),
    [
        ("panel", "panel: a mixture of worldviews has no one prior"),
        ("superforecasters", "found 'superforecasters', a camp, which already rests on a survey; allowed: base"),
        ('description = "d"\nbased_on = "safety_leaders"\n', "a camp, which already rests on a survey"),
        ('description = "d"\nas_of = "late_2026"\n', "found beliefs as of late_2026; allowed: late_2022"),
    ],
)
def test_the_command_refuses_what_can_not_be_updated(
    stated: str, fragment: str, own: Own, tmp_path: Path, toc: Toc
) -> None:
    name, out = stated, tmp_path / "x.nc"
    if "=" in stated:
        name = str(tmp_path / "mine.toml")
        Path(name).write_text(stated, encoding="utf-8")
    code, printed, err = toc("update", own.answers, "--priors", own.folder, "--worldview", name, "--out", out)
    assert (code, printed, out.exists()) == (2, "", False)
    assert fragment in err


def test_the_base_is_updated_by_default(own: Own, tmp_path: Path, toc: Toc, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not the panel, which is what other commands take."""
    asked: list[Beliefs] = []

    def found(beliefs: Beliefs, *_: object, **__: object) -> Update:
        asked.append(beliefs)
        raise InputError("seen")

    monkeypatch.setattr("toc_model.questions.update.update", found)
    code, _, err = toc("update", own.answers, "--priors", own.folder, "--out", tmp_path / "x.nc")
    assert (code, "seen" in err) == (2, True)
    (beliefs,) = asked
    assert (beliefs.worldview, beliefs.case.base, beliefs.case.default) == ("base", "base", "panel")


def test_a_survey_of_another_folder_has_no_mapping(own: Own) -> None:
    with pytest.raises(InputError, match="unknown mapping 'own'"):
        update(load_beliefs("base", draws=10), [own.answers])


def test_changed_beliefs_are_in_no_document(own: Own) -> None:
    beliefs = load_beliefs("essay", draws=10, priors=own.folder)
    assert _in_documents(beliefs.documents, beliefs.priors)[0] == "essay"
    changed = beliefs.with_(agi_year=quantiles(3, 7, 20), reason="a test")
    assert _in_documents(beliefs.documents, changed.priors) == ("", {})


def test_figures_come_from_the_folder(own: Own, own_update: Update) -> None:
    beliefs = load_beliefs("essay", priors=own.folder)
    figures = own_update.to_dict()
    (years, worry) = figures["targets"]
    prior = np.quantile(beliefs.parameters["agi_year"], [0.05, 0.5, 0.95])
    np.testing.assert_allclose([years["prior"][key] for key in ("q05", "q50", "q95")], prior)
    named = beliefs.documents.allocations().only(["recommended"])
    concern = beliefs.nodes(named.levers(), ["concern"])["concern"].sel(allocation="recommended")
    assert worry["prior"]["q50"] == pytest.approx(float(concern.median()))
    assert named.levers()["buying_time_share"].sel(allocation="recommended").values.tolist() == [0.55, 0.35]
    before = run(beliefs, named).to_dict()["allocations"]["recommended"]
    found = figures["allocations"]["recommended"]["before"]
    assert {"p_doom", "change", "share_better"} <= set(found)
    assert found == {key: value for key, value in before.items() if key != "parts"}
    shipped = run(load_beliefs("essay"), load_beliefs(draws=2).documents.allocations()).to_dict()["allocations"]
    assert abs(found["p_doom"]["mean"] - shipped["recommended"]["p_doom"]["mean"]) > 0.02


def test_what_is_after_is_that_of_the_posterior(own_update: Update) -> None:
    figures, draws = own_update.to_dict(), own_update.learned.posterior.parameters
    named = own_update.learned.allocations
    levers = anchored(named.levers(), own_update.learned.documents)
    doom = mean(evaluate(own_update.beliefs.story, draws, levers, ["p_doom"])["p_doom"])
    means = {name: row["after"]["p_doom"]["mean"] for name, row in figures["allocations"].items()}
    np.testing.assert_allclose(list(means.values()), doom.sel(allocation=list(means)).values)
    assert figures["best"] == min(means, key=lambda name: means[name])
    years, _ = figures["targets"]
    assert years["posterior"]["q50"] == pytest.approx(quantile(draws["agi_year"], 0.5))
    assert years["believed"]["q50"] == pytest.approx(20, rel=0.2)
    assert (figures["worldview"], figures["updated"]) == ("essay", "essay + own")
    assert years["in_conflict"] == (abs(years["conflict"]) > 2)


def test_words_say_what_the_result_holds(own_update: Update, monkeypatch: pytest.MonkeyPatch) -> None:
    def computed(*_: object, **__: object) -> None:
        raise AssertionError("words ran the model")

    monkeypatch.setattr(sys.modules[Beliefs.__module__], "evaluate", computed)
    bad = replace(own_update.learned.found, problems=("3 divergences",))
    text = str(replace(own_update, learned=replace(own_update.learned, found=bad)))
    figures = own_update.to_dict()
    assert "own_years" in text
    assert "Not a good run: 3 divergences." in text
    assert f"{100 * figures['allocations']['recommended']['after']['p_doom']['mean']:.1f}" in text
    assert f"“{figures['best'].replace('_', ' ')}” now has the lowest mean P(doom)" in text
    assert "'essay + own'" in text
    assert len(own_update.to_dataframe()) == 2
    assert repr(own_update).startswith("<Update: 'essay + own', 2 questions")


def test_a_sweep_is_shown_beside_with_a_row_for_each_scale_and_shape(own_update: Update) -> None:
    swept = own_update.sweep
    assert swept is not None
    figures = own_update.to_dict()["bias_sweep"]
    assert figures["allocation"] == "recommended"
    named = [(row["scale"], row["shape"]) for row in figures["scales"]]
    assert named == [(0.5, "normal"), (2.0, "normal"), (1.0, "student")]
    (row, *others) = swept.rows
    bad = replace(swept, rows=(replace(row, problems=("k-hat of the weights is 0.9",)), *others))
    text = str(replace(own_update, sweep=bad))
    assert "better in" in text
    assert "0.5 times as wide !" in text
    assert "! 0.5 times as wide: k-hat of the weights is 0.9." in " ".join(text.split())
    assert "as stated, heavy-tailed" in text


def test_a_sweep_at_the_stated_scale_says_what_the_update_says(own_update: Update) -> None:
    """And at another scale what an update at that scale says, up to how tables are made."""
    found = bias_sweep(own_update.learned, own_update.after, [Common(), Common(2.0)])
    assert found is not None
    as_stated, twice = found.to_dict()["scales"]
    after = own_update.to_dict()["allocations"]
    assert as_stated["change"] == pytest.approx(after["recommended"]["after"]["change"])
    assert as_stated["p_doom"] == pytest.approx(after["status_quo"]["after"]["p_doom"])
    learned = own_update.learned
    files = [Path(path) for path in learned.surveys.files]
    again = learn(learned.documents, files, learned.priors, common=Common(2.0))
    exact = run(again.after, learned.allocations).to_dict()["allocations"]
    assert twice["p_doom"]["mean"] == pytest.approx(exact["status_quo"]["p_doom"]["mean"], abs=1e-3)
    assert twice["change"]["mean"] == pytest.approx(exact["recommended"]["change"]["mean"], abs=1e-3)
    assert bias_sweep(learned, own_update.after, []) is None
    by_sampler = replace(learned, found=replace(learned.found, method="nuts"))
    assert bias_sweep(by_sampler, own_update.after, [Common()]) is None


def test_an_update_is_pickled_and_saved(own_update: Update, own_posterior: Path, toc: Toc) -> None:
    assert pickle.loads(pickle.dumps(own_update)).to_dict() == own_update.to_dict()  # noqa: S301
    figures = json.loads(toc("run", "--worldview", own_posterior, "--json")[1])
    after = {name: row["after"]["p_doom"] for name, row in own_update.to_dict()["allocations"].items()}
    assert {name: row["p_doom"] for name, row in figures["allocations"].items()} == after


def test_the_command_prints_what_the_result_holds(
    own: Own, own_update: Update, tmp_path: Path, toc: Toc, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Beliefs, Allocations, Sequence[Common]]] = []

    def found(beliefs: Beliefs, *_: object, allocations: Allocations, swept: Sequence[Common], **__: object) -> Update:
        asked.append((beliefs, allocations, swept))
        return own_update

    monkeypatch.setattr("toc_model.questions.update.update", found)
    out, mine = tmp_path / "own.nc", tmp_path / "mine.toml"
    mine.write_text("[mine]\nbuying_time_share = { researchers = 0.6, builders = 0.4 }\n")
    words = ["update", own.answers, "--priors", own.folder, "--worldview", "critic", "--allocations", mine]
    code, printed, _ = toc(*words, "--out", out, "--bias-sweep", "1,2", "--json")
    assert (code, out.exists()) == (0, True)
    assert json.loads(printed) == own_update.to_dict()
    beliefs, allocations, swept = asked[0]
    assert list(swept) == [Common(1.0), Common(2.0)]
    assert (beliefs.documents.folder, beliefs.worldview) == (own.folder, "critic")
    shares = allocations.levers()["buying_time_share"]
    assert shares.sel(allocation=["status_quo", "mine"]).values.tolist() == [[0.25, 0.15], [0.6, 0.4]]
    assert toc(*words, "--out", out)[1] == str(own_update)
    assert asked[1][2] is None, "what is swept then follows how biases were taken"


def test_what_is_swept_follows_how_common_biases_were_taken() -> None:
    assert others(Common()) == (Common(0.5), Common(2.0), Common(1.0, "student"))
    assert others(Common(2.0, "student")) == (Common(1.0, "student"), Common(4.0, "student"), Common(2.0))
    assert others(Common(100.0))[1] == Common(100.0)
    assert others(Common(0.0)) == (Common(), Common(1.0, "student"))


def test_beliefs_that_a_program_changed_are_updated_and_not_saved(own: Own, tmp_path: Path) -> None:
    beliefs = load_beliefs("base", draws=10, priors=own.folder).with_(agi_year=quantiles(3, 7, 20), reason="a test")
    found = update(beliefs, [own.answers])
    prior = found.to_dict()["targets"][0]["prior"]
    assert [prior[key] for key in ("q05", "q50", "q95")] == pytest.approx([3, 7, 20], rel=0.2)
    assert "agi_year as" in found.to_dict()["rests_on"]
    with pytest.raises(InputError, match="as changed in Python; allowed: a worldview's document"):
        found.save(tmp_path / "x.nc")


def test_a_copy_reproduces_its_posterior_on_the_folder_it_rests_on(
    own_update: Update, own_posterior: Path, tmp_path: Path, toc: Toc
) -> None:
    """On the base that ships, the copy of this posterior would be far off."""
    found = from_posterior(own_update.beliefs, str(tmp_path / "mine.toml"))
    for row in found.to_dict()["allocations"].values():
        exact, copied = row["posterior"]["p_doom"], row["worldview"]["p_doom"]
        assert copied["mean"] == pytest.approx(exact["mean"], abs=0.02)
        assert row["worldview"]["change"]["mean"] == pytest.approx(row["posterior"]["change"]["mean"], abs=0.01)
    shipped = load_beliefs(str(tmp_path / "mine.toml"), draws=500).outcome(own_update.learned.allocations.levers())
    exact = {name: row["posterior"]["p_doom"]["mean"] for name, row in found.to_dict()["allocations"].items()}
    astray = [abs(float(shipped.sel(allocation=name).mean()) - mean) for name, mean in exact.items()]
    assert max(astray) > 0.02
    assert len(found.to_dataframe()) == len(own_update.learned.allocations.named)

    code, printed, _ = toc("worldviews", "from-posterior", own_posterior, "--out", tmp_path / "copy.toml")
    assert code == 0
    assert printed == str(found).replace("mine.toml", "copy.toml")
    assert (tmp_path / "copy.toml").read_text() == (tmp_path / "mine.toml").read_text()


@pytest.mark.slow
def test_a_validation_rests_on_the_folder(own: Own, toc: Toc, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Priors] = []

    def recovered(case: Case, priors: Priors, *_: object, **__: object) -> Recovered:
        drawn.append(priors)
        setup = Setup(case.recovery)
        return Recovered((Recovery(setup, True, np.arange(RANKS), np.ones(RANKS, bool)),))

    monkeypatch.setattr("toc_model.questions.survey.validation.recover", recovered)
    words = ("survey", "validate", own.answers, "--priors", own.folder, "--worldview", "essay")
    found = json.loads(toc(*words, "--replications", 3, "--json")[1])
    assert [row["question"] for row in found["experts"]] == ["own_years", "own_worry", "own"]
    assert found["recovery"]["parameter"] == "detection_now"
    assert (drawn[0].worldview, drawn[0].source) == ("essay", str(own.folder))
