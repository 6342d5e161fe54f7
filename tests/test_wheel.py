"""What ships: all that running needs, nothing that only developing does, and it works where there is no checkout."""

import ast
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.conftest import Toc

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DOCUMENTS = "toc_model/documents"
"""Where the documents lie in a wheel."""

type Command = Callable[..., str]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it is released."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Command:
    """The command, from another folder, of a copy beside which there is no checkout."""
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    zipfile.ZipFile(wheel).extractall(site)
    elsewhere.mkdir()

    def command(*words: str) -> str:
        program = (
            f"import sys; sys.path.insert(0, {str(site)!r}); sys.argv[0] = 'toc'\n"
            "import toc_model; from toc_model.cli import main\n"
            f"assert toc_model.__file__.startswith({str(site)!r})\n"
            "main()"
        )
        asked = [sys.executable, "-c", program, *words]
        done = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=elsewhere)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return command


# What is in it ------------------------------------------------------------------------------------------------------


def named_in(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.skipif(not (shutil.which("git") and (ROOT / ".git").exists()), reason="this is no checkout of git")
def test_all_files_of_the_package_and_its_documents_ship_and_no_others(wheel: Path) -> None:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "toc_model", "priors"]
    told = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    kept = {name for name in told if (ROOT / name).exists()}
    wanted = {f"{DOCUMENTS}/{name.removeprefix('priors/')}" if name.startswith("priors/") else name for name in kept}
    assert {name for name in named_in(wheel) if ".dist-info/" not in name} == wanted
    assert {Path(name).suffix for name in wanted} >= {".py", ".toml", ".csv", ".html", ".css", ".js", ".md"}


def test_the_command_and_the_licence_ship(wheel: Path) -> None:
    (about,) = {name.partition("/")[0] for name in named_in(wheel) if ".dist-info/" in name}
    files = zipfile.ZipFile(wheel)
    assert "\ntoc = toc_model.cli:main\n" in f"{files.read(f'{about}/entry_points.txt').decode()}\n"
    assert files.read(f"{about}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()


# What it needs ------------------------------------------------------------------------------------------------------


def plain(name: str) -> str:
    """A distribution's name without versions and extras, in lower case and with hyphens."""
    head = name
    for mark in "[<>=!~; ":
        head = head.partition(mark)[0]
    return head.lower().replace("_", "-")


def imported_in(path: Path) -> Iterator[str]:
    """Packages that a module imports, early or late."""
    for part in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match part:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module
            case ast.Call(func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(module)), *_]):
                yield module


NEEDED = {plain(name) for name in PROJECT["project"]["dependencies"]}
EXTRA = {plain(name) for names in PROJECT["project"]["optional-dependencies"].values() for name in names}
GROUPS = PROJECT["dependency-groups"]


def test_what_is_imported_is_declared() -> None:
    found = {name.partition(".")[0] for path in (ROOT / "toc_model").rglob("*.py") for name in imported_in(path)}
    others = found - set(sys.stdlib_module_names) - {"toc_model"}
    homes = packages_distributions()
    assert {"numpy", "arviz", "openpyxl"} <= others
    assert {name: homes[name] for name in others if not {plain(home) for home in homes[name]} & (NEEDED | EXTRA)} == {}


def test_to_run_needs_nothing_of_what_only_developing_needs() -> None:
    developing = {plain(name) for names in GROUPS.values() for name in names}
    assert {"playwright", "mypy", "pytest", "ruff", "jax"} <= developing
    assert developing & NEEDED == set()
    assert PROJECT["tool"]["uv"]["default-groups"] == []


# Away from a checkout -----------------------------------------------------------------------------------------------


def test_the_first_table_elsewhere_is_that_of_the_checkout(installed: Command, toc: Toc) -> None:
    code, out, _ = toc("run")
    assert code == 0
    assert "recommended" in out
    assert installed("run") == out


@pytest.mark.parametrize(
    ("words", "written", "told"),
    [
        ("explore --draws 200 --out x.html", "x.html", "<html"),
        ("elicit new --parameters severity --experts 2 --out panel", "panel", ""),
        ("worldviews new mine", "mine.toml", "based_on"),
    ],
)
def test_what_is_written_elsewhere(words: str, written: str, told: str, installed: Command, tmp_path: Path) -> None:
    installed(*words.split())
    path = tmp_path / "elsewhere" / written
    assert any(path.iterdir()) if path.is_dir() else told in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", ["priors", "worldviews", "claims", "graph"])
def test_documents_are_found_elsewhere(words: str, installed: Command) -> None:
    out = installed(*words.split())
    assert len(out.splitlines()) > 10
    assert str(ROOT) not in out
