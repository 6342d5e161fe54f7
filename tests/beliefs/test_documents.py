"""A folder of one's own takes the place of all documents: nothing that ships is read, told or counted."""

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import Toc
from tests.toy import CASE
from toc_model.beliefs.levers import levers_at
from toc_model.beliefs.loading import load_beliefs
from toc_model.documents import read_toml
from toc_model.essay.case import ESSAY

SHIPPED = ESSAY.documents
TEXTS = (
    "text|note|check|question|source|description|reason|title|citation|population|wording|fair|bias_reason|resolution"
    "|phrase"
)
WORD = "margin"
"""An allocation whose name is a word."""
KEPT = ("status_quo", "recommended")
SHARES = {"status_quo": (0.25, 0.15), "recommended": (0.65, 0.35)}
REFERENCE = (0.22, 0.12)
AGI = {"q05": 3.0, "q50": 6.0, "q95": 12.0}

opened: list[str] = []
listening = False


def listen(event: str, details: tuple[Any, ...]) -> None:
    if listening and event in ("open", "os.listdir", "os.scandir") and isinstance(details[0], str | Path):
        opened.append(str(Path(details[0]).resolve()))


sys.addaudithook(listen)


@contextmanager
def shipped_reads() -> Iterator[list[str]]:
    """Documents that ship and are opened or listed meanwhile."""
    global listening  # noqa: PLW0603
    opened.clear()
    found: list[str] = []
    listening = True
    try:
        yield found
    finally:
        listening = False
        found += [path for path in opened if Path(path).is_relative_to(SHIPPED.resolve())]


# A folder in which every document differs -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = tmp_path_factory.mktemp("own") / "documents"
    number = count(1)
    for path in SHIPPED.rglob("*.toml"):
        text = re.sub(
            rf'(?m)^({TEXTS}) = "(?:[^"\\]|\\.)+"$',
            lambda found: f'{found[1]} = "Own words {next(number)}, are they?"',
            path.read_text(encoding="utf-8"),
        )
        to = own / path.relative_to(SHIPPED)
        if path.name == "allocations.toml":
            text = own_allocations(text)
        if path.parent.name == "dates":
            text = re.sub(
                r"researchers = [\d.]+, builders = [\d.]+", "researchers = {}, builders = {}".format(*REFERENCE), text
            )
        if path.parent.name == "surveys":
            text, to = text.replace(path.stem, f"own_{path.stem}"), to.with_name(f"own_{path.name}")
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(text, encoding="utf-8")
    quantiles = ", ".join(f"{name} = {value}" for name, value in AGI.items())
    labs = next(path for path in own.glob("*.toml") if "[agi_year]" in path.read_text(encoding="utf-8"))
    labs.write_text(
        re.sub(r"(\[agi_year\]\n.*?quantiles = )\{[^}]*\}", rf"\1{{ {quantiles} }}", labs.read_text(), flags=re.DOTALL),
        encoding="utf-8",
    )
    (own / "worldviews" / "mine.toml").write_text(
        'description = "Own words of mine"\n[parameters.severity]\nquantiles = { q05 = 0.1, q50 = 0.2, q95 = 0.4 }\n'
        'reason = "Own words on severity"\n',
        encoding="utf-8",
    )
    return own


def own_allocations(text: str) -> str:
    """Other names, and other shares under the status quo and the recommendation."""
    for name in re.findall(r"(?m)^\[(\w+)\]$", text):
        if name in SHARES:
            researchers, builders = SHARES[name]
            text = re.sub(
                rf"(\[{name}\]\n.*?\nbuying_time_share = )\{{[^}}]*\}}",
                rf"\1{{ researchers = {researchers}, builders = {builders} }}",
                text,
                count=1,
                flags=re.DOTALL,
            )
        else:
            text = text.replace(f"[{name}]", f"[own_{name}]")
    researchers, builders = SHARES["status_quo"]
    quo = f"buying_time_share = {{ researchers = {researchers}, builders = {builders} }}"
    return f'{text}\n[status_quo]\ndescription = "Own words on what is"\n{quo}\n'


def strings(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    for inner in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from strings(inner)


@pytest.fixture(scope="module")
def foreign(folder: Path) -> set[str]:
    """Texts of the documents that ship, and names that only they have."""
    shipped, own = (
        {text for path in documents.rglob("*.toml") for text in strings(read_toml(path))}
        for documents in (SHIPPED, folder)
    )
    names = [name for name in read_toml(SHIPPED / "allocations.toml") if name not in (*KEPT, WORD)]
    surveys = [path.stem for path in (SHIPPED / "surveys").glob("*.toml")]
    return {text for text in shipped - own if len(text) > 25} | set(names) | set(surveys)


def told_of(text: str, foreign: set[str]) -> list[str]:
    """Which of them a text tells."""
    flat = " ".join(text.split())
    words = set(re.findall(r"\w+", flat))
    return sorted(known for known in foreign if known in words or (" " in known and " ".join(known.split()) in flat))


def test_the_folder_differs_in_every_document(folder: Path, foreign: set[str]) -> None:
    for path in folder.rglob("*.toml"):
        name = path.relative_to(folder)
        there = SHIPPED / name.with_name(path.name.removeprefix("own_"))
        assert not there.exists() or there.read_text(encoding="utf-8") != path.read_text(encoding="utf-8"), name
    assert len(foreign) > 300
    assert told_of((SHIPPED / "claims.toml").read_text(encoding="utf-8"), foreign)


# Every command --------------------------------------------------------------------------------------------------------

OWN = "Own words"
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("run --draws 50", "own_low_end"),
    "run, a worldview": ("run --draws 50 --worldview mine", "own_low_end"),
    "compare": ("compare --draws 50 --also mine", "own_low_end"),
    "curve": ("curve --draws 50 --also mine --out {}/curve.svg", "mine"),
    "optimise": ("optimise --draws 100 --free researchers --starts 0", "25"),
    "marginal": ("marginal --draws 20", "panel"),
    "voi": ("voi --draws 100 --parameters agi_year --claims C28", "own_espai2023"),
    "channels": ("channels --draws 50", "panel"),
    "sensitivity": ("sensitivity --draws 50", OWN),
    "sensitivity, flip": ("sensitivity --draws 50 --method flip", "base"),
    "sensitivity, given-data": ("sensitivity --draws 200 --method given-data", "panel"),
    "claims": ("claims", "represented"),
    "claims, one": ("claims C28", OWN),
    "claims, denied": ("claims C28 --deny --draws 50", OWN),
    "claims, granted": ("claims --grant C84 --draws 100", OWN),
    "claims, checked": ("claims C09 --check --draws 100", OWN),
    "structure": ("structure --draws 50", "panel"),
    "harm": ("harm --draws 200 --resamples 2 --worldview base", OWN),
    "run, a rival": ("run --draws 50 --rival overhang --worldview mine", "own_low_end"),
    "disagree": ("disagree base mine --draws 100", OWN),
    "report, md": (
        "report --draws 100 --worldview base --worldview mine --out {}/report.md --sections {sections}",
        OWN,
    ),
    "priors": ("priors", "agi_year"),
    "priors, one": ("priors agi_year", OWN),
    "priors, patched": ("priors severity --worldview mine", "Own words on severity"),
    "priors, check": ("priors check --worldview essay", "essay"),
    "evaluate": ("evaluate {}/values.csv --out {}/nodes.nc", "nodes.nc"),
    "survey, template": (
        "survey template --nodes agi_year,p_doom --under allocation=recommended --out {}/ask.csv --map-out {}/ask.toml",
        "65% of researchers and 35% of field builders",
    ),
    "survey, check": ("survey check {}/answers.csv", "own_espai2023"),
}
"""Words of the command, and what it or a file that it writes must say."""
SECTIONS = "answer,curve,channels,tornado,claims,limits,provenance"
ANSWERS = (
    "source_id,respondent_id,group,question_id,target,framing,kind,level,value,unit,lower,upper,round,condition,raw,flags\n"
    "own_espai2023,1,,extinction,p_doom,,probability,,0.01,probability,0,1,,,1,\n"
)


def values_csv() -> str:
    """One draw of all parameters, as ``toc evaluate`` reads it."""
    priors = load_beliefs(ESSAY, "base", draws=2).priors
    medians = {name: float(prior.distribution.from_latent(0.0)) for name, prior in priors.entries.items()}
    return f"{','.join(medians)}\n{','.join(f'{value:.6g}' for value in medians.values())}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_that_ships_is_read_or_told(
    name: str, folder: Path, foreign: set[str], toc: Toc, tmp_path: Path
) -> None:
    command, expected = COMMANDS[name]
    (tmp_path / "values.csv").write_text(values_csv(), encoding="utf-8")
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    given = set(tmp_path.iterdir())
    words = [word.replace("{}", str(tmp_path)).replace("{sections}", SECTIONS) for word in command.split()]
    with shipped_reads() as reads:
        code, out, error = toc(*words, "--priors", folder)
    assert code == 0, error
    assert reads == []
    files = [
        path for path in tmp_path.rglob("*") if path.suffix in (".csv", ".toml", ".md", ".svg") and path not in given
    ]
    texts = [out, *(path.read_text(encoding="utf-8") for path in files)]
    assert [known for text in texts for known in told_of(text, foreign)] == []
    # What is typed with underscores is told with spaces.
    said = [" ".join(text.split()).replace("_", " ") for text in texts]
    assert any(expected.replace("_", " ") in text for text in said)


JSON = (
    "run",
    "compare",
    "curve",
    "marginal",
    "voi",
    "channels",
    "sensitivity",
    "disagree",
    "claims, denied",
    "claims, granted",
    "structure",
    "harm",
    "run, a rival",
)


@pytest.mark.parametrize("name", JSON)
def test_the_digests_are_those_of_the_folder(
    name: str, folder: Path, foreign: set[str], toc: Toc, tmp_path: Path
) -> None:
    code, out, error = toc(*COMMANDS[name][0].replace("{}", str(tmp_path)).split(), "--json", "--priors", folder)
    assert code == 0, error
    found = json.loads(out)
    own = {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.toml")}
    read = {text for key in ("priors", "allocations") for text in strings(list(under(found, key)))}
    digests = {text for text in read if re.fullmatch(r"[0-9a-f]{64}", text)}
    assert digests
    assert digests <= own
    assert [known for text in strings(found) for known in told_of(text, foreign)] == []


def under(found: Any, key: str) -> Iterator[Any]:
    """All that stands under a key of a provenance, however deep."""
    if isinstance(found, dict):
        if "versions" in found and key in found:
            yield found[key]
        for inner in found.values():
            yield from under(inner, key)
    elif isinstance(found, list):
        for inner in found:
            yield from under(inner, key)


# Figures --------------------------------------------------------------------------------------------------------------


def test_figures_are_those_of_the_folder(folder: Path, toc: Toc, tmp_path: Path) -> None:
    """Chapters, status quo and recommendation are its own: computed here from shares that this test writes down."""
    own, shipped = load_beliefs(ESSAY, draws=50, priors=folder), load_beliefs(ESSAY, draws=50)
    base = shipped.documents.allocations().levers().sel(allocation="status_quo", drop=True)
    shares = {
        pool: np.array([share[place] for share in SHARES.values()])
        for place, pool in enumerate(("researchers", "builders"))
    }
    assert own.anchor["buying_time_share"].values.tolist() == [list(REFERENCE)]
    expected = own.outcome(levers_at(ESSAY.story, base, shares, SHARES)).mean("draw")
    rows = json.loads(toc("run", "--draws", 50, "--json", "--priors", folder)[1])["allocations"]
    usual = json.loads(toc("run", "--draws", 50, "--json")[1])["allocations"]
    for name in SHARES:
        assert rows[name]["p_doom"]["mean"] == pytest.approx(float(expected.sel(allocation=name)), rel=1e-12)
        assert abs(rows[name]["p_doom"]["mean"] - usual[name]["p_doom"]["mean"]) > 1e-4
    margin = json.loads(toc("marginal", "--draws", 20, "--json", "--priors", folder)[1])["worldviews"]["panel"]
    assert "average" in margin
    words = ("curve", "--draws", 50, "--json", "--priors", folder, "--out", tmp_path / "curve.svg")
    curve = json.loads(toc(*words)[1])["worldviews"]["panel"]
    assert curve["0.25"]["mean"] == pytest.approx(0, abs=1e-12)
    assert abs(curve["0.2"]["mean"]) > 1e-5


# A posterior ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_posterior_and_its_copy_rest_on_the_folder(toc: Toc, tmp_path: Path) -> None:
    """Ten times as much is sown in this folder: a copy that rested on what ships would bring in a tenth."""
    import shutil

    from tests.toy.test_surveys import ANSWERS as SAID

    own = tmp_path / "documents"
    shutil.copytree(CASE.documents, own)
    grain = (own / "grain.toml").read_text(encoding="utf-8")
    (own / "grain.toml").write_text(grain.replace("34.0", "394.0").replace("40.0", "400.0").replace("46.0", "406.0"))
    case, answers, posterior = ("--case", "tests.toy:CASE"), tmp_path / "long.csv", tmp_path / "posterior.nc"
    toc(*case, "survey", "import", "neighbours", SAID, "--out", answers, "--priors", own)
    answers.write_text(
        "".join(line for line in answers.read_text().splitlines(True) if "plan" not in line and "fenced" not in line)
    )
    code, out, error = toc(*case, "update", answers, "--out", posterior, "--priors", own)
    assert code == 0, error
    assert "402." in out or "403." in out
    code, out, error = toc(*case, "worldviews", "from-posterior", posterior, "--out", tmp_path / "learnt.toml")
    assert code == 0, error
    shown = [float(text) for text in re.findall(r"(?<![\d.])\d+\.\d+(?![\d.])", out) if float(text) > 20]
    assert shown
    assert min(shown) > 350
