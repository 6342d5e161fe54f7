"""What a help, a version and an import cost: told by what is imported, for times differ from machine to machine."""

import ast
import inspect
import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

import toc_model as toc
from toc_model.engine.case import loaded_case
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.essay.home import HOME
from toc_model.facade import given
from toc_model.questions.commands import COMMANDS, commands_of
from toc_model.questions.elicit.group import elicit
from toc_model.questions.lazy import Lazy
from toc_model.questions.survey.group import survey

ROOT = Path(__file__).parents[1]
ARRAYS = {"numpy", "pandas", "pyarrow", "pydantic", "scipy", "xarray"}
RARE = {"arviz", "jinja2", "matplotlib", "pymc", "pytensor", "rich", "scipy.optimize", "scipy.stats"}
"""What commands import, and what only some of them do."""
QUESTIONS = "toc_model.questions"
GROUPS = {"survey": survey, "elicit": elicit}


def imported_by(program: str, *words: str) -> set[str]:
    """Modules that a new process has imported when a program has ended."""
    told = f"import atexit, json, sys; atexit.register(lambda: print(json.dumps(list(sys.modules))))\n{program}"
    done = subprocess.run(
        [sys.executable, "-c", told, *words], capture_output=True, text=True, check=False, cwd=ROOT, timeout=120
    )
    assert "Traceback" not in done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] == "toc_model"}


COMMAND = "from toc_model.cli import main; main()"


@pytest.mark.parametrize(
    "words", ["", "--help", "--version", "rum", "survey --help", "elicit --help", "elicit", "survey chek"]
)
def test_what_asks_nothing_of_the_case_imports_no_arrays(words: str) -> None:
    found = imported_by(COMMAND, *words.split())
    assert found & (ARRAYS | RARE) == set()
    assert "toc_model.essay.home" in found
    assert "toc_model.essay.case" not in found


@pytest.mark.parametrize("words", ["run", "optimise", "report", "survey check", "survey template", "elicit fit"])
def test_a_command_imports_what_it_needs(words: str) -> None:
    found = imported_by(COMMAND, *words.split(), "--help")
    assert found >= ARRAYS - {"pyarrow"}
    assert found & RARE == set()


def test_a_command_imports_no_other() -> None:
    rooms = {name.split(".")[2] for name in imported_by(COMMAND, "run", "--help") if name.startswith(f"{QUESTIONS}.")}
    assert rooms & set(COMMANDS) == {"run"}


def test_the_package_is_imported_without_its_parts() -> None:
    found = imported_by("import toc_model")
    assert found & (ARRAYS | RARE) == set()
    assert ours(found) == {"toc_model", "toc_model.beliefs", "toc_model.errors"}


def test_what_is_known_of_the_case_before_it_is_imported_is_as_it_says() -> None:
    assert HOME.opened() is ESSAY
    assert (HOME.home, HOME.question) == (ESSAY.home, ESSAY.question)
    later, now = commands_of(HOME), commands_of(ESSAY)
    assert _help_of(later, HOME) == _help_of(now, ESSAY)


def _help_of(command: click.Command, about: object) -> str:
    return command.get_help(click.Context(command, obj=about))


# The facade ---------------------------------------------------------------------------------------------------------


def test_every_name_is_found_in_a_new_process_in_any_order() -> None:
    first = "import toc_model.beliefs.beliefs, toc_model as toc\nassert toc.beliefs.__name__ == 'beliefs', toc.beliefs"
    every = "[getattr(toc, name) for name in reversed(toc.__all__)]\nfrom toc_model import *\nassert run is toc.run"
    again = "import inspect\nassert inspect.isfunction(toc.beliefs)\nassert toc.STORY is toc.ESSAY.story"
    assert "toc_model.facade.explaining" in imported_by(f"{first}\n{every}\n{again}")


def test_the_folder_of_beliefs_does_not_hide_the_function() -> None:
    assert toc.beliefs is given.beliefs


def test_types_and_run_time_find_names_in_the_same_modules() -> None:
    tree = ast.parse(inspect.getsource(toc))
    (typed,) = (part for part in tree.body if isinstance(part, ast.If))
    found = {
        alias.name: str(part.module)
        for part in typed.body
        if isinstance(part, ast.ImportFrom)
        for alias in part.names
        if alias.name not in toc.MODULES
    }
    assert found == {name: f"toc_model.{module}" for name, module in toc.LATER.items()}
    assert sorted(toc.__all__) == sorted([*toc.LATER, *toc.MODULES, "InputError"])


# Files of the essay -------------------------------------------------------------------------------------------------


def test_a_file_of_the_essay_is_taken_though_nothing_asked_for_the_essay_yet() -> None:
    program = "from toc_model.engine.case import loaded_case\nloaded_case('toc_model.essay.case:ESSAY', 'run.nc')"
    assert "toc_model.essay.case" in imported_by(program)


@pytest.mark.parametrize("home", ["toc_model.nowhere:CASE", "toc_model..case:ESSAY", "toc_model.essay.case:NONE"])
def test_what_is_no_case_of_the_package_is_refused(home: str) -> None:
    with pytest.raises(InputError, match=r"run\.nc: is of the case .*, which is not loaded"):
        loaded_case(home, "run.nc")


# Groups -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("group", "name"), [(group, name) for group, found in GROUPS.items() for name in found.later])
def test_a_help_says_of_a_command_what_the_command_does(group: str, name: str) -> None:
    found = GROUPS[group]
    command = found.get_command(click.Context(found, obj=ESSAY), name)
    assert command is not None
    assert command.name == name
    told = click.Command(name, help=found.later[name][1])
    for room in range(20, 140, 7):
        assert told.get_short_help_str(room) == command.get_short_help_str(room)


@pytest.mark.parametrize("group", GROUPS)
def test_commands_of_a_group_take_rivals(group: str) -> None:
    found = commands_of(ESSAY).get_command(context := click.Context(commands_of(ESSAY), obj=ESSAY), group)
    assert isinstance(found, Lazy)
    for name in found.later:
        below = found.get_command(context, name)
        assert below is not None
        assert [param.name for param in below.params].count("rival") == 1
