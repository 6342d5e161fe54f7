"""Stores of sweeps beside each other."""

from pathlib import Path

import numpy as np
import zarr


def assert_same(one: Path, other: Path) -> None:
    """All numbers of two stores are the same to the last bit."""
    for inside in ("", "summary"):
        found, expected = (dict(zarr.open_group(path, path=inside, mode="r").arrays()) for path in (one, other))
        assert found.keys() == expected.keys()
        for name, array in expected.items():
            np.testing.assert_array_equal(np.asarray(found[name][...]), np.asarray(array[...]), name)
