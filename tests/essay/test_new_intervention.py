"""A new intervention is a change of `essay/dimensions.py` and of documents, and of nothing else."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import toc_model
from toc_model.essay.case import ESSAY

NEW, LIKE = "government_advocacy", "convening"
PACKAGE = Path(toc_model.__file__).parent
PROGRAM = """
import io, json, sys
from contextlib import redirect_stdout
from toc_model.cli import main
said = {}
for name, words in json.loads(sys.argv[1]).items():
    sys.argv = ["toc", *words]
    with redirect_stdout(io.StringIO()) as out:
        try:
            main()
        except SystemExit as stop:
            assert not stop.code, name
    said[name] = out.getvalue()
print(json.dumps(said))
"""
SHORT = ["--worldview", "base", "--draws", "100", "--json"]
QUESTIONS = {
    "run": ["run", *SHORT],
    "compare": ["compare", *SHORT],
    "curve": ["curve", "--lever", f"mix.researchers.{NEW}", "--out", "curve.svg", *SHORT],
    "optimise": ["optimise", "--free", "mix.builders", "--starts", "0", *SHORT],
    "marginal": ["marginal", *SHORT],
    "channels": ["channels", "--allocation", "advocates", *SHORT],
    "sensitivity": ["sensitivity", "--allocation", "advocates", *SHORT],
    "override": ["run", "--only", "advocates", "--override", f"do(reach[{NEW}])=reference", *SHORT],
    "priors": ["priors"],
    "template": ["survey", "template", "--nodes", "reach", "--out", "ask.csv"],
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the commands say of an essay with one intervention more, by question."""
    folder = tmp_path_factory.mktemp("advocacy")
    shutil.copytree(PACKAGE, folder / "toc_model", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ESSAY.documents, folder / "priors")
    change_dimensions(folder / "toc_model" / "essay" / "dimensions.py")
    change_documents(folder / "priors")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(QUESTIONS)], capture_output=True, text=True, check=False, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def change_dimensions(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    changed = text.replace(f'"{LIKE}")', f'"{LIKE}", "{NEW}")').replace(
        f"{LIKE.upper()} = range(4)", f"{LIKE.upper()}, {NEW.upper()} = range(5)"
    )
    assert changed.count("overnment") == 1
    assert "range(5)" in changed
    path.write_text(changed, encoding="utf-8")


def change_documents(folder: Path) -> None:
    """Each parameter that has a prior for each intervention has one for the new one, and some do it."""
    for path in folder.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        alike = re.findall(rf'(?ms)^\["\w+\[{LIKE}\]"\]\n.*?(?=^\[|\Z)', text)
        if alike:
            own = "\n".join(entry.replace(f"[{LIKE}]", f"[{NEW}]") for entry in alike)
            own = re.sub(rf'(?m)^label = "(.*){LIKE}"$', r'label = "\1advocacy"', own)
            path.write_text(f"{text}\n{own}", encoding="utf-8")
    with (folder / "allocations.toml").open("a", encoding="utf-8") as file:
        file.write(
            "\n[advocates]\nbuying_time_share = { researchers = 0.5, builders = 0.3 }\n"
            f"mix.researchers = {{ outreach = 0.5, {NEW} = 0.5 }}\n"
        )


def figures(said: dict[str, str], name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said[name])
    return found


@pytest.mark.slow
def test_what_nobody_does_changes_nothing(said: dict[str, str]) -> None:
    from toc_model.beliefs.loading import load_beliefs
    from toc_model.questions.run import run

    beliefs = load_beliefs(ESSAY, "base", draws=100)
    usual = run(beliefs, beliefs.documents.allocations()).to_dict()["allocations"]
    found = figures(said, "run")["allocations"]
    assert set(found) == {*usual, "advocates"}
    for name, row in usual.items():
        assert found[name]["p_doom"]["mean"] == pytest.approx(row["p_doom"]["mean"], rel=1e-12), name


@pytest.mark.slow
def test_what_some_do_changes_something(said: dict[str, str]) -> None:
    rows = figures(said, "run")["allocations"]
    assert abs(rows["advocates"]["p_doom"]["mean"] - rows["recommended"]["p_doom"]["mean"]) > 1e-4
    without = figures(said, "override")["allocations"]["advocates"]
    assert abs(without["p_doom"]["mean"] - rows["advocates"]["p_doom"]["mean"]) > 1e-4


@pytest.mark.slow
def test_every_question_knows_it(said: dict[str, str]) -> None:
    assert "advocates" in figures(said, "compare")["worldviews"]["base"]
    assert set(figures(said, "optimise")["optimum"]["mix"]["builders"]) == {
        *ESSAY.story.dimensions["intervention"],
        NEW,
    }
    assert NEW in figures(said, "marginal")["worldviews"]["base"]["average"]
    assert f"concern_gain[{NEW}]" in figures(said, "sensitivity")["entries"]
    assert figures(said, "channels")["allocation"] == "advocates"
    assert len(figures(said, "curve")["worldviews"]["base"]) > 2
    assert f"concern_gain[{NEW}]" in said["priors"]
