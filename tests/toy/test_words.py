"""All that the toy's commands print and write is in its own words and units, and in none of the essay's."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.names import essay_words
from tests.toy.conftest import DRAWS, printed
from toc_model.questions.commands import COMMANDS

TABLE = "fence_gain,jumped,watch_gain[hill],watch_gain[valley],sown_before,toil\n2,0.5,1,3,10,0.25\n"
ANSWERS = Path(__file__).parent / "answers.csv"
ASKED: dict[str, str] = {
    "run": "run",
    "run, changed": "run --override do(guarded)=before --override toil*=2 --worldview farmer",
    "run, mixed": "run --worldview 0.5*almanac+0.5*forester",
    "compare": "compare --also farmer --also forester",
    "compare, with delay": "compare --also farmer --delay-cost 0.01",
    "compare, with costs": "compare --also farmer --costs plan=100,all_round=-3",
    "compare, by what is moved": "compare --unit-cost 40 --delay-cost 1%",
    "curve": "curve --also farmer --out {}/curve.svg",
    "optimise": "optimise --out {}/best.toml",
    "optimise, regret": "optimise --also forester --objective regret",
    "optimise, worst draws": "optimise --objective cvar --free fence",
    "optimise, with delay": "optimise --free fence --delay-cost 1%",
    "marginal, priced": "marginal --unit-cost 100",
    "marginal": "marginal --also farmer --out {}/margin.svg",
    "voi": "voi --ask jumped --cost 0.1 --out {}/voi.svg",
    "channels": "channels --out {}/channels.svg",
    "sensitivity": "sensitivity --out {}/tornado.svg",
    "sensitivity, sobol": "sensitivity --method sobol",
    "sensitivity, given-data": "sensitivity --method given-data",
    "sensitivity, flip": "sensitivity --method flip",
    "claims, denied": "claims --deny --pairs T1 T4 --out {}/claims.svg",
    "claims, denied, with a rival": "claims --deny --rival clever",
    "report, with a rival": "report --rival clever --out {}/rival.md",
    "structure": "structure",
    "harm": "harm --worldview almanac --out {}/harm.svg",
    "harm, too rare": "harm --worldview farmer --out {}/rare.svg",
    "claims, granted": "claims --grant --out {}/granted.svg",
    "claims, checked": "claims --check",
    "disagree": "disagree farmer forester --out {}/gap.svg",
    "report, with delay": "report --delay-cost 0.01 --sections answer,curve --out {}/delay.html",
    "report, html": "report --out {}/report.html",
    "report, markdown": "report --out {}/report.md",
}
"""Commands that take draws, by what is asked."""
BARE: dict[str, str] = {
    "claims": "claims",
    "claims, one": "claims T3",
    "priors": "priors",
    "priors, one": "priors toil --out {}/prior.svg",
    "priors, check": "priors check --worldview farmer",
    "priors, copy": "priors copy {}/copy",
    "graph": "graph",
    "graph, mermaid": "graph --format mermaid",
    "graph, drawn": "graph --out {}/graph.svg",
    "evaluate": "evaluate {}/own.csv --out {}/own.nc",
    "survey, import": "survey import neighbours {answers} --out {}/long.csv",
    "survey, template": (
        "survey template --nodes harvest,guarded,jumped,worth_of_the_fence --under allocation=plan "
        "--out {}/t.csv --map-out {}/t.toml"
    ),
}
"""Commands that take none."""
type Spoken = Callable[[str], tuple[str, tuple[str, ...]]]

FOREIGN = re.compile(
    r"\d\s+(?:percentage )?points?\b|\bin (?:percentage )?points\b|\bpeople moved\b|\bresearch", re.IGNORECASE
)
"""How the essay's outcome is told. What is set may be a share, and a percentage point of that be worth sacks."""
HARVEST_TIMES_100 = re.compile(r"(?<![\d.,#-])[34]\d\d\d(?:\.\d+)?(?![\d,-])")
"""Harvests are 28 to 55 tonnes; nothing else that is printed lies between 3,000 and 4,999."""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Spoken:
    """What a command prints, and the texts of the files that it writes; each is run once."""

    @cache
    def answer(name: str) -> tuple[str, tuple[str, ...]]:
        folder = tmp_path_factory.mktemp("spoken")
        (folder / "own.csv").write_text(TABLE, encoding="utf-8")
        words = [word.replace("{answers}", str(ANSWERS)).replace("{}", str(folder)) for word in told(name).split(" ")]
        (folder / "own.csv").write_text(TABLE, encoding="utf-8")
        found = printed(*words, *(("--draws", str(DRAWS)) if name in ASKED else ()))
        return found, tuple(written(folder))

    return answer


def told(name: str) -> str:
    return ASKED.get(name) or BARE[name]


def written(folder: Path) -> Iterator[str]:
    """Texts of the files that a command wrote, a drawing's without its shapes."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".md", ".toml", ".csv"):
            yield path.read_text(encoding="utf-8")
        if path.suffix in (".html", ".svg"):
            yield from visible(path.read_text(encoding="utf-8"))


def visible(page: str) -> Iterator[str]:
    """Text and attributes for people of a page or drawing."""
    bare = re.sub(r"<style.*?</style>|<script.*?</script>", " ", page, flags=re.DOTALL)
    yield re.sub(r"<[^>]*>", " ", bare)
    yield from re.findall(r'(?:aria-label|title|alt|href|content)="([^"]*)"', bare)


@pytest.mark.parametrize("name", [*ASKED, *BARE])
def test_no_word_of_the_essay(name: str, spoken: Spoken) -> None:
    text, files = spoken(name)
    texts = [text, *files]
    assert sorted({word for text in texts for word in essay_words(text)}) == []
    assert [found[0] for text in texts for found in FOREIGN.finditer(text)] == []


@pytest.mark.parametrize("name", ASKED)
def test_no_harvest_is_multiplied(name: str, spoken: Spoken) -> None:
    text, _ = spoken(name)
    assert [found[0] for found in HARVEST_TIMES_100.finditer(text)] == []


@pytest.mark.parametrize("name", [name for name in ASKED if "report" not in name])
def test_a_harvest_has_its_unit(name: str, spoken: Spoken) -> None:
    text, _ = spoken(name)
    assert "tonnes" in text or "sacks" in text or "indices" in text.lower()


@pytest.mark.parametrize("name", COMMANDS)
def test_no_word_of_the_essay_in_the_help(name: str) -> None:
    older = "--fte-value"  # a name of the option --worth of toc voi, kept for those who have it in scripts
    assert essay_words(printed(name, "--help").replace(older, "")) == []


def test_no_word_of_the_essay_in_the_help_of_all() -> None:
    text = printed("--help")
    assert essay_words(text) == []
    assert "What happens to the harvest" in text
