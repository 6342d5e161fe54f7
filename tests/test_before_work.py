"""What is refused before any work: outputs that can't be written, more draws than memory holds, and too few."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Toc
from tests.refused import assert_refused
from toc_model import memory
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY

OUTPUTS = [
    "run --out X.nc",
    "run --save X.json",
    "compare --out X.svg",
    "curve --out X.png",
    "optimise --out X.toml",
    "marginal --out X.svg",
    "voi --out X.svg",
    "channels --out X.svg",
    "sensitivity --out X.svg",
    "claims --deny --out X.svg",
    "harm --out X.svg",
    "disagree base essay --out X.svg",
    "report --out X.html",
    "graph --out X.svg",
    "evaluate absent.csv --out X.nc",
    "update absent.csv --out X.nc",
    "worldviews new x --out X.toml",
    "worldviews from-posterior absent.nc --out X.toml",
    "survey template --nodes race --out X.csv",
    "survey template --nodes race --out t.csv --map-out X.toml",
    "survey template --nodes race --out t.csv --wide X.toml",
    "survey import long absent.csv --out X.csv",
    "survey import espai absent.csv --out X.csv",
    "priors agi_year --out X.svg",
    "priors copy X",
]
WITHOUT_DRAWS = ("graph", "evaluate", "worldviews", "survey", "priors", "update")


def beyond_memory(words: str) -> list[str]:
    """A command that would be refused for its draws if it were to begin."""
    split = words.split()
    return split if split[0] in WITHOUT_DRAWS else [*split, "--draws", str(10**12)]


@pytest.mark.parametrize("words", OUTPUTS)
def test_what_can_not_be_written_is_refused_first(
    toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(
        toc(*beyond_memory(words.replace("X", "nowhere/X"))), "nowhere/X", "can't be written (no such folder)"
    )
    for name in re.findall(r"X\.\w+", words):
        (tmp_path / name).write_text("older")
        (tmp_path / name).chmod(0o444)
        assert_refused(toc(*beyond_memory(words)), f"{name}: can't be written (it is read-only)")
        assert (tmp_path / name).read_text() == "older"
    assert not (tmp_path / "t.csv").exists()


def test_two_outputs_are_two_files(toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = toc("survey", "template", "--nodes", "race", "--out", "x.toml", "--map-out", "./x.toml")
    assert_refused(found, "x.toml: found it twice among files to write")
    assert list(tmp_path.iterdir()) == []


DRAWING = [
    "run",
    "run --worldview absent.nc",
    "run --worldview panel",
    "compare --also essay",
    "curve",
    "optimise",
    "marginal",
    "voi",
    "channels",
    "sensitivity --method sobol",
    "claims --deny",
    "claims --grant",
    "claims --check",
    "structure",
    "harm",
    "disagree base essay",
    "worldviews",
    "report --out x.html",
]


@pytest.mark.parametrize("words", DRAWING)
@pytest.mark.parametrize("draws", [10**10, 10**40])
def test_more_draws_than_memory_holds_are_refused_first(
    toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, draws: int
) -> None:
    monkeypatch.chdir(tmp_path)
    start = time.perf_counter()
    why = "absent.nc" if "absent" in words else "of memory are needed; allowed: about"
    assert_refused(toc(*words.split(), "--draws", draws), why)
    assert time.perf_counter() - start < 10
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", ["--draws 1000000000", "--tune 1000000000", "--chains 1000000000"])
def test_more_draws_of_a_sampler_than_memory_holds(toc: Toc, tmp_path: Path, words: str) -> None:
    found = toc("update", tmp_path / "absent.csv", "--out", tmp_path / "x.nc", *words.split())
    what = "draws: found " if "draws" in words else "draws and tune of all chains: found "
    assert_refused(found, what, "of memory are needed")


@given(st.integers(1, 10**30), st.integers(1, 10**6), st.integers(1, 10**13))
def test_as_many_draws_as_are_said_to_fit_do(draws: int, numbers: int, room: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "free", lambda: float(room))
        if 8 * draws * numbers <= max(room, memory.SMALL):
            memory.fail_if_beyond_memory(draws, numbers)
            return
        with pytest.raises(InputError) as found:
            memory.fail_if_beyond_memory(draws, numbers)
    said = str(found.value)
    fits = int(re.findall(r"about ([\d,]+) or fewer", said)[0].replace(",", ""))
    assert fits < draws
    assert 8 * fits * numbers <= room
    assert len(said) < 300


def test_results_beyond_memory_are_refused_before_they_are_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    beliefs: Beliefs = load_beliefs(ESSAY, "base", draws=2000)
    levers = beliefs.documents.allocations().levers()
    monkeypatch.setattr(memory, "SMALL", 0)
    monkeypatch.setattr(memory, "free", lambda: 30e6)
    beliefs.outcome(levers)
    with pytest.raises(InputError, match=r"draws: found 2,000, for which about .* GB of memory are needed"):
        beliefs.nodes(levers)


def test_there_is_some_memory() -> None:
    assert memory.free() > 10**6


@pytest.mark.parametrize(
    ("words", "least"),
    [
        ("voi", 100),
        ("optimise", 100),
        ("disagree base essay", 100),
        ("report --out x.html", 100),
        ("sensitivity --method given-data", 200),
        ("run", 2),
    ],
)
def test_too_few_draws_are_refused_first(
    toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, least: int
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Beliefs, "outcome", lambda *_, **__: pytest.fail("was evaluated"))
    for draws in (least - 1, 1, 0, -5):
        assert_refused(toc(*words.split(), "--draws", draws), f"found {draws}", "allowed: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("voi --experts 1000000000", "experts: found 1000000000; allowed: 1 to 100000"),
        ("voi --experts " + "9" * 5000, "experts: found "),
        ("disagree base essay --experts 0", "experts: found 0"),
        ("claims --deny --pairs all-top 1000", "pairs of those that matter most: found 1000"),
        ("claims --deny --pairs C02 C999", "unknown claim 'C999'"),
        ("claims --deny --pairs C02 C02", "found 'C02' twice"),
        ("run --seed -1", "seed: found -1"),
        ("run --to own", "unknown allocation 'own'"),
        ("marginal --at own", "unknown allocation 'own'"),
    ],
)
def test_absurd_counts_and_names_are_refused_first(
    toc: Toc, monkeypatch: pytest.MonkeyPatch, words: str, why: str
) -> None:
    monkeypatch.setattr(Beliefs, "outcome", lambda *_, **__: pytest.fail("was evaluated"))
    assert_refused(toc(*words.split(), *([] if "disagree" in words else ["--worldview", "base"])), why)
