"""What is printed as JavaScript: names that can't break it, numbers that come back, and special functions."""

import math
import re
import shutil
import struct
import subprocess
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from tests.engine.program.test_program import BELIEFS, inputs_of, some_levers
from tests.shipped import STORY
from toc_model.engine.program.graph import Graph, Input
from toc_model.engine.program.javascript import FORMS, Javascript, javascript, literal, special_functions
from toc_model.engine.program.operations import OPERATIONS
from toc_model.engine.program.plan import planned
from toc_model.engine.program.program import Program, record
from toc_model.engine.program.recording import given as given_in

SCRIPT = special_functions()
TABLES = {name: [float(x) for x in values.split(",")] for name, values in re.findall(r"(\w+) = \[(.*?)\];", SCRIPT)}
ROOT_HALF = math.sqrt(0.5)
NODE = shutil.which("node")


def printed(nodes: list[str]) -> Javascript:
    inputs, _ = inputs_of(STORY, BELIEFS.parameters, some_levers(1))
    return javascript(record(STORY, nodes, inputs))


def test_every_operation_is_written() -> None:
    assert set(FORMS) == set(OPERATIONS)


def test_all_nodes_are_printed_compactly_and_in_order() -> None:
    found = printed(list(STORY.nodes))
    assert len(found.source) + len(SCRIPT) < 25_000
    assert {one.node for one in (*found.before, *found.after)} == set(STORY.nodes)
    assert all(one.of_reference for one in found.before if one.node == "concern")
    assert all(not one.of_reference for one in found.after)
    assert {one.name for one in found.inputs["l"]} == set(STORY.levers)
    assert {one.name for one in found.inputs["p"]} <= set(STORY.parameters)
    assert all(one.of_reference for one in found.inputs["c"])
    assert found.inputs["b"] == ()
    assert len({*found.before, *found.after}) == len(found.before) + len(found.after)


def test_each_number_is_defined_once_and_before_its_use() -> None:
    source = printed(["p_doom"]).source
    for part in source.split("const after="):
        names: set[str] = set()
        for definitions in re.findall(r"const ([A-Za-z]\w{0,2}=.*?);", part):
            for definition in re.split(r",(?=\w{1,3}=[^=])", definitions):
                name, value = definition.split("=", 1)
                if value.startswith(("(", "new")):
                    continue
                used = set(re.findall(r"(?<![\w.])[A-Za-z]\w?(?![\w(\[])", value)) - {"n", "k", "i"}
                assert used <= names, definition
                assert name not in names
                names.add(name)


def test_nothing_in_the_source_is_a_name_of_somebody() -> None:
    hostile = "</script><script>alert('`${1}`')//"
    graph = Graph()
    one = given_in(graph, hostile, xr.DataArray(np.zeros(3), dims="draw"), varies=("draw",))
    node = one * 2.0
    program = Program(graph, {hostile: node}, {hostile: ()}, planned(graph, [int(node.pairs[()][0])]))
    found = javascript(program)
    assert found.inputs["p"] == (Input(hostile, ()),)
    assert found.before[0].node == hostile
    assert not {"<", "'", "`", "$", "\\", '"use'} & {*found.source.replace("k<n", "").replace('"use strict"', "")}
    assert "alert" not in found.source


def test_no_source_of_the_essay_makes_code_at_run_time() -> None:
    source = printed(list(STORY.nodes)).source + SCRIPT
    assert not re.search(r"\beval\b|\bFunction\b|</|innerHTML|import", source)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back_to_the_last_bit(value: float) -> None:
    text = literal(value)
    assert text.startswith("(-") == (math.copysign(1.0, value) < 0)
    assert struct.pack("d", float(text.strip("()"))) == struct.pack("d", value)


def test_limits_are_numbers_too() -> None:
    assert [literal(x) for x in (math.inf, -math.inf, math.nan)] == ["Infinity", "(-Infinity)", "NaN"]
    assert [literal(x) for x in (1.0, -0.0, 1e-6, True)] == ["1", "(-0)", "1e-06", "true"]


# The special functions, as the script has them, in Python -----------------------------------------------------------


def ratio(x: float, name: str) -> float:
    """Of two polynomials with the script's coefficients, the highest power first."""
    return float(np.polyval(TABLES[f"{name}_ABOVE"], x) / np.polyval(TABLES[f"{name}_BELOW"], x))


def beyond(x: float) -> float:
    y = x * ROOT_HALF
    square = 1 / (y * y)
    slow = ratio(y, "MIDDLE") if y <= 4 else (1 / math.sqrt(math.pi) - square * ratio(square, "TAIL")) / y
    short = math.trunc(x * 16) / 16
    return 0.5 * math.exp(-short * short / 2) * math.exp(-(x - short) * (x + short) / 2) * slow


def normal_cdf(x: float) -> float:
    if abs(x) <= 0.66291:
        y = x * ROOT_HALF
        return 0.5 + 0.5 * y * ratio(y * y, "ERF")
    return beyond(-x) if x < 0 else 1 - beyond(x)


def normal_quantile(p: float) -> float:
    q = p - 0.5
    if abs(q) <= 0.425:
        return q * ratio(0.180625 - q * q, "CENTRE")
    root = math.sqrt(-math.log(min(p, 1 - p)))
    return math.copysign(ratio(root - 1.6, "NEAR") if root <= 5 else ratio(root - 5, "FAR"), q)


def close(found: Any, wanted: Any, tolerance: float) -> bool:
    return bool(np.all(np.abs(np.asarray(found) - wanted) <= tolerance * np.abs(wanted)))


SCORES = np.concatenate([np.linspace(-8, 8, 3001), [-0.66291, 0.66291, 1e-12, -3e-9]])
PROBABILITIES = np.concatenate([np.linspace(1e-9, 1 - 1e-9, 3001), 10.0 ** -np.arange(2, 300), [0.075, 0.925]])


def test_the_tables_of_special_functions_are_those_of_the_literature() -> None:
    assert close([normal_cdf(x) for x in SCORES], special.ndtr(SCORES), 2e-14)
    assert close([normal_cdf(x) for x in SCORES], [math.erfc(-x * ROOT_HALF) / 2 for x in SCORES], 2e-14)
    assert close([normal_quantile(p) for p in PROBABILITIES], special.ndtri(PROBABILITIES), 2e-15)


def test_far_out_the_script_is_nearer_to_the_truth_than_rounding_of_the_square_allows() -> None:
    # Mills' ratio as a continued fraction; the logarithm is exact to within an ulp of its size.
    for x in (10.0, 25.3, 37.1):
        fraction = x
        for k in range(300, 0, -1):
            fraction = x + k / fraction
        assert beyond(x) == pytest.approx(
            math.exp(-(math.trunc(x) ** 2) / 2)
            * math.exp(-(x - math.trunc(x)) * (x + math.trunc(x)) / 2)
            / math.sqrt(2 * math.pi)
            / fraction,
            rel=3e-14,
        )


RUN: list[tuple[str, Callable[..., Any], Any, float]] = [
    ("logistic", special.expit, np.linspace(-700, 700, 2001), 1e-15),
    ("logit", special.logit, PROBABILITIES, 1e-15),
    ("normal_cdf", special.ndtr, SCORES, 2e-14),
    ("normal_quantile", special.ndtri, PROBABILITIES, 2e-15),
]


@pytest.mark.skipif(not NODE, reason="node is absent")
@pytest.mark.parametrize(("name", "plain", "values", "tolerance"), RUN)
def test_special_functions_run(name: str, plain: Callable[..., Any], values: Any, tolerance: float) -> None:
    assert close(run_each(name, [[float(x)] for x in values]), plain(values), tolerance)
    limits = [math.nan, 0.0, 1.0, -0.5, 1.5, math.inf, -math.inf]
    np.testing.assert_allclose(run_each(name, [[x] for x in limits]), plain(np.array(limits)), rtol=1e-15)


@pytest.mark.skipif(not NODE, reason="node is absent")
@pytest.mark.parametrize("name", FORMS)
def test_each_operation_is_that_of_numpy(name: str) -> None:
    values = [0.25, 0.0, -0.0, 1.0, -3.5, 700.0, math.inf, -math.inf, math.nan]
    many = FORMS[name].count("{}")
    rows = [[values[(k * (j + 1) + k // 9 * j) % 9] for j in range(many)] for k in range(81)]
    rows = [[row[0] > row[1], *row[1:]] for row in rows] if name == "where" else rows
    with np.errstate(all="ignore"):
        wanted = [float(OPERATIONS[name].plain(*(np.float64(x) for x in row))) for row in rows]
    function = "(" + ",".join("abc"[:many]) + ")=>" + FORMS[name].format(*"abc")
    found = run_each(f"({function})", rows)
    np.testing.assert_allclose(found, wanted, rtol=1e-15)


@pytest.mark.skipif(not NODE, reason="node is absent")
def test_an_effect_of_nothing_makes_nothing_of_anything() -> None:
    pairs = [[e, x] for e in (0.0, -0.0, 2.0, math.nan) for x in (3.0, math.inf, -math.inf, math.nan)]
    with np.errstate(invalid="ignore"):
        wanted = [OPERATIONS["times"].plain(*map(np.float64, pair)) for pair in pairs]
    np.testing.assert_array_equal(run_each("times", pairs), wanted)


def run_each(name: str, arguments: list[list[float]]) -> list[float]:
    """What a function gives, by a program that runs JavaScript."""
    rows = ",".join("[" + ",".join(literal(x) for x in row) + "]" for row in arguments)
    script = (
        f"{SCRIPT};const {{times,logistic,logit,normal_cdf,normal_quantile}}=special;"
        f"console.log([{rows}].map((row) => String(Number({name}(...row)))).join())"
    )
    assert NODE
    done = subprocess.run([NODE, "-"], input=script, capture_output=True, text=True, check=True)
    return [float(text.replace("Infinity", "inf")) for text in done.stdout.split(",")]
