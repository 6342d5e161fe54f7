"""Every block of the pages runs as pasted, in a clone that has nothing beside it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .readme import PAGES, ROOT, blocks

UV = """#!/bin/sh
# Installs and runs nothing: notes what it was asked for.
printf '%s\\0' "$#" "$@" >> "$NOTED"
"""
PYTHON = """#!/bin/sh
if [ "$1 $2" != "-m uv" ]; then set -- -m uv not-run "$@"; fi
shift 2
exec uv "$@"
"""
RUNNER = """
import json
import sys
from pathlib import Path

import toc_model
from toc_model.cli import main

assert Path(toc_model.__file__).is_relative_to(Path.cwd()), toc_model.__file__
for language, given in json.loads(sys.stdin.read()):
    print(f"-- {given}", flush=True)
    if language == "python":
        exec(compile(given, "block", "exec"), {"__name__": "__main__"})
        continue
    sys.argv = given
    try:
        main()
    except SystemExit as stop:
        if stop.code:
            raise
"""
"""All blocks of a page in one process, since starting takes longer than answering."""
GIT = shutil.which("git")
INSTALL = ("not-run", "-m", "pip", "install", "uv")
TESTS = "python3 -m pip install uv && python3 -m uv run"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The checkout as somebody else gets it, with what is not committed yet."""
    if GIT is None or not (ROOT / ".git").exists():
        pytest.skip("git or the checkout is absent")
    found = tmp_path / "alone" / "clone"
    subprocess.run([GIT, "clone", "--quiet", ROOT, found], check=True, capture_output=True)
    listed = [GIT, "ls-files", "--modified", "--others", "--exclude-standard", "-z"]
    changed = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, changed.split("\0")):
        (found / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            shutil.copy2(ROOT / name, found / name)
        else:
            (found / name).unlink(missing_ok=True)
    return found


def asked(text: str, folder: Path) -> list[tuple[str, ...]]:
    """What a block of shell asks uv and pip for, in order; all else that it has is run."""
    folder.mkdir(exist_ok=True)
    noted = folder / "noted"
    noted.write_bytes(b"")
    for name, shim in {"uv": UV, "python3": PYTHON}.items():
        (folder / name).write_text(shim, encoding="utf-8")
        (folder / name).chmod(0o755)
    environment = {"PATH": f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin", "NOTED": str(noted)}
    subprocess.run(["/bin/sh", "-eu", "-c", text], check=True, env=environment, cwd=folder)
    words = noted.read_text(encoding="utf-8").split("\0")[:-1]
    found = []
    while words:
        count, words = int(words[0]), words[1:]
        found.append(tuple(words[:count]))
        words = words[count:]
    return found


def jobs(page: str, folder: Path) -> list[tuple[str, object]]:
    """The blocks of a page in order: programs, and what `toc` is asked."""
    found: list[tuple[str, object]] = []
    for block in blocks(page, "sh", "python"):
        if block.language == "python":
            found.append(("python", block.text))
        else:
            found += [("toc", words[1:]) for words in asked(block.text, folder) if words[:2] == ("run", "toc")]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "sh", "python")])
def test_blocks_run_as_pasted(page: str, clone: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(clone), "PYTHONWARNINGS": "error", "MPLBACKEND": "agg"}
    given = json.dumps(jobs(page, tmp_path / "shims"))
    assert not (clone.parent / "shared").exists()
    done = subprocess.run(
        [sys.executable, "-c", RUNNER],
        input=given,
        text=True,
        capture_output=True,
        check=False,
        env=environment,
        cwd=clone,
    )
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-3000:]


@pytest.mark.parametrize("page", PAGES)
def test_blocks_ask_for_nothing_else(page: str, tmp_path: Path) -> None:
    """What is neither a question nor a program is what CI runs, too."""
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").replace(" --quiet", "")
    for block in blocks(page, "sh"):
        for words in asked(block.text, tmp_path / "shims"):
            if words[:2] != ("run", "toc") and words != INSTALL:
                assert f"{TESTS} {' '.join(words[1:])}\n" in block.text
                assert block.text in ci


def test_the_shell_reads_a_block_as_pasted(tmp_path: Path) -> None:
    block = (
        "uv run toc run --set x=5%..30%  # Why?\npython3 -m pip install uv && python3 -m uv run toc a \\\n    'b c'\n"
    )
    assert asked(block, tmp_path / "shims") == [
        ("run", "toc", "run", "--set", "x=5%..30%"),
        INSTALL,
        ("run", "toc", "a", "b c"),
    ]


def test_every_block_says_what_it_is() -> None:
    """So that none escapes being run; blocks without a language are transcripts."""
    for page in PAGES:
        assert all(block.text.startswith("$ toc ") for block in blocks(page, ""))
        known = blocks(page, "", "sh", "python", "toml")
        assert 2 * len(known) == sum(line.startswith("```") for line in (ROOT / page).read_text().splitlines())


def test_the_first_command_sets_up_and_answers() -> None:
    first = blocks("README.md", "sh")[0].text
    assert first.startswith(f"{TESTS} toc run\n")
