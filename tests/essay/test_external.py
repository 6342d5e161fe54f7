"""External checks: published figures on the scale of the comparison, and what a machine without them is told."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import logit

from tests.shipped import load_allocations, load_beliefs
from toc_model.errors import InputError
from toc_model.essay.external import External, external
from toc_model.essay.external.check import Check
from toc_model.essay.external.checks import external_checks
from toc_model.essay.external.costs import costs
from toc_model.essay.steps.people import one_more_person

ROOT = Path(__file__).parents[2]
LEVERS = load_allocations().only([]).levers()
DRAWS = 200


def checks_of(shared: Path, *overrides: str) -> dict[str, Check]:
    beliefs = load_beliefs("base", draws=DRAWS, overrides=overrides)
    return {check.name: check for check in external_checks(beliefs, LEVERS, shared / "data")}


@pytest.fixture(scope="module")
def base(shared: Path) -> dict[str, Check]:
    return checks_of(shared)


def test_published_figures_are_those_of_their_sources(base: dict[str, Check]) -> None:
    found = base
    published = {name: check.published for name, check in found.items()}
    assert published["misalignment, 1 y to 10 y"] == pytest.approx(-0.98, abs=0.005)
    assert published["misalignment, 1 mo to 1 y"] == pytest.approx(-1.66, abs=0.005)
    assert published["takeover, 1.7 y to 10 y"] == pytest.approx(-0.90, abs=0.005)
    assert published["six-month pause (in all), concerned"] == pytest.approx(np.log(0.58), abs=0.01)
    assert published["six-month pause (in all), sceptics"] == 0
    assert published["technical researchers in 2025"] == pytest.approx(np.log(604))
    assert np.exp(published["lead over all others"]) == pytest.approx(5.7)


def test_what_the_model_implies_follows_from_its_parameters(shared: Path, base: dict[str, Check]) -> None:
    idle = checks_of(shared, "solved_elasticity=0", "tax_learning=0", "deployment_caught=0", "do(overtaken)=0")
    for name, check in idle.items():
        if check.unit.startswith(("logits", "log ratio")):
            assert float(abs(check.implied).max()) == pytest.approx(0, abs=1e-12), name
    fixed = checks_of(shared, "researchers_now=300", "field_growth=0.2", "lead_now=8")
    assert np.exp(fixed["technical researchers in 2025"].implied.values) == pytest.approx(300 * np.exp(0.6))
    assert np.exp(fixed["lead over China"].implied.values) == pytest.approx(8)
    assert float(base["misalignment, 1 y to 10 y"].implied.max()) < 0


def test_cruxes_and_compliance_are_those_of_their_sources(base: dict[str, Check]) -> None:
    """Medians of the response file; five of ten sceptics give a twentieth or more to a solution."""
    published = {name: check.published for name, check in base.items()}
    assert published["alignment solved by 2030, concerned"] == pytest.approx(logit(0.06))
    assert published["alignment solved by 2030, sceptics"] == pytest.approx(logit(0.05))
    assert published["alignment solved or not, concerned"] == pytest.approx(np.log((0.2009 + 0.2045) / 2))
    assert published["alignment solved or not, sceptics"] == pytest.approx(np.log((0.7403 + 0.8291) / 2))
    assert published["compliance of 16 companies"] == pytest.approx(logit(0.53))
    assert published["2 of 8 joint pledges kept"] == pytest.approx(logit(0.25))


def test_a_solution_matters_by_what_is_adopted_of_it(shared: Path) -> None:
    """Without a pause or anyone who overtakes, P(doom) falls by the share of the unsafe that adoption reaches."""
    held = ("do(pause_probability)=0", "do(overtaken)=0", "aligned_by_default=0.2")
    found = checks_of(shared, *held, "do(adopted)=0.6")
    implied = found["alignment solved or not, sceptics"].implied.values
    np.testing.assert_allclose(implied, np.log(0.4), atol=1e-6)
    np.testing.assert_allclose(found["compliance of 16 companies"].implied.values, logit(0.6))


def test_alignment_is_solved_by_2030_as_research_until_then_has_it(shared: Path, base: dict[str, Check]) -> None:
    """Nothing but the level is left where neither research nor years matter; 7.1 years are fewer than nine."""
    idle = checks_of(shared, "solved_elasticity=0", "solved_by_reference=0.3")
    np.testing.assert_allclose(idle["alignment solved by 2030, concerned"].implied.values, logit(0.3))
    assert float(base["alignment solved by 2030, concerned"].implied.mean()) < logit(0.4)


def test_each_check_says_its_camp_and_by_how_much_the_model_misses(base: dict[str, Check]) -> None:
    result = External((load_beliefs("base", draws=DRAWS),), {"base": tuple(base.values())})
    said = dict(result.section().points)
    check = base["alignment solved or not, sceptics"]
    assert said["alignment solved or not, sceptics"].startswith("From FRI's 11 sceptics, nine of them superforecasters")
    for name, one in base.items():
        key = next(term for term in said if term.removesuffix(" *") == name)
        assert one.camp in said[key]
        assert f"{one.distance_in_sd:+z.1f} under" in said[key]
    assert check.to_dict()["camp"] == check.camp


def test_a_micro_doom_costs_what_a_year_does_over_what_it_averts() -> None:
    beliefs, named = load_beliefs("base", draws=DRAWS), load_allocations()
    averted = one_more_person(beliefs, named, "status_quo").average
    found = {check.name: check for check in costs(beliefs, named, 100_000.0)}
    for work, name in (("technical", "technical work"), ("buying_time", "buying time")):
        check, own = found[f"cost of a micro-doom, {name}"], averted.sel(work=work).values
        np.testing.assert_allclose(10**check.implied.values, 100_000 / own[own > 0])
        assert check.share == (own > 0).mean()
        assert check.published == pytest.approx(np.log10(1.2e6))
    assert found["cost of a micro-doom, buying time"].share < 1


@pytest.mark.parametrize("cost", [0.0, -1.0, float("nan"), float("inf")])
def test_what_is_no_cost_of_a_year_is_refused(cost: float) -> None:
    with pytest.raises(InputError, match=r"cost of one FTE-year: found .*; allowed: more than 0"):
        list(costs(load_beliefs("base", draws=5), load_allocations(), cost))


def test_where_nothing_is_gained_nothing_is_compared() -> None:
    idle = load_beliefs("base", draws=5, overrides=("severity=0",))
    with pytest.raises(InputError, match="found 0 draws that gain; allowed: 2"):
        list(costs(idle, load_allocations(), 1.0))


def test_a_cost_is_compared_only_where_one_is_given(shared: Path) -> None:
    beliefs = load_beliefs("base", draws=20)
    names = [
        {check.name for check in external([beliefs], load_allocations(), shared / "data", fte_cost=cost).checks["base"]}
        for cost in (None, 1e5)
    ]
    assert names[1] - names[0] == {"cost of a micro-doom, technical work", "cost of a micro-doom, buying time"}


def test_beliefs_of_a_later_date_than_the_cruxes_are_refused(shared: Path) -> None:
    beliefs = load_beliefs("base", draws=5)
    assert beliefs.documents.date is not None
    late = replace(beliefs.documents.date, year=2031.0, label="2031")
    with pytest.raises(InputError, match="found beliefs as of 2031; allowed: of a date before 2030"):
        external_checks(replace(beliefs, documents=replace(beliefs.documents, date=late)), LEVERS, shared / "data")


def test_a_file_without_a_crux_is_refused(shared: Path, tmp_path: Path) -> None:
    shutil.copytree(shared / "data", tmp_path / "data")
    path = tmp_path / "data" / "fri_adversarial_collab_forecasts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Alignment solution", "Another"), encoding="utf-8")
    with pytest.raises(InputError, match="missing the crux 'Alignment solution' of the camp 'Concerned'"):
        external_checks(load_beliefs("base", draws=5), LEVERS, tmp_path / "data")


def test_distances_table_and_figure(base: dict[str, Check]) -> None:
    for check in base.values():
        row = check.to_dict()
        assert row["distance"] == pytest.approx(row["implied_mean"] - row["published"])
        assert check.distance_in_sd == pytest.approx(row["distance"] / float(check.implied.std()))
    result = External((load_beliefs("base", draws=DRAWS),), {"base": tuple(base.values())})
    text = " ".join(str(result).split())
    assert "technical researchers in 2025 *" in text
    assert result.headline() in text
    assert len(result.to_dataframe()) == len(base)
    (axes,) = result.plot().axes
    assert next(label.get_text() for label in axes.get_yticklabels()) == "takeover, 1.7 y to 10 y *"


def test_without_the_data_there_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    script = ROOT / "analyses" / "06_external_checks.py"
    done = subprocess.run([sys.executable, script, tmp_path / "none"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "none is absent" in done.stderr
