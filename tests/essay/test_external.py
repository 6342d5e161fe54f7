"""External checks: published figures on the scale of the comparison, and what a machine without them is told."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.shipped import load_allocations, load_beliefs
from toc_model.essay.external import External
from toc_model.essay.external.checks import Check, external_checks

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
