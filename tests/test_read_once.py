"""Files are read once: figures and digests are those of the same bytes."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Toc
from tests.refused import assert_refused
from tests.shipped import DOCUMENTS, STORY
from toc_model.documents import read_toml
from toc_model.errors import InputError
from toc_model.files import each_read_once, nothing_written, read, write

ALLOCATIONS = b"[mine]\r\nbuying_time_share = { researchers = 0.5, builders = 0.3 }\r\n"
WORLDVIEW = b'description = "Mine."\n'


@pytest.fixture
def pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, bytes], Path]:
    """A file that gives its bytes to the first who reads it, and nothing to a second, as a pipe does."""
    spent: set[Path] = set()
    whole = Path.read_bytes

    def once(path: Path) -> bytes:
        return b"" if path in spent else whole(path)

    def made(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)

        def first(asked: Path) -> bytes:
            found = once(asked)
            spent.update({asked} & {path})
            return found

        monkeypatch.setattr(Path, "read_bytes", first)
        return path

    return made


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def table() -> bytes:
    """Parameters of one draw, as ``toc evaluate`` takes them."""
    drawn = DOCUMENTS.priors().draw(STORY, 1, 1)
    cells = {
        entry: float(value)
        for name in STORY.parameters
        for entry, value in zip(STORY.entries_of(name), drawn[name].values.ravel(), strict=True)
    }
    return f"{','.join(cells)}\n{','.join(map(repr, cells.values()))}\n".encode()


def test_a_pipe_of_allocations_has_the_digest_of_its_bytes(pipe: Callable[[str, bytes], Path], toc: Toc) -> None:
    path = pipe("mine.toml", ALLOCATIONS)
    code, out, err = toc("run", "--draws", 20, "--worldview", "base", "--allocations", path, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["allocations"]["mine"]["shares"]["researchers"] == 0.5
    assert found["provenance"]["allocations"]["mine.toml"] == sha256(ALLOCATIONS)


def test_a_pipe_of_beliefs_is_read_once_for_all_that_is_asked_of_it(
    pipe: Callable[[str, bytes], Path], toc: Toc
) -> None:
    path = pipe("mine.toml", WORLDVIEW)
    code, out, err = toc("run", "--draws", 20, "--worldview", path, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["provenance"]["priors"][str(path)] == sha256(WORLDVIEW)


def test_a_pipe_of_parameters_has_the_digest_of_its_bytes(
    pipe: Callable[[str, bytes], Path], toc: Toc, tmp_path: Path
) -> None:
    import xarray as xr

    content = table()
    path, out = pipe("own.csv", content), tmp_path / "nodes.nc"
    assert toc("evaluate", path, "--out", out)[0] == 0
    with xr.open_dataset(out, engine="h5netcdf") as found:
        assert json.loads(found.attrs["provenance"])["parameters"] == {"own.csv": sha256(content)}


def test_a_file_that_changes_meanwhile_is_the_one_that_was_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("a = 1\n")
    with each_read_once() as kept:
        assert read_toml(path) == {"a": 1}
        path.write_text("a = 2\n")
        assert read_toml(path) == {"a": 1}
        with each_read_once():
            assert read(path).digest == sha256(b"a = 1\n")
        with each_read_once(anew=True):
            assert read_toml(path) == {"a": 2}
        assert list(kept) == [str(path)]
        write(path, lambda part: part.write_text("a = 3\n"))
        assert read_toml(path) == {"a": 3}
    path.write_text("a = 4\n")
    assert read_toml(path) == {"a": 4}


def test_nothing_is_written_where_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    with nothing_written():
        write(path, lambda part: part.write_text("a = 3\n"))
    assert list(tmp_path.iterdir()) == []


def test_what_can_not_be_read_gives_one_line(tmp_path: Path, toc: Toc) -> None:
    (tmp_path / "text.toml").write_bytes(b"a = '\xff'")
    for path in (tmp_path, tmp_path / "absent.toml", tmp_path / "text.toml", Path("a\0b.toml")):
        with pytest.raises(InputError, match=r"can't be read|not UTF-8"):
            read_toml(path)
    assert_refused(toc("run", "--worldview", tmp_path / "absent.toml"), "can't be read (No such file")
