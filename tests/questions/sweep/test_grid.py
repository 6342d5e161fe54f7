"""The allocations of a sweep: what texts mean, what is refused, and that each part is a part of the whole."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import toc_model as toc
from tests.toy import CASE
from toc_model.beliefs.choice import Choice, parse_values
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.questions.sweep import grid as grids
from toc_model.questions.sweep.grid import Axis, Grid, axis_of

ESSAY = toc.ESSAY.story
VILLAGE = Documents.of(CASE).allocations()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0:100:1", [n / 100 for n in range(101)]),
        ("0:1:0.25", [0, 0.25, 0.5, 0.75, 1]),
        ("0%:1%:0.5%", [0, 0.005, 0.01]),
        ("0:100:30", [0, 0.3, 0.6, 0.9]),
        ("20,50", [0.2, 0.5]),
        ("1,20", [0.01, 0.2]),
        ("0.1,0.3", [0.1, 0.3]),
        ("1%", [0.01]),
        ("5:5:1", [0.05]),
    ],
)
def test_values_of_a_share_are_per_cent_or_fractions(text: str, values: list[float]) -> None:
    assert axis_of(ESSAY, "researchers", text).values == pytest.approx(values, abs=1e-15)


def test_values_of_another_lever_are_in_its_unit() -> None:
    assert axis_of(CASE.story, "fence", "0:12:4").values == (0, 4, 8, 12)
    assert axis_of(CASE.story, "fence", [1, 2.5]).values == (1, 2.5)


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("researchers", "0:1:1", "may be 1 % or all"),
        ("researchers", "1", "may be 1 % or all"),
        ("researchers", "50:0:1", "that rises"),
        ("researchers", "0:50:0", "that rises"),
        ("researchers", "0:50:-1", "FROM:TO:STEP"),
        ("researchers", "0:200:50", "found 1.5"),
        ("researchers", "0:50", "FROM:TO:STEP"),
        ("researchers", "a,b", "per cent or a fraction"),
        ("researchers", "20,20", "found a value twice"),
        ("researchers", "", "found no values"),
        ("researchers", [float("nan")], "allowed: 0 to 1"),
        ("researcher", "20", "did you mean"),
        ("researchers", "0:100:0.000001", "found 100,000,001 values"),
        ("fence", "0%:12%:1", "numbers of km"),
        ("fence", "0:13:1", "found 13; allowed: 0 to 12 (km)"),
    ],
)
def test_what_can_not_be_meant_is_refused(name: str, values: str | list[float], told: str) -> None:
    story = CASE.story if name == "fence" else ESSAY
    with pytest.raises(InputError) as refused:
        axis_of(story, name, values)
    assert told in str(refused.value)


def test_a_grid_has_every_combination_and_each_name_is_a_move() -> None:
    axes = (axis_of(CASE.story, "fence", "2,8"), axis_of(CASE.story, "watch.hill", "20,60"))
    grid = Grid(VILLAGE.only([]), axes)
    assert grid.labels(slice(0, 9)) == [
        "today",
        "fence:2,watch.hill:20%",
        "fence:2,watch.hill:60%",
        "fence:8,watch.hill:20%",
        "fence:8,watch.hill:60%",
    ]
    levers = grid.levers(slice(0, 9))
    assert levers["watch"].sum("field").values == pytest.approx(1)
    assert levers["watch"].sel(field="valley").values[1:] == pytest.approx([0.8, 0.4, 0.8, 0.4])
    moved = {"a": parse_values(grid.labels(slice(3, 4))[0], "")}
    asked = Documents.of(CASE).allocations(Choice(None, moved)).levers().sel(allocation="a", drop=True)
    xr.testing.assert_allclose(levers.isel(allocation=3, drop=True), asked)


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_a_part_of_a_grid_is_that_part_of_the_whole(data: st.DataObject) -> None:
    fences = data.draw(st.lists(st.integers(0, 12).map(float), min_size=1, max_size=4, unique=True))
    hills = data.draw(st.lists(st.integers(0, 10).map(lambda n: n / 10), min_size=1, max_size=3, unique=True))
    grid = Grid(VILLAGE, (axis_of(CASE.story, "fence", fences), axis_of(CASE.story, "watch.hill", hills)))
    whole = slice(0, grid.size)
    first = data.draw(st.integers(0, grid.size - 1))
    part = slice(first, data.draw(st.integers(first + 1, grid.size)))
    assert grid.labels(part) == grid.labels(whole)[part]
    xr.testing.assert_identical(grid.levers(part), grid.levers(whole).isel(allocation=part))
    for name, values in grid.values(part).items():
        np.testing.assert_array_equal(values, grid.values(whole)[name][part])


def test_without_axes_there_are_the_named_ones_alone() -> None:
    grid = Grid(VILLAGE)
    assert grid.size == len(VILLAGE.named)
    xr.testing.assert_identical(grid.levers(slice(0, grid.size)), VILLAGE.levers())
    assert grid.values(slice(0, 2)) == {}


def test_sums_and_sizes_that_can_not_be_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    fence = axis_of(CASE.story, "fence", "2,8")
    with pytest.raises(InputError, match="found 'fence' twice"):
        Grid(VILLAGE, (fence, fence))
    mix = [axis_of(ESSAY, f"mix.researchers.{name}", "60") for name in ("outreach", "evaluations")]
    with pytest.raises(InputError, match=r"found a sum of 1\.2; allowed: 1 at most"):
        Grid(toc.allocations(), tuple(mix))
    monkeypatch.setattr(grids, "MOST", 3)
    with pytest.raises(InputError, match="allocations; allowed: 3 or fewer"):
        Grid(VILLAGE.only([]), (Axis(fence.variable, (1.0, 2.0, 3.0)),))
