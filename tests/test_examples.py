"""Every example of a help works as it stands there."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pandas as pd
import pytest

from tests.conftest import Toc
from tests.toy.case import CASE
from toc_model.engine.case import Case
from toc_model.essay.case import ESSAY
from toc_model.questions.commands import COMMANDS, GROUPS, commands_of
from toc_model.questions.examples import EXAMPLES, START, examples

TOY = ("--case", "tests.toy:CASE")
ANSWERS = Path(__file__).parent / "toy" / "answers.csv"
TOLD = {"jumped": (0.1, 0.3, 0.6), "fence_gain": (0.2, 0.5, 1.0)}
NEEDS = {
    "posterior.nc": ["update answers.csv --out posterior.nc"],
    "panel": ["elicit new --parameters jumped,fence_gain --experts 2 --out panel"],
    "pool.toml": ["elicit pool panel --out pool.toml"],
    "answer.json": ["run --draws 200 --save answer.json"],
}
"""How the files that examples read come about, in the order in which they do."""
UNMADE = {"elicit weights"}
"""Examples on a panel that has questions with answers that are known."""


def commands() -> Iterator[tuple[str, click.Command]]:
    """All commands as users call them."""
    root = commands_of(CASE)
    context = click.Context(root, info_name="toc", obj=CASE)
    waiting: list[tuple[str, click.Command, click.Context]] = [
        (name, found, context) for name in root.list_commands(context) if (found := root.get_command(context, name))
    ]
    while waiting:
        name, found, above = waiting.pop()
        yield name, found
        if isinstance(found, click.Group):
            inner = click.Context(found, info_name=name.split()[-1], parent=above, obj=CASE)
            below = ((one, found.get_command(inner, one)) for one in found.list_commands(inner))
            waiting += [(f"{name} {one}", each, inner) for one, each in below if each and not each.hidden]


def test_every_command_has_examples_of_its_own() -> None:
    own_readers = {f"survey import {name}" for name in CASE.readers}
    assert {name for name, _ in commands()} - own_readers - {"survey import wide"} == {*EXAMPLES}
    for name, found in commands():
        assert all(text in (found.epilog or "") for text in examples(name, CASE))


def test_the_groups_of_the_help_hold_every_command_once() -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(COMMANDS)


def test_the_help_says_where_to_start(toc: Toc) -> None:
    _, out, _ = toc("--help")
    assert "Start here: toc run" in out
    assert all(f"\n{heading}:\n" in out for heading in [*GROUPS, "Examples"])
    assert all(f"toc {text}" in out for text in START)
    _, out, _ = toc(*TOY, "--help")
    assert "Start here: toc --case tests.toy:CASE run" in out


@pytest.mark.parametrize("case", [ESSAY, CASE], ids=lambda case: str(case.name))
def test_examples_name_what_there_is(case: Case) -> None:
    told = [text for command in EXAMPLES for text in examples(command, case)]
    assert not [text for text in told if "{" in text]
    assert any(f"--also {case.worldviews[1]}" in text for text in told)


def make(toc: Toc, name: str, *, answered: bool) -> None:
    """Make a file that an example reads, and what that reads."""
    if Path(name).exists():
        return
    if name == "answers.csv":
        run(toc, f"survey import neighbours {shlex.quote(str(ANSWERS))} --out answers.csv")
    elif name == "parameters.csv":
        pd.DataFrame({entry: [0.3, 0.4] for entry in CASE.story.entries}).to_csv(name, index_label="draw")
    for text in NEEDS.get(name, []):
        run(toc, text)
    if name == "panel" and answered:
        for sheet in Path("panel/sheets/round_1").glob("*.csv"):
            table = pd.read_csv(sheet, dtype=object, keep_default_na=False).set_index("question")
            for question, values in TOLD.items():
                table.loc[question, ["q05", "q50", "q95"]] = list(values)
            table.reset_index().to_csv(sheet, index=False)
        run(toc, "elicit read panel")


def run(toc: Toc, text: str) -> None:
    """Run an example, after what it reads has been made."""
    told = shlex.split(text)
    for place, word in enumerate(told):
        if word in {*NEEDS, "answers.csv", "parameters.csv"} and not told[place - 1].endswith(("out", "save")):
            make(toc, word, answered=told[1:2] != ["sheets"])
    code, _, err = toc(*TOY, *told)
    assert (code, err) == (0, "")


SLOW = {
    "run", "report", "explore", "compare", "optimise", "harm", "disagree", "voi", "update", "worldviews from-posterior",
    "survey", "survey validate",
}  # fmt: skip
"""Commands of which an example takes more than a second."""
TEXTS = {text: command for command in EXAMPLES if command not in UNMADE for text in examples(command, CASE)}


LONG = ("report", "voi", "optimise", "survey validate")
"""What takes long, and is run by tests of its own."""
TEXTS = {text: of for text, of in TEXTS.items() if of not in LONG and text != "survey validate answers.csv"}


@pytest.mark.parametrize(
    "text", [pytest.param(text, marks=pytest.mark.slow if of in SLOW else ()) for text, of in TEXTS.items()]
)
def test_an_example_works(toc: Toc, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run(toc, text)
