"""What is typed: how long until it starts, and until it is done."""

from collections.abc import Iterator
from functools import partial

from tests.benchmarks.speed.jobs import Asked
from tests.benchmarks.speed.measure import CHECKOUT, LeftOutError, command, in_turn
from tests.benchmarks.speed.table import Row

TOC = "import sys; sys.argv[0] = 'toc'; from toc_model.cli import main; main()"
IMPORTS = ("import click", "import xarray, scipy.stats")
STARTS = {
    "`toc --version`": ("-c", TOC, "--version"),
    "`toc --help`": ("-c", TOC, "--help"),
    "`import toc_model`": ("-c", "import toc_model"),
    "`toc run`": ("-c", TOC, "run"),
}
COMMANDS = (
    "claims --deny",
    "optimise",
    "report --out report.html",
    "voi --draws 20000",
    "sensitivity",
    "channels",
)


def start_up(asked: Asked) -> Iterator[Row]:
    """The start, and the main command, beside imports that they can't do without and beside what they were."""
    folder = asked.field.folder
    jobs = {name: partial(command, words, CHECKOUT, folder) for name, words in STARTS.items()}
    jobs |= {f"`{words}`": partial(command, ("-c", words), CHECKOUT, folder) for words in IMPORTS}
    if asked.before:
        jobs |= {f"before {name}": partial(command, words, asked.before, folder) for name, words in STARTS.items()}
    in_turn(jobs, 1)
    taken = in_turn(jobs, asked.repetitions)
    for name in STARTS:
        besides = {f"`{words}`": f"`{words}`" for words in IMPORTS}
        besides |= {asked.commit: f"before {name}"} if asked.before else {}
        for beside, job in besides.items():
            yield Row.of(name, beside, taken[name], taken[job])


def commands(asked: Asked) -> Iterator[Row]:
    """Whole commands, beside what they were; or beside imports alone, where there is no earlier state."""
    folder = asked.field.folder
    beside = asked.commit if asked.before else f"`{IMPORTS[-1]}`"
    for words in COMMANDS:
        typed = ("-c", TOC, *words.split())
        other = (
            partial(command, typed, asked.before, folder)
            if asked.before
            else partial(command, ("-c", IMPORTS[-1]), CHECKOUT, folder)
        )
        jobs = {"": partial(command, typed, CHECKOUT, folder), beside: other}
        try:
            in_turn(jobs, 1)
            taken = in_turn(jobs, asked.repetitions)
        except LeftOutError as error:
            yield Row.left_out(f"`toc {words}`", beside, str(error))
            continue
        yield Row.of(f"`toc {words}`", beside, taken[""], taken[beside])
