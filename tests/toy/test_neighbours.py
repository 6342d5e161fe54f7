"""The village asks its neighbours: what they say moves beliefs about today and the plan, which are not the anchor."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.toy import CASE
from tests.toy.by_hand import PLAN, TODAY, harvest
from tests.toy.conftest import Ask
from toc_model.beliefs.loading import load_beliefs
from toc_model.statistics.averages import mean_of, quantiles_of, weights_of

ANSWERS = Path(__file__).parent / "answers.csv"


def test_neighbours_are_asked_and_believed(ask: Ask, tmp_path: Path) -> None:
    answers, posterior, copy = tmp_path / "answers.csv", tmp_path / "posterior.nc", tmp_path / "copy.toml"
    ask("survey", "import", "neighbours", ANSWERS, "--out", answers)
    found = json.loads(ask("update", answers, "--out", posterior, "--json"))

    prior, after = load_beliefs(CASE), load_beliefs(CASE, str(posterior))
    jumping, plan, fenced = found["targets"]
    assert [row["target"] for row in found["targets"]] == ["jumped", "harvest", "worth_of_the_fence"]
    assert plan["prior"]["q50"] == pytest.approx(np.median(harvest(prior, *PLAN)))
    assert fenced["prior"]["q50"] == pytest.approx(np.median(harvest(prior, *TODAY)))
    weights = weights_of(after.parameters)
    assert plan["posterior"]["q50"] == pytest.approx(quantiles_of(harvest(after, *PLAN), [0.5], weights)[0])
    assert plan["posterior"]["q95"] - plan["posterior"]["q05"] < plan["prior"]["q95"] - plan["prior"]["q05"]
    assert plan["believed"]["q50"] == pytest.approx(41.5, abs=1.5)
    assert jumping["prior"]["q50"] < jumping["posterior"]["q50"] < 0.5

    means = {name: row["after"]["harvest"]["mean"] for name, row in found["allocations"].items()}
    assert means["plan"] == pytest.approx(mean_of(harvest(after, *PLAN), weights))
    assert found["best"] == max(means, key=lambda name: means[name])

    text = ask("worldviews", "from-posterior", posterior, "--out", copy)
    assert "harvest, posterior" in text
    copied = load_beliefs(CASE, str(copy))
    assert harvest(copied, *PLAN).mean() == pytest.approx(mean_of(harvest(after, *PLAN), weights), abs=0.2)


@pytest.mark.slow
def test_their_answers_are_validated(ask: Ask, tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    ask("survey", "import", "neighbours", ANSWERS, "--out", answers)
    scores = json.loads(ask("survey", "validate", answers, "--json"))["experts"]
    names = [f"neighbours_{name}" for name in ("jumping", "plan", "fenced")]
    assert [row["question"] for row in scores] == [*names, "neighbours"]
