"""Modules of JavaScript, run by Node on many cases at once."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import toc_model

MODULES = Path(toc_model.__file__).parent / "present" / "explore"
NODE = shutil.which("node")
LEAST = (18, 19)
"""The first Node that can be told what a module is; Debian 12 has 18.20."""
TELLING = (20, 19)
"""The first Node that tells modules by what they say."""


@cache
def _version() -> tuple[int, ...]:
    if not NODE:
        return ()
    told = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(map(int, re.findall(r"\d+", told)))


needs_node = pytest.mark.skipif(
    _version() < LEAST, reason=f"node {'.'.join(map(str, LEAST))} or later is absent (apt-get install nodejs)"
)


def node(*arguments: str, given: str = "") -> str:
    """What Node prints."""
    assert NODE
    told = () if _version() >= TELLING else ("--experimental-default-type=module",)
    done = subprocess.run([NODE, *told, *arguments], input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def ran(modules: str, function: str, rows: Sequence[Sequence[Any]]) -> list[Any]:
    """What a function gives for each row of arguments; arrays of NumPy arrive as typed arrays.

    Parameters
    ----------
    modules : str
        Such as "numbers statistics"; all that they export is in ``all``.
    function : str
        Such as "all.fixed", or an arrow function.
    rows : sequence of sequences
    """
    imported = [f"await import({json.dumps((MODULES / f'{module}.js').as_uri())})" for module in modules.split()]
    script = (
        'import { readFileSync } from "node:fs";'
        f"const all = Object.assign({{}}, {', '.join(imported)});"
        "const typed = (key, held) => (held && held.float64 ? Float64Array.from(held.float64) : held);"
        "const plain = (key, held) => (held instanceof Float64Array ? Array.from(held) : held);"
        'const rows = JSON.parse(readFileSync(0, "utf-8"), typed);'
        f"console.log(JSON.stringify(rows.map((row) => ({function})(...row)), plain));"
    )
    found: list[Any] = json.loads(node("--input-type=module", "-e", script, given=json.dumps(rows, default=_held)))
    return found


def _held(array: Any) -> Mapping[str, Any]:
    return {"float64": np.asarray(array, float).tolist()}
