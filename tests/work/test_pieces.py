"""Finished pieces of work that was stopped: found by what they are of, whole or not at all, gone when all is done."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from toc_model.errors import InputError
from toc_model.work.pieces import ABOUT, ENDING, Pieces, keeping, kept_here, nothing_kept


def held(pieces: Pieces, name: str) -> Any:
    found = pieces.get(name)
    assert found is not None
    return found[0]


def test_a_piece_is_given_back_as_it_was_put(tmp_path: Path) -> None:
    table = xr.Dataset({"x": ("draw", np.random.default_rng(1).standard_normal(5))}, attrs={"unit": "km"})
    Pieces(tmp_path / "a").put("table", (table, None))
    pieces = Pieces(tmp_path / "a")
    assert "table" in pieces
    assert not pieces.is_empty
    again, nothing = held(pieces, "table")
    assert nothing is None
    xr.testing.assert_identical(again, table)
    assert (pieces.found, pieces.kept) == (1, 0)


def test_nothing_is_something(tmp_path: Path) -> None:
    pieces = Pieces(tmp_path)
    pieces.put("nothing", None)
    assert pieces.get("nothing") == (None,)
    assert pieces.get("another") is None


@given(st.data())
def test_a_damaged_piece_is_none(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("pieces")
    pieces = Pieces(folder)
    pieces.put("one", list(range(50)))
    path = folder / f"one{ENDING}"
    content = path.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    changed = bytes([content[place] ^ data.draw(st.integers(1, 255))])
    damaged = data.draw(st.sampled_from([content[:place], content[:place] + changed + content[place + 1 :]]))
    path.write_bytes(damaged)
    assert pieces.get("one") is None
    pieces.put("one", "anew")
    assert held(pieces, "one") == "anew"


def _interrupted(folder: Path) -> None:
    with keeping(folder) as pieces:
        assert kept_here() is pieces
        pieces.put("one", 1)
        raise KeyboardInterrupt


def test_pieces_go_when_all_is_done_and_stay_when_it_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "work" / "pieces"
    with pytest.raises(KeyboardInterrupt):
        _interrupted(folder)
    assert kept_here() is None
    assert sorted(path.name for path in folder.iterdir()) == [ABOUT, f"one{ENDING}"]
    with keeping(folder) as pieces:
        assert held(pieces, "one") == 1
        with nothing_kept():
            assert kept_here() is None
    assert not folder.exists()


def test_where_nothing_is_kept_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "pieces").mkdir()
    with pytest.raises(KeyboardInterrupt), keeping(tmp_path / "pieces"):
        raise KeyboardInterrupt
    assert not (tmp_path / "pieces").exists()


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_somebody_elses_is_refused_and_let_be(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "mine"
    mine = place if kind == "file" else place / "thesis.txt"
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    with pytest.raises(InputError, match="found something that is no folder of finished pieces"), keeping(place):
        pass
    assert mine.read_text() == "mine"


def test_what_was_put_among_pieces_is_let_be(tmp_path: Path) -> None:
    with keeping(tmp_path / "pieces") as pieces:
        pieces.put("one", 1)
        (tmp_path / "pieces" / "mine.txt").write_text("mine")
    assert [path.name for path in (tmp_path / "pieces").iterdir()] == ["mine.txt"]


def test_a_folder_that_takes_nothing_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"file/pieces: can't keep what is finished \(Not a directory\)"):
        Pieces(tmp_path / "file" / "pieces").put("one", 1)
