"""Fits without an expert or a camp, in place of weights that can't be trusted."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Toc
from tests.survey.surveys import asked_of_every_kind, read
from tests.survey.validation.known import known
from tests.toy import CASE
from toc_model import import_survey
from toc_model.beliefs.shipped import Documents
from toc_model.questions.survey.validation import Validated
from toc_model.survey.learning.fitted import Fitted
from toc_model.survey.learning.people import people_of
from toc_model.survey.learning.questions import Asked
from toc_model.survey.learning.settings import Settings
from toc_model.survey.validation import camps, experts, refits
from toc_model.survey.validation.camps import leave_one_camp_out
from toc_model.survey.validation.experts import leave_one_expert_out
from toc_model.survey.validation.fit import fitted
from toc_model.survey.validation.refits import without
from toc_model.survey.validation.weights import MAX_K
from toc_model.survey.validation.whole import Validation, validate
from toc_model.work.crew import workers

ANSWERS = Path(__file__).parents[2] / "toy" / "answers.csv"


def counts(asked: Sequence[Asked]) -> dict[str, list[int]]:
    return {question.kind: question.data["count"].values.tolist() for question in asked}


def distrust(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take no weights for good ones."""
    for module in (experts, camps):
        monkeypatch.setattr(module, "MAX_K", -np.inf)


def test_an_expert_is_left_out_of_all_questions_of_the_source() -> None:
    """One who said what others say too is one of them; a question that nobody answered any more stays."""
    asked = asked_of_every_kind()
    other = [replace(question, source_id="t", name=f"t_{question.kind}") for question in asked]
    (people, _) = people_of([*asked, *other])
    place = people.names.tolist().index("r1")
    left = without([*asked, *other], people.alone(place))
    assert left[len(asked) :] == tuple(other)
    for question, before in zip(left, asked, strict=False):
        assert "r1" not in question.members.index
        assert question.data.sizes == before.data.sizes
        np.testing.assert_array_equal(
            question.data["count"], np.bincount(question.members, minlength=question.data.sizes["pattern"])
        )
        assert before.data["count"].sum() - question.data["count"].sum() == (before.members.index == "r1").sum() == 1
    assert counts(left[: len(asked)])["quantile"] == [0]


def test_of_those_who_gave_the_same_answers_one_is_left_out() -> None:
    asked = read("probability", [0.1, 0.3, 0.1])
    (people,) = people_of([asked])
    (place,) = np.flatnonzero(people.counts == 2)
    (left,) = without([asked], people.alone(int(place)))
    assert sorted(set(asked.members.index) - set(left.members.index)) == [people.names[place]]
    assert left.data["count"].values.tolist() == [1, 1]
    assert left.respondents == 2


def test_a_camp_is_left_out_of_what_others_were_asked_too() -> None:
    fit = known(4)
    (item,) = fit.asked
    alone = replace(item, name="s_alone", groups=("low",), data=item.data.assign(group=0 * item.data["group"]))
    high, low = leave_one_camp_out(fit, np.random.default_rng(1))
    for camp, other in ((high, "low"), (low, "high")):
        left, same = without([item, alone], camp)
        assert same is not alone
        assert same.data.equals(alone.data)
        remaining = {left.groups[group] for group in left.data["group"].values[left.members.to_numpy()]}
        assert remaining == {other}
        assert int(left.data["count"].sum()) == 4


@pytest.fixture
def asked_again(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Asked, int, bool]]:
    """What was fitted anew, with its seed and whether it was shown; every fit comes to the draws of the first."""
    distrust(monkeypatch)
    seen: list[tuple[Asked, int, bool]] = []
    whole = known(12)

    def same(fit: Fitted, settings: Settings) -> Fitted:
        assert fit.draws.sizes["draw"] == 0
        seen.append((fit.asked[0], settings.seed, settings.progress))
        return replace(whole, asked=fit.asked, problems=("R-hat",) if len(seen) == 2 else ())

    monkeypatch.setattr(refits, "fitted_anew", same)
    return seen


def test_fits_stand_in_for_weights(asked_again: list[tuple[Asked, int, bool]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws that are all alike weigh alike: fits that come to these draws predict what their weights do."""
    fit, said = known(12), list[str]()

    @contextmanager
    def bar(what: str) -> Iterator[None]:
        said.append(what)
        yield

    by_fits = validate(fit, refit=Settings(progress=True), bar=bar)
    monkeypatch.undo()
    by_weights = validate(fit)
    distinct = len(people_of(fit.asked)[0].counts)
    assert said == ["Scoring", f"Fitting anew, {distinct + 2} times"]
    sizes = [24 - int(question.data["count"].sum()) for question, _, _ in asked_again]
    assert sizes == [1] * distinct + [12, 12]
    assert len({seed for _, seed, _ in asked_again}) == len(asked_again)
    assert not any(shown for _, _, shown in asked_again)
    assert by_fits.problems == (f"1 of {distinct + 2} fits without an expert or a camp, such as: R-hat",)
    for one, other in zip((*by_fits.experts, *by_fits.camps), (*by_weights.experts, *by_weights.camps), strict=True):
        assert (one.question, one.camp, one.answers) == (other.question, other.camp, other.answers)
        assert one.total == pytest.approx(other.total, abs=0.05)
        np.testing.assert_allclose(one.each, other.each, atol=0.01)
        assert one.crps == pytest.approx(other.crps, abs=0.02)
        assert (one.above, other.refits) == (0, 0)
        assert np.isnan(one.worst_k)
    assert [score.refits for score in by_fits.experts] == [distinct]
    assert [score.refits for score in by_fits.camps] == [1, 1]
    text = str(Validated(by_fits))
    assert f"s_q1: this score rests on {distinct} refits without what was left out." in text
    assert "s_q1, low: this score rests on 1 refit without what was left out." in text
    assert "Pareto k" not in text
    assert Validated(by_fits).to_dict()["experts"][0]["worst_k"] is None


def test_those_of_the_fit_without_camps_are_left_out_of_it(asked_again: list[tuple[Asked, int, bool]]) -> None:
    fit = known(12)
    (item,) = fit.asked
    pooled = replace(item, groups=("",), data=item.data.assign(group=0 * item.data["group"]))
    found = validate(fit, replace(fit, asked=(pooled,)), refit=Settings())
    distinct = [len(people_of((one,))[0].counts) for one in (item, pooled)]
    assert [one.groups for one, _, _ in asked_again] == [
        *[item.groups] * distinct[0], *[("",)] * distinct[1], *[item.groups] * 2,
    ]  # fmt: skip
    other, better, _ = found.pooled["s_q1"]
    assert (other.refits, other.above) == (distinct[1], 0)
    assert better == pytest.approx(found.experts[0].total - other.total)


def test_the_command_fits_anew_only_where_that_is_asked_for(
    asked_again: list[tuple[Asked, int, bool]], toc: Toc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toc_model.questions.survey.validate_command._fresh", lambda *_, **__: known(12))
    words = ("survey", "validate", "answers.csv", "--no-pooled", "--json")
    plain, anew = (json.loads(toc(*words, *more)[1]) for more in ((), ("--refit",)))
    assert (plain["refitted"], anew["refitted"]) == (False, True)
    assert [score["refits"] for score in (*plain["experts"], *plain["camps"])] == [0, 0, 0]
    assert sum(score["refits"] for score in (*anew["experts"], *anew["camps"])) == len(asked_again) > 2
    assert "needs a refit without what was left out (--refit), and is not to be trusted" in " ".join(
        toc(*words[:-1])[1].split()
    )


def test_only_those_are_left_out_whose_weights_are_bad() -> None:
    """Their answers alone are predicted anew: here by draws that think otherwise of all."""
    fit, rng = known(12), np.random.default_rng(2)
    (source,) = leave_one_expert_out(fit, rng).sources
    other = replace(fit, draws=fit.draws.assign(s_q1_centre=3 + fit.draws["s_q1_centre"]))
    bad = {1: experts.predicted_without(other, source.people.alone(1), rng)}
    (before,), (after,) = source.scores, source.refitted_with(bad).scores
    is_bad = source.answers[0].of == 1
    assert (after.each[is_bad] < before.each[is_bad] - 0.5).all()
    np.testing.assert_array_equal(after.each[~is_bad], before.each[~is_bad])
    ensembles = (source.answers[0].found.ensemble, source.refitted_with(bad).answers[0].found.ensemble)
    assert (ensembles[0] != ensembles[1]).any(axis=1)[is_bad].all()
    assert not (ensembles[0] != ensembles[1]).any(axis=1)[~is_bad].any()
    assert (after.refits, after.above) == (1, 0)
    assert after.worst_k == max(k for place, k in enumerate(source.k) if place != 1)


def test_what_can_not_be_fitted_anew_keeps_its_warning() -> None:
    """Where respondents' answers share a bias, and nobody else answered two questions."""
    fit = known(12)
    (item,) = fit.asked
    first = item.members.index[0]
    second = replace(item, name="s_q2", members=item.members[[first]])
    shared = replace(fit, asked=(item, second), draws=fit.draws.assign(s_q1_loading=fit.draws["s_q1_deviation"]))
    (people,) = people_of(shared.asked)
    lone, other = (people.alone(people.names.tolist().index(name)) for name in (first, item.members.index[-1]))
    assert not refits._has_same_unknowns(shared, lone)
    assert refits._has_same_unknowns(shared, other)
    assert refits._has_same_unknowns(replace(shared, draws=fit.draws), lone)
    score = leave_one_expert_out(fit, np.random.default_rng(1)).scores[0]
    found = Validation([replace(score, above=1, worst_k=0.9)], {}, [], [], [], [], refitted=True)
    assert "for which nobody else answered these questions beside others, and is not to be trusted" in str(
        Validated(found)
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Dask warns of what is no concern of ours
def test_fits_by_workers_and_weights_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three neighbours, of whom one alone answered one of the questions."""
    import_survey(ANSWERS, "neighbours", tmp_path / "long.csv", case=CASE)
    how = Settings(draws=2000, chains=2)
    fit = fitted(Documents.of(CASE), [tmp_path / "long.csv"], settings=how)
    by_weights = validate(fit)
    distrust(monkeypatch)
    with workers(2):
        by_fits = validate(fit, refit=how)
    for one, other in zip(by_weights.experts, by_fits.experts, strict=True):
        assert one.worst_k < MAX_K
        assert other.refits == one.answers
        np.testing.assert_allclose(one.each, other.each, atol=0.3)
        assert one.total == pytest.approx(other.total, abs=0.4)
        assert other.crps == pytest.approx(one.crps, rel=0.2, nan_ok=True)
