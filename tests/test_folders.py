"""Texts with files beside them: whole or not at all, and nothing of anybody else's is touched."""

from pathlib import Path

import pytest

from toc_model import folders
from toc_model.errors import InputError
from toc_model.files import nothing_written
from toc_model.folders import write_with_files


def all_in(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A text with two files, written once."""
    path = tmp_path / "page.md"
    write_with_files(path, "old", {"a.svg": "A", "b.svg": "B"})
    return path


def test_files_lie_in_a_folder_beside(page: Path) -> None:
    found = all_in(page.parent)
    listed = found.pop("page_files/contents.txt")
    assert found == {"page.md": "old", "page_files/a.svg": "A", "page_files/b.svg": "B"}
    assert listed.splitlines()[1:] == ["a.svg", "b.svg"]


def test_a_second_time_replaces_the_first(page: Path) -> None:
    write_with_files(page, "new", {"c.svg": "C"})
    found = all_in(page.parent)
    del found["page_files/contents.txt"]
    assert found == {"page.md": "new", "page_files/c.svg": "C"}


def test_without_files_the_old_folder_goes_and_another_stays(page: Path) -> None:
    write_with_files(page, "new", {})
    assert all_in(page.parent) == {"page.md": "new"}
    (page.parent / "page_files").mkdir()
    (page.parent / "page_files" / "mine").write_text("mine", encoding="utf-8")
    write_with_files(page, "newer", {})
    assert all_in(page.parent) == {"page.md": "newer", "page_files/mine": "mine"}


def foreign_file(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine", encoding="utf-8")


def no_list(folder: Path) -> None:
    (folder / "contents.txt").unlink()


def another_list(folder: Path) -> None:
    (folder / "contents.txt").write_text("a.svg\nb.svg\n", encoding="utf-8")


def a_link(folder: Path) -> None:
    folder.symlink_to(folder.rename(folder.with_name("elsewhere")))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (foreign_file, "page_files: found notes.txt, which no report wrote; allowed: nothing there, or the folder"),
        (no_list, r"page_files: found a.svg, b.svg, which no report wrote"),
        (another_list, "page_files: found a.svg, which no report wrote"),
        (a_link, "page_files: found something that is no folder"),
    ],
)
def test_what_is_not_ours_is_refused_and_left(page: Path, change: object, told: str) -> None:
    assert callable(change)
    change(page.parent / "page_files")
    before = all_in(page.parent)
    with pytest.raises(InputError, match=told):
        folders.fail_if_folder_taken(page)
    with pytest.raises(InputError, match=told):
        write_with_files(page, "new", {"c.svg": "C"})
    assert all_in(page.parent) == before


@pytest.mark.parametrize("had_folder", [True, False])
def test_all_is_as_it_was_where_the_text_cannot_be_written(
    page: Path, monkeypatch: pytest.MonkeyPatch, had_folder: bool
) -> None:
    if not had_folder:
        write_with_files(page, "old", {})
    before = all_in(page.parent)

    def fails(*_: object) -> None:
        raise InputError("disk full")

    monkeypatch.setattr(folders, "write_text", fails)
    with pytest.raises(InputError, match="disk full"):
        write_with_files(page, "new", {"c.svg": "C"})
    assert all_in(page.parent) == before


def test_nothing_is_written_for_a_page_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        write_with_files(tmp_path / "none" / "page.md", "text", {"a.svg": "A"})
    with nothing_written():
        write_with_files(tmp_path / "page.md", "text", {"a.svg": "A"})
    assert all_in(tmp_path) == {}
