"""Files: what can be read and written, what is refused before any work, and what writing leaves as it was."""

import os
import re
import socket
import stat
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toc_model import files
from toc_model.documents import as_toml, digest, read_toml, toml_of
from toc_model.errors import InputError

# Reading ------------------------------------------------------------------------------------------------------------


def make_a_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_a_socket(path: Path) -> None:
    socket.socket(socket.AF_UNIX).bind(str(path))


def make_a_loop(path: Path) -> None:
    path.symlink_to(path)


def link_to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (Path.mkdir, "Is a directory"),
        (make_a_pipe, "it is a pipe"),
        (make_a_socket, "it is a socket"),
        (make_a_loop, "Too many levels of symbolic links"),
        (link_to("/dev/zero"), "it is a device"),
        (link_to("/dev/random"), "it is a device"),
        (link_to("nowhere"), "No such file or directory"),
    ],
)
def test_what_has_no_end_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    make(Path("x.toml"))
    with pytest.raises(InputError, match=f"x.toml: can't be read \\({why}"):
        files.read(Path("x.toml"))


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/urandom", "/dev/tty", "/proc", "a\0b", "x" * 300, ""])
def test_paths_that_lead_to_no_file(path: str) -> None:
    with pytest.raises(InputError, match="can't be read"):
        files.read(Path(path))


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    with path.open("wb") as file:
        file.truncate(60_000_000)
    start = time.perf_counter()
    with pytest.raises(InputError, match="found 60,000,000 bytes; allowed: 5,000,000"):
        read_toml(path)
    assert time.perf_counter() - start < 0.1
    assert len(files.read(path, 10**8).data) == 60_000_000


@pytest.fixture
def piped() -> Iterator[Callable[[bytes], Path]]:
    """The path of a pipe that the caller has opened, and out of which some bytes come."""
    out, into = os.pipe()

    def fill(content: bytes) -> Path:
        os.write(into, content)
        os.close(into)
        return Path(f"/dev/fd/{out}")

    yield fill
    os.close(out)


def test_what_the_caller_pipes_is_read_once_and_kept(piped: Callable[[bytes], Path]) -> None:
    path = piped(b"x = 1\r\n")
    with files.each_read_once():
        assert read_toml(path) == {"x": 1}
        assert read_toml(path) == {"x": 1}


def test_a_pipe_without_end_is_left(piped: Callable[[bytes], Path]) -> None:
    with pytest.raises(InputError, match="found more than 1,000 bytes; allowed: 1,000"):
        files.read(piped(b"y" * 3000), 1000)


DEEP = 10_000
ABSURD = {
    "lists in lists": ("x = " + "[" * DEEP + "]" * DEEP, "more than 32 levels"),
    "tables in tables": ("x = " + "{a = " * DEEP + "1" + "}" * DEEP, "more than 32 levels"),
    "forty levels": ("x = " + "[" * 40 + "]" * 40, "more than 32 levels"),
    "a long key": (".".join(["a"] * 100_000) + " = 1", "a key of a hundred parts"),
    "a long heading": ("[" + " . ".join(['"a"'] * 100_000) + "]", "a key of a hundred parts"),
    "fifty parts": (".".join(["a"] * 50) + " = 1", "more than 32 levels"),
    "too many digits": ("x = " + "9" * 5000, "malformed TOML"),
    "a whole number": (f"x = [1, {2**63}]", "beyond 64 bits"),
    "a hexadecimal": ("x.y = 0x" + "f" * 10_000, "beyond 64 bits"),
    "no character": ("x = '\0'", "malformed TOML"),
    "a date": ("x = 2022-13-45", "malformed TOML"),
    "nothing but a sign": ("=", "malformed TOML"),
}


@pytest.mark.parametrize(("text", "why"), ABSURD.values(), ids=ABSURD)
def test_absurd_documents_are_one_line(text: str, why: str) -> None:
    start = time.perf_counter()
    with pytest.raises(InputError, match=why) as found:
        toml_of(files.Content(Path("x.toml"), text.encode()))
    assert str(found.value).startswith("x.toml: ")
    assert len(str(found.value)) < 300
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "cp1252", "utf-16-le"])
def test_other_encodings_are_refused(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes('x = "é"'.encode(encoding))
    with pytest.raises(InputError, match=r"x.toml: (not UTF-8 text|malformed TOML)"):
        read_toml(path)


def test_the_mark_of_an_encoding_and_ends_of_lines_say_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbfx = 1\r\ny = 2\r\n")
    assert files.read(path).text == "x = 1\ny = 2\n"


@given(st.text() | st.lists(st.text(), max_size=3))
def test_toml_gives_back_what_was_written(value: str | list[str]) -> None:
    written = as_toml(value)
    assert written.isprintable()
    assert tomllib.loads(f"x = {written}\n{as_toml('k')}.{as_toml(str(value))} = 1")["x"] == value


def test_half_a_pair_is_written_as_its_number(tmp_path: Path) -> None:
    assert tomllib.loads(f"x = {as_toml(chr(0xDCFF))}") == {"x": r"\udcff"}
    files.write_text(tmp_path / "x", "a\udcff")
    assert (tmp_path / "x").read_text(encoding="utf-8") == r"a\udcff"
    assert digest("a\udcff") == digest(r"a\udcff")


# Writing ------------------------------------------------------------------------------------------------------------


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
def test_permissions_of_a_file_that_is_overwritten_stay(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "x"
    path.write_text("older")
    path.chmod(mode)
    files.write_text(path, "newer")
    assert (path.read_text(), mode_of(path)) == ("newer", mode)


def test_a_new_file_has_the_permissions_of_any(tmp_path: Path) -> None:
    (tmp_path / "any").write_text("")
    files.write_text(tmp_path / "x", "")
    assert mode_of(tmp_path / "x") == mode_of(tmp_path / "any")


@pytest.mark.skipif(os.getuid() != 0, reason="needs root")
def test_the_owner_of_a_file_that_is_overwritten_stays(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("older")
    os.chown(path, 12345, 12346)
    files.write_text(path, "newer")
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 12346)


def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("older")
    path.chmod(0o444)
    with pytest.raises(InputError, match=re.escape(f"{path}: can't be written (it is read-only)")):
        files.write_text(path, "newer")
    assert path.read_text() == "older"


def test_a_read_only_folder_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o555)
    with pytest.raises(InputError, match="its folder is read-only"):
        files.fail_if_unwritable(folder / "x")
    folder.chmod(0o755)
    files.fail_if_unwritable(folder / "x")


@pytest.mark.parametrize("exists", [True, False])
def test_a_link_stays_a_link_to_what_is_written(tmp_path: Path, exists: bool) -> None:
    target, link, other = (tmp_path / name for name in ("target", "link", "other"))
    if exists:
        target.write_text("older")
    link.symlink_to("target")
    other.symlink_to("link")
    files.write_text(other, "newer")
    assert target.read_text() == "newer"
    assert not target.is_symlink()
    assert link.is_symlink()
    assert other.is_symlink()


LONG = "x" * 255


@pytest.mark.parametrize("name", [LONG, "é", "a b\x1b[31m", "-x", ".toc", "'"])
def test_any_name_will_do(tmp_path: Path, name: str) -> None:
    files.write_text(tmp_path / name, "x")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (Path.mkdir, "it is a folder"),
        (make_a_pipe, "it is no regular file"),
        (make_a_socket, "it is no regular file"),
        (make_a_loop, "Too many levels of symbolic links"),
        (link_to("/dev/null"), "it is no regular file"),
        (link_to("nowhere/x"), "no such folder"),
        (link_to("."), "it is a folder"),
    ],
)
def test_nothing_but_files_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    make(Path("x"))
    before = Path("x").lstat()
    with pytest.raises(InputError, match=re.escape(f"x: can't be written ({why}")):
        files.write_text(Path("x"), "newer")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert Path("x").lstat().st_ino == before.st_ino


@pytest.mark.parametrize("name", ["nowhere/x", "file/x", LONG + "x", "a\0b", "-", "", ".", "..", "/", "/dev/stdout"])
def test_paths_where_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("")
    with pytest.raises(InputError) as found:
        files.fail_if_unwritable(Path(name))
    assert "\n" not in str(found.value)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(part: Path) -> None:
        part.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="No space left on device"):
        files.write(tmp_path / "x", fail)
    with pytest.raises(ZeroDivisionError):
        files.write(tmp_path / "x", lambda _: 1 / 0)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_copied_whole_or_not_at_all(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "in").mkdir(parents=True)
    (source / "in" / "x").write_text("x")
    files.copy_folder(source, tmp_path / "copy")
    assert (tmp_path / "copy" / "in" / "x").read_text() == "x"
    (tmp_path / "link").symlink_to("nowhere")
    for place in ("copy", "link", "nowhere/copy"):
        with pytest.raises(InputError, match="can't be written"):
            files.copy_folder(source, tmp_path / place)
    with pytest.raises(InputError, match="can't be written"):
        files.copy_folder(tmp_path / "absent", tmp_path / "other")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "link", "source"]
