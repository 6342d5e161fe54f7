"""Which question would bring two worldviews closest: known answers, and what bad input says."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from tests.conftest import Toc
from tests.refused import assert_refused
from tests.shipped import load_allocations, load_beliefs
from tests.toy import CASE
from toc_model.beliefs.allocations import Allocations
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.engine.measures import PER_CENT
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.questions.disagree import disagree
from toc_model.questions.disagree.agreement import Probe, what_to_ask
from toc_model.questions.disagree.agreement_words import clause
from toc_model.statistics.information import expected_gap
from toc_model.survey.planning.plans import Plan, plans_of

DRAWS = 2000


def measured(values: np.ndarray) -> xr.DataArray:
    return xr.DataArray(values[:, None], dims=("draw", "measure"), coords={"measure": ["result"]})


def without_marks(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


def told(values: np.ndarray) -> xr.DataArray:
    return xr.DataArray(values, dims="draw", name="told")


# Arrays -----------------------------------------------------------------------------------------------------------


def test_two_normal_views_told_a_noisy_measurement_keep_the_gap_that_bayes_leaves() -> None:
    rng = np.random.default_rng(2)
    centres, noise, draws = (0.0, 1.0), 1.5, 20_000
    truths = [centre + rng.standard_normal(draws) for centre in centres]
    heard = [told(truth + noise * rng.standard_normal(draws)) for truth in truths]
    one, other = (measured(truth + rng.standard_normal(draws)) for truth in truths)
    found = expected_gap((one, other), (heard[0], heard[1]))
    left = noise**2 / (1 + noise**2)
    assert float(found["gap"].sel(measure="result")) == pytest.approx(left, abs=3 * float(found["se"].item()) + 0.005)
    assert float(found["se"].item()) < 0.03
    known = expected_gap((one, other), (told(truths[0]), told(truths[1])))
    assert float(known["gap"].item()) < 0.06
    nothing = expected_gap((one, other), (told(rng.standard_normal(draws)), told(rng.standard_normal(draws))))
    assert float(nothing["gap"].item()) == pytest.approx(1, abs=0.06)


def test_standard_errors_are_as_large_as_gaps_vary() -> None:
    gaps, errors = [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        truths = [centre + rng.standard_normal(400) for centre in (0.0, 1.0)]
        heard = [told(truth + rng.standard_normal(400)) for truth in truths]
        found = expected_gap((measured(truths[0]), measured(truths[1])), (heard[0], heard[1]))
        gaps.append(float(found["gap"].item()))
        errors.append(float(found["se"].item()))
    assert 0.6 < np.mean(errors) / np.std(gaps, ddof=1) < 1.6


def test_what_lies_beyond_a_view_counts_as_its_nearest_draw() -> None:
    x = np.linspace(0, 1, 200)
    found = expected_gap((measured(x), measured(x + 2)), (told(x), told(x + 2)))
    assert float(found["beyond"]) == 1
    # Each hears of a world it had none of: the first says at most 1, the second at least 2.
    assert float(found["gap"].item()) == pytest.approx(1.5, abs=0.01)


def test_views_that_are_told_different_things_are_refused() -> None:
    x = np.linspace(0, 1, 200)
    with pytest.raises(InputError, match="told: found told and other; allowed: the same for both views"):
        expected_gap((measured(x), measured(x)), (told(x), told(x).rename("other")))
    with pytest.raises(InputError, match="results: found 50 draws; allowed: 100 or more"):
        expected_gap((measured(x[:50]), measured(x[:50])), (told(x[:50]), told(x[:50])))


# Worldviews -------------------------------------------------------------------------------------------------------


PATCH = """description = "A test"
[parameters.severity]
quantiles = { q05 = 0.45, q50 = 0.75, q95 = 0.92 }
reason = "To see"
"""

ELSEWHERE = ("espai2023:hlmi", "espai2023:alignment_importance")
"""Shipped questions about parameters that the two believe alike."""

type Ask = Callable[[float, int], dict[str, Probe]]


@pytest.fixture
def patch(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(PATCH, encoding="utf-8")
    return path


@pytest.fixture
def ask(patch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask two worldviews that differ in one parameter, with a shared bias, so many experts.

    The parameter varies with no other, so that to each view its value tells the same.
    """
    folder = tmp_path / "documents"
    shutil.copytree(ESSAY.documents, folder)
    (folder / "factors.toml").unlink()
    allocations = load_allocations()
    both = [load_beliefs(name, draws=DRAWS, priors=folder) for name in ("base", str(patch))]
    found = disagree(both, allocations, experts=None)

    def elsewhere(beliefs: Beliefs, named: Allocations) -> list[Plan]:
        return [plan for name in ELSEWHERE for plan in plans_of(beliefs, named, name)]

    monkeypatch.setattr("toc_model.questions.disagree.agreement.shipped_plans", elsewhere)

    def asked(bias: float, experts: int) -> dict[str, Probe]:
        monkeypatch.setattr("toc_model.survey.planning.plans.AD_HOC_BIAS", bias)
        return {each.plan.name: each for each in what_to_ask(found, allocations, experts)}

    return asked


def doom(gaps: xr.Dataset) -> tuple[float, float]:
    return tuple(float(gaps[key].sel(measure="p_doom")) for key in ("gap", "se"))  # type: ignore[return-value]


def test_only_a_survey_with_little_bias_about_what_they_differ_in_closes_the_gap(ask: Ask) -> None:
    exact, biased = ask(0.01, 500), ask(50.0, 10)
    now = doom(exact["espai2023:alignment_importance"].left)[0]
    assert now > 0.05
    assert doom(exact["severity"].if_known)[0] < 0.2 * now
    assert doom(exact["severity"].left)[0] < 0.3 * now
    for about_something_else in ELSEWHERE:
        left, error = doom(exact[about_something_else].left)
        assert left == pytest.approx(now, abs=4 * error)
        assert left > 0.9 * now
    left, error = doom(biased["severity"].left)
    assert left > 0.9 * now
    gaps = [doom(each.left)[0] for each in exact.values()]
    assert gaps == sorted(gaps)
    assert next(iter(exact)) == "severity"


def test_the_sentence_names_nothing_that_error_covers() -> None:
    def row(name: str, doom_left: float, change_left: float) -> dict[str, object]:
        gaps = {"p_doom": {"gap": doom_left, "se": 0.01}, "change": {"gap": change_left, "se": 0.001}}
        return {"question": name, "gap_left": gaps}

    rows = [row("first", 0.2, 0.0195), row("second", 0.3, 0.0185)]
    said = clause(rows, "p_doom", "P(doom)", 0.4, PER_CENT, 1)
    assert without_marks(said) == "in P(doom), “first” (from 40.0 to 20.0 ±1.0 percentage points)"
    assert "in change, none by more than the error" in clause(rows, "change", "change", 0.02, PER_CENT, 2)
    assert "none" in clause([], "change", "change", 0.02, PER_CENT, 2)


# Another theory of change -----------------------------------------------------------------------------------------


def test_questions_of_another_theory_close_its_gaps_in_its_unit() -> None:
    both = [load_any_beliefs(CASE, name, draws=200) for name in ("farmer", "forester")]
    found = disagree(both, both[0].documents.allocations(), experts=5)
    asked = found.to_dict()["what_to_ask"]
    assert asked["experts"] == 5
    rows = {row["question"]: row for row in asked["questions"]}
    assert {"neighbours:jumping", "neighbours:plan", "neighbours:fenced", "jumped"} <= set(rows)
    assert set(rows["neighbours:plan"]["gap_left"]) == {"harvest", "change"}
    now = abs(found.to_dict()["difference"]["change"]["mean"])
    assert rows["jumped"]["gap_if_known"]["change"]["gap"] < now
    text = " ".join(str(found).split())
    for fragment in (
        "Asked of 5 experts, these questions bring farmer and forester closest",
        "gap left after 5 experts, tonnes",
        "A question about harvest asks for the result itself",
        "harvest, allocation=plan",
    ):
        assert fragment in text
    assert "P(doom)" not in text


# Command ----------------------------------------------------------------------------------------------------------


def test_the_command_as_json_and_as_text(toc: Toc, patch: Path) -> None:
    code, out, _ = toc("disagree", "base", patch, "--draws", 200, "--experts", 7, "--json")
    found = json.loads(out)["what_to_ask"]
    assert (code, found["experts"]) == (0, 7)
    severity = {row["question"]: row for row in found["questions"]}["severity"]
    assert (severity["about"], severity["scale"], severity["bias_sd"]) == ("severity", "logit", 1.0)
    assert set(severity["gap_left"]) == set(severity["gap_if_known"]) == {"p_doom", "change"}
    assert 0 <= severity["beyond"] <= 1
    code, out, _ = toc("disagree", "base", patch, "--draws", 200, "--experts", 7)
    text = " ".join(out.split())
    for fragment in (
        "What to ask: gap left after 7 experts, percentage points",
        "espai2023:alignment_importance",
        "bring base and mine closest",
    ):
        assert fragment in text


@pytest.mark.parametrize("experts", ["0", "-3", "1000000", "many", "2.5"])
def test_bad_numbers_of_experts_are_one_line(toc: Toc, experts: str) -> None:
    assert_refused(toc("disagree", "base", "critic", f"--experts={experts}"), "experts", experts)
