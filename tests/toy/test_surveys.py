"""The toy learns from what neighbours say: read, checked, asked for, learnt from, validated."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.names import essay_words
from tests.toy import CASE, by_hand
from tests.toy.conftest import Ask, printed
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs
from toc_model.statistics.averages import mean, mean_of, quantiles, weights_of

ANSWERS = Path(__file__).parent / "answers.csv"


def mean_change(beliefs: Beliefs) -> float:
    """What the plan brings in, in the mean."""
    return float(mean_of(by_hand.change(beliefs), weights_of(beliefs.parameters)))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Answers in the long format."""
    path = tmp_path_factory.mktemp("answers") / "long.csv"
    assert "answers 12, respondents 3, questions 3" in printed("survey", "import", "neighbours", ANSWERS, "--out", path)
    return path


def test_the_case_s_reader_reads(answers: Path) -> None:
    found = pd.read_csv(answers).set_index(["respondent_id", "question_id", "level"])["value"]
    assert found["Ada", "plan", 0.5] == 42
    assert sorted(set(pd.read_csv(answers)["unit"])) == ["fraction", "tonnes"]


def test_answers_are_checked(answers: Path, ask: Ask) -> None:
    text = " ".join(ask("survey", "check", answers).split())
    assert "Neighbours boast of their fences." in text
    assert "worth_of_the_fence" in text
    assert "12 of 12 rows can be used" in text
    assert essay_words(text) == []


def test_questions_are_asked_in_the_village_s_words(ask: Ask, tmp_path: Path) -> None:
    names = "harvest,guarded,jumped,worth_of_the_fence"
    under = ("--under", "", "--under", "allocation=plan", "--under", "do(guarded[hill])=1")
    table, mapping = tmp_path / "ask.csv", tmp_path / "ask.toml"
    ask("survey", "template", "--nodes", names.replace(",guarded", ""), *under, "--out", table, "--map-out", mapping)
    asked = pd.read_csv(table)
    told = asked.set_index("question_id")["wording"]
    assert "Under the status quo (3 km are fenced), what is 'harvest'? Give your median, in tonnes" in " ".join(told)
    assert any("Under the allocation 'plan' (6 km are fenced)" in text for text in told["harvest_if_allocation_plan"])
    assert set(asked.loc[asked["target"] == "jumped", "lower"]) == {0.0}
    ask("survey", "template", "--nodes", "guarded", "--out", table)
    told = pd.read_csv(table).set_index("question_id")["wording"]
    assert "what is 'guarded' on the hill?" in told["guarded_hill"].iloc[0]
    assert "what is 'guarded' in the valley?" in told["guarded_valley"].iloc[0]


def test_a_table_for_several_neighbours_comes_back(ask: Ask, tmp_path: Path) -> None:
    table, mapping, columns, out = (tmp_path / name for name in ("ask.csv", "map.toml", "columns.toml", "long.csv"))
    words = ("--nodes", "harvest,jumped", "--levels", "25,75", "--experts", 2, "--under-each", "today,plan")
    ask("survey", "template", *words, "--out", table, "--map-out", mapping, "--wide", columns)
    text = mapping.read_text()
    assert essay_words(text + columns.read_text() + table.read_text()) == []
    for blank, stated in {'= ""': '= "stated"', "= 0\n": "= 1\n", "bias_sd = 0.0": "bias_sd = 1.0"}.items():
        text = text.replace(blank, stated)
    mapping.write_text(text)
    lines = table.read_text().splitlines()
    asked = lines[0].count(",")
    table.write_text("\n".join([*lines[:-2], *(f"expert_{n}{',0.4,0.6' * (asked // 2)}" for n in (1, 2))]) + "\n")
    ask("survey", "import", "wide", table, "--columns", columns, "--map", mapping, "--out", out)
    found = pd.read_csv(out)
    assert found.groupby("level")["value"].unique().map(list).to_dict() == {0.25: [0.4], 0.75: [0.6]}
    assert set(found["condition"].fillna("")) == {"", "allocation=plan"}
    said = " ".join(ask("survey", "check", out, "--map", mapping).split())
    assert f"{2 * asked} of {2 * asked} rows can be used" in said


# Learning -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def learnt(answers: Path) -> tuple[Path, str]:
    """A posterior, and what the update says."""
    path = answers.parent / "posterior.nc"
    return path, printed("update", answers, "--out", path)


def test_a_posterior_knows_the_numbers_that_were_set(answers: Path) -> None:
    path = answers.parent / "set.nc"
    said = printed("update", answers, "--set", "toil=0.02..0.05", "--out", path)
    assert said.startswith("Assumed by the caller: toil (")
    posterior = load_beliefs(CASE, str(path))
    assert posterior.documents.sets == ("toil=0.02..0.05",)
    assert [change.entry for change in posterior.changed] == ["toil"]
    assert quantiles(posterior.parameters["toil"], [0.05, 0.95]) == pytest.approx([0.02, 0.05], abs=0.003)
    assert essay_words(posterior.rests_on()) == []


def test_the_village_learns(learnt: tuple[Path, str], almanac: Beliefs) -> None:
    """Neighbours say that more deer jump, and expect less of the plan."""
    path, text = learnt
    posterior = load_beliefs(CASE, str(path))
    assert posterior.worldview == "almanac + neighbours"
    assert mean(posterior.parameters["jumped"]) > almanac.parameters["jumped"].mean() + 0.05
    assert mean_change(posterior) < mean_change(almanac)
    assert "tonnes" in text
    assert essay_words(text) == []


def test_questions_about_nodes_are_those_of_the_laws(learnt: tuple[Path, str]) -> None:
    """What the posterior says of a node is what the laws say of its draws."""
    path, _ = learnt
    posterior = load_beliefs(CASE, str(path))
    levers = posterior.documents.allocations().levers()
    np.testing.assert_allclose(
        posterior.outcome(levers).sel(allocation="plan"), by_hand.harvest(posterior, *by_hand.PLAN)
    )


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("channels",),
        ("sensitivity", "--method", "power-scaling"),
        ("voi", "--claims", "none", "--parameters", "none"),
        ("marginal",),
    ],
    ids=lambda words: words[0],
)
def test_a_posterior_is_asked(words: tuple[str, ...], learnt: tuple[Path, str], ask: Ask) -> None:
    text = ask(*words, "--worldview", learnt[0])
    assert "almanac + neighbours" in text
    assert essay_words(text) == []


def test_a_posterior_becomes_a_worldview(learnt: tuple[Path, str], ask: Ask, tmp_path: Path) -> None:
    """Its copy brings in what it does, within the error of the families that are fitted to it."""
    path = tmp_path / "learnt.toml"
    said = ask("worldviews", "from-posterior", learnt[0], "--out", path)
    assert essay_words(said) == []
    assert "harvest" in said
    copy, posterior = load_beliefs(CASE, str(path)), load_beliefs(CASE, str(learnt[0]))
    assert mean_change(copy) == pytest.approx(mean_change(posterior), abs=0.2)
    assert [record.source_id for record in copy.evidence] == ["neighbours"]


@pytest.mark.slow
def test_a_survey_is_validated(answers: Path, ask: Ask) -> None:
    """Surveys are simulated too, about the parameter that the case names."""
    text = ask("survey", "validate", answers, "--replications", 2, "--no-pooled")
    assert "neighbours_jumping" in text
    assert "jumped" in text
    assert "years" not in text
    assert essay_words(text) == []


def test_an_update_comes_back_from_a_pickle(answers: Path, almanac: Beliefs) -> None:
    import pickle

    from toc_model.questions.update import update
    from toc_model.survey.learning.settings import Settings

    found: Any = update(almanac, [answers], settings=Settings(draws=200, sampler="weights"))
    back = pickle.loads(pickle.dumps(found))  # noqa: S301
    assert back.to_dict() == found.to_dict()
    assert str(back) == str(found)


def test_a_saved_run_names_its_units(ask: Ask, tmp_path: Path) -> None:
    ask("run", "--draws", 20, "--out", tmp_path / "run.nc")
    with xr.open_datatree(tmp_path / "run.nc") as found:
        assert found["prior"]["harvest"].dims == ("chain", "draw", "allocation")
