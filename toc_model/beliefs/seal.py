"""What is saved vouches for its contents: a checksum is written with them, and checked when they come back.

It tells of damage and of changes by another program. It is no signature: what a file says is checked like any other
input, whatever its checksum."""

import gc
import hashlib
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from toc_model.documents import write_netcdf
from toc_model.errors import InputError
from toc_model.files import TABLE, Content, read

CHECKSUM = "checksum"
UNREAD = "/sample_stats"
"""What the sampler says of its steps, some of it of no type that a file keeps; nothing here reads it."""
HDF5 = b"\x89HDF\r\n\x1a\n"
"""What a netCDF file of this package begins with."""


def write_sealed(path: Path, tree: xr.DataTree) -> None:
    """Write a tree to a netCDF file, with a checksum of what it holds."""
    sealed = tree.copy()
    sealed.attrs = {**tree.attrs, CHECKSUM: digest_of(tree)}
    write_netcdf(path, sealed)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a file gave back.

    Attributes
    ----------
    content : Content
    tree : xarray.DataTree
        In memory.
    vouched_for : bool
        Whether there was a checksum, as files of earlier versions have none.
    """

    content: Content
    tree: xr.DataTree
    vouched_for: bool

    @property
    def path(self) -> Path:
        """Where it was read."""
        return self.content.path

    def group(self, name: str, what: str) -> xr.Dataset:
        """A group of the tree.

        Raises
        ------
        InputError
            If there is none of this name.
        """
        if name not in self.tree.children:
            raise InputError(f"{self.path}: no {what} (the group {name!r} is missing)")
        return self.tree[name].to_dataset()


def read_sealed(path: Path, what: str) -> Sealed:
    """Read a tree from a netCDF file.

    Parameters
    ----------
    path : Path
    what : str
        What it should be, such as "posterior of toc update", for messages.

    Raises
    ------
    InputError
        If it is no such file, or holds something else than what was written.
    """
    try:
        content = read(path, TABLE)
    except InputError as error:
        raise InputError(f"{path}: no {what}:{str(error).removeprefix(f'{path}:')}") from None
    if not content.data.startswith(HDF5):
        raise InputError(f"{path}: no {what} ({_kind(content.data)}); allowed: a netCDF file (.nc)")
    tree = _tree_of(content)
    if isinstance(tree, str):
        raise InputError(f"{path}: no {what} that can be read ({tree})")
    stated = tree.attrs.get(CHECKSUM, "")
    if CHECKSUM in tree.attrs and not (isinstance(stated, str) and stated == digest_of(tree)):
        raise InputError(f"{path}: no {what} as it was saved: its checksum is that of other contents")
    return Sealed(content, tree, CHECKSUM in tree.attrs)


KEPT = 2
"""Trees that are kept, for one command asks for the same file more than once, and opening it takes long."""
_kept: dict[str, xr.DataTree] = {}
"""By the digest of the bytes; what stands in them is not changed by anybody."""


def _tree_of(content: Content) -> xr.DataTree | str:
    """The tree that a file holds, or what went wrong; those that were opened last are not opened again."""
    if content.digest in _kept:
        return _kept[content.digest]
    found = _tree(content.data)
    if not isinstance(found, str):
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[content.digest] = found
    return found


def _tree(data: bytes) -> xr.DataTree | str:
    """The tree that some bytes hold; or what went wrong, which can be anything in three libraries.

    Files that were opened half-way complain once more when they are collected; that is done here, and not heard, and
    nor are warnings about what is refused or left out later."""
    heard = sys.unraisablehook
    sys.unraisablehook = _not_heard
    try:
        try:
            with warnings.catch_warnings(action="ignore"), _opened(data) as opened:
                if sum(node.to_dataset(inherit=False).nbytes for node in opened.subtree) > _room(data):
                    return "it says to hold more than its bytes can"
                found = opened.load()
                _fail_if_sizes_differ(found)
                return found
        except Exception as error:  # noqa: BLE001
            wrong = type(error).__name__
        gc.collect()
        return wrong
    finally:
        sys.unraisablehook = heard


def _opened(data: bytes) -> xr.DataTree:
    return xr.open_datatree(BytesIO(data), engine="h5netcdf")


def _fail_if_sizes_differ(tree: xr.DataTree) -> None:
    """Fail, with a ValueError, if variables of a group share a dim and are not of one size, which no opening checks."""
    for node in tree.subtree:
        node.to_dataset()


def _room(data: bytes) -> int:
    """More than a file of so many bytes holds: values are stored as they are in memory, texts in less."""
    return 16 * len(data) + 2**24


def _not_heard(_complaint: object) -> None:
    """Say nothing of what can't be raised."""


def _kind(data: bytes) -> str:
    return "an empty file" if not data else "not a netCDF file"


def digest_of(data: xr.DataTree | xr.Dataset) -> str:
    """SHA-256 of names, dims, types, values and texts of a tree or Dataset, in hexadecimal; not of how they are stored.

    The attribute that holds the checksum is left out.
    """
    found = hashlib.sha256()
    for part in _parts(data):
        found.update(len(part).to_bytes(8, "little"))
        found.update(part)
    return found.hexdigest()


def _parts(data: xr.DataTree | xr.Dataset) -> Iterator[bytes]:
    groups = (
        {node.path: node.to_dataset(inherit=False) for node in data.subtree}
        if isinstance(data, xr.DataTree)
        else {"/": data}
    )
    for place, group in sorted(groups.items()):
        if place == UNREAD:
            continue
        yield place.encode(errors="surrogatepass")
        yield from _texts(group.attrs)
        for name, variable in sorted(group.variables.items(), key=lambda item: str(item[0])):
            yield f"{name}({', '.join(map(str, variable.dims))}) {variable.shape}".encode(errors="surrogatepass")
            yield from _texts(variable.attrs)
            yield from _values(variable.values)


def _texts(attributes: Any) -> Iterator[bytes]:
    for name, text in sorted(attributes.items()):
        if isinstance(text, str) and text and name != CHECKSUM:
            yield f"{name}={text}".encode(errors="surrogatepass")


def _values(values: np.ndarray) -> Iterator[bytes]:
    """Numbers as they are in memory, whatever the order of their bytes; texts one by one."""
    if values.dtype.kind in "OUST":
        yield from (str(value).encode(errors="surrogatepass") for value in values.ravel())
        return
    here = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("="), copy=False))
    yield here.dtype.str.encode(errors="surrogatepass")
    yield here.tobytes()
