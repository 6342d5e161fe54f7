"""The command ``toc elicit weights``, on a panel of the toy theory."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.toy import CASE
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.questions.elicit.weights.command import weights
from toc_model.survey.panel.making import new_panel, read_seeds
from toc_model.survey.panel.panel import panel_text
from toc_model.survey.panel.records import Records, write_records
from toc_model.survey.panel.said import Said

SEEDS = """question,wording,unit,truth,scale
rain,How many mm of rain fell last year?,mm,610,
mice,How many mice does the cat bring home in a year?,mice,120,log
"""
SAID: dict[str, dict[str, tuple[float, ...]]] = {
    "rain": {"Ada": (400, 600, 800), "Bob": (700, 720, 740)},
    "mice": {"Ada": (50, 100, 300), "Bob": (100, 110, 115)},
    "toil": {"Ada": (0.05, 0.1, 0.2), "Bob": (0.1, 0.12, 0.14)},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A panel of the village, with answers."""
    found = tmp_path_factory.mktemp("panel")
    (found / "seeds.csv").write_text(SEEDS)
    documents = Documents.of(CASE)
    panel = new_panel(
        documents,
        ["toil"],
        documents.priors(CASE.base),
        name="elders",
        experts=["Ada", "Bob"],
        seeds=read_seeds(found / "seeds.csv"),
        made=date(2026, 11, 30),
    )
    (found / "panel.toml").write_text(panel_text(panel))
    said = [
        Said.of_quantiles("1", expert, question, dict(zip((0.05, 0.5, 0.95), values, strict=True)))
        for question, answers in SAID.items()
        for expert, values in answers.items()
    ]
    write_records(Records(tuple(one.kept("sheet.csv", "0" * 64, date(2026, 11, 30)) for one in said)), found, panel)
    return found


def printed(*words: object, case: Any = CASE) -> str:
    result = CliRunner().invoke(weights, [str(word) for word in words], obj=case, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_panel_of_another_theory_is_scored(folder: Path) -> None:
    text = printed(folder, "--cutoff", "0")
    assert "What the experts of “elders” count for" in text
    assert "2 seed questions: below 8, calibration hardly tells experts apart." in text
    found = json.loads(printed(folder, "--cutoff", "0", "--json"))
    assert found["panel"] == "elders"
    assert found["seeds"] == ["rain", "mice"]
    assert found["experts"]["Ada"]["calibration"] > found["experts"]["Bob"]["calibration"]
    assert found["experts"]["Ada"]["information"] < found["experts"]["Bob"]["information"]
    assert sum(row["weight"] for row in found["experts"].values()) == pytest.approx(1)
    assert list(found["medians"]) == ["toil"]
    assert printed(folder / "panel.toml", "--cutoff", "0") == text


def test_rounds_kinds_and_figures(folder: Path, tmp_path: Path) -> None:
    assert "With equal weights, weight lies on" in " ".join(printed(folder, "--kind", "equal", "--round", "1").split())
    printed(folder, "--kind", "item", "--out", tmp_path / "weights.svg", "--json")
    assert "<svg" in (tmp_path / "weights.svg").read_text()


def test_another_theorys_panel_is_refused(folder: Path) -> None:
    from toc_model.essay.case import ESSAY

    with pytest.raises(InputError, match=r"case: found 'village'; allowed:"):
        printed(folder, case=ESSAY)


def test_it_opens_no_pymc(folder: Path, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from tests.toy import CASE\n"
        "from toc_model.questions.elicit.weights.command import weights\n"
        f"arguments = [{str(folder)!r}, '--out', {str(tmp_path / 'weights.png')!r}]\n"
        "result = CliRunner().invoke(weights, arguments, obj=CASE, catch_exceptions=False)\n"
        "assert result.exit_code == 0, result.output\n"
        "heavy = {'pymc', 'pytensor', 'nutpie', 'arviz'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
