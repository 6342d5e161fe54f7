"""Every row of the design fixtures: nodes through the command that a user would run, interventions as overrides."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.conftest import Toc
from tests.shipped import DOCUMENTS, STORY, anchored, load_allocations, load_priors
from toc_model.beliefs.shipped import Documents
from toc_model.beliefs.tables import read_parameters
from toc_model.engine.evaluate import evaluate
from toc_model.engine.overrides import apply_overrides, parse_overrides
from toc_model.essay.case import ESSAY

PLACES = {place: dim for dim, places in STORY.dimensions.items() for place in places}
RIVAL = "rival"
"""How edits begin that switch on another law."""
EDITS = [
    "do(technical_effort)=reference",
    "do(concern)=0.95",
    "do(race)=reference",
    "do(reach[outreach])=0",
    "do(pause_length)=3",
    "do(solved)=0.999",
    "cut(reach->concern)",
    "cut(concern->tax_tolerance)",
    "cut(race->less_capabilities_research)",
    "cut(race->heeding)",
    "cut(response->heeding)",
    "cut(own_delay->lead_spent)",
    "reference_years=5; past_years=4",
]
RIVALS = (
    ["false_reassurance"],
    ["regulation"],
    ["overhang"],
    ["spillover"],
    ["engagement_teaches"],
    ["inflamed_race"],
    ["overhang", "inflamed_race"],
)


def rival_edit(names: list[str]) -> str:
    """What the fixtures call a story with some rivals."""
    several = len(names) > 1
    return f"{RIVAL}{'s' if several else ''} {' and '.join(names)} at {'their' if several else 'its'} medians"


@pytest.fixture(scope="module")
def fixtures(shared: Path) -> Path:
    return shared / "design" / "second" / "fixtures"


def agree(values: xr.DataArray, rows: pd.DataFrame, places: list[dict[str, Any]], what: str) -> None:
    """Values of a node at the places of some rows; a node without a dimension is the same everywhere along it."""
    points = {
        dim: xr.DataArray([place[dim] for place in places], dims="row")
        for dim in places[0]
        if dim in values.dims or dim not in ("draw", "allocation")
    }
    found = values.sel(points)
    expected = xr.DataArray(rows["value"].to_numpy(), dims="row")
    np.testing.assert_allclose(
        found.broadcast_like(expected), expected, rtol=1e-9, atol=1e-12, equal_nan=False, err_msg=what
    )


# Nodes --------------------------------------------------------------------------------------------------------------


def place_of(row: pd.Series) -> dict[str, object]:
    allocation = {"allocation": row["allocation"]} if row["allocation"] else {}
    index = {PLACES[place]: place for place in row["index"].split(";") if place}
    return {"draw": int(row["draw"]), **allocation, **index}


def evaluated(fixtures: Path, tmp_path: Path, toc: Toc) -> Path:
    out = tmp_path / "nodes.nc"
    code, _, err = toc(
        "evaluate",
        fixtures / "parameters.csv",
        "--allocations",
        fixtures / "allocations.toml",
        "--only",
        "own",
        "--out",
        out,
    )
    assert (code, err) == (0, "")
    return out


def test_every_node_of_every_row_agrees(fixtures: Path, tmp_path: Path, toc: Toc) -> None:
    expected = pd.read_csv(fixtures / "nodes.csv", keep_default_na=False)
    with xr.open_dataset(evaluated(fixtures, tmp_path, toc)) as nodes:
        assert set(expected["node"]) <= set(map(str, nodes))
        for name, rows in expected.groupby("node"):
            places = [place_of(row) for _, row in rows.iterrows()]
            assert set(nodes[str(name)].dims) == {"draw", *places[0]}, name
            agree(nodes[str(name)], rows, places, str(name))


def test_undefined_only_where_no_researcher_moves(fixtures: Path, tmp_path: Path, toc: Toc) -> None:
    with xr.open_dataset(evaluated(fixtures, tmp_path, toc)) as nodes:
        undefined = nodes["hours_bought_per_hour"].isnull()
        assert undefined.sel(allocation="status_quo").all()
        assert not undefined.drop_sel(allocation="status_quo").any()
        assert not any(nodes[name].isnull().any() for name in nodes if name != "hours_bought_per_hour")


@pytest.mark.parametrize("column", ["solutions_gain[outreach]", "draw"])
def test_optional_columns(fixtures: Path, tmp_path: Path, toc: Toc, column: str) -> None:
    table = pd.read_csv(fixtures / "parameters.csv")
    table = table.drop(columns=column) if column in table else table.assign(**{column: 0.0})
    table.to_csv(tmp_path / "parameters.csv", index=False)
    code, _, err = toc("evaluate", tmp_path / "parameters.csv", "--out", tmp_path / "nodes.nc")
    assert (code, err) == (0, "")


# Interventions ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def interventions(fixtures: Path) -> pd.DataFrame:
    return pd.read_csv(fixtures / "interventions.csv")


def test_all_edits_are_tried(interventions: pd.DataFrame) -> None:
    assert set(interventions["edit"]) == {*EDITS, *map(rival_edit, RIVALS)}
    assert {name for names in RIVALS for name in names} == set(ESSAY.rival_names)


def _groups(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    yield from ((str(name), group) for name, group in rows.groupby("node"))


@pytest.mark.parametrize("edit", EDITS)
def test_every_row_of_an_intervention_agrees(fixtures: Path, interventions: pd.DataFrame, edit: str) -> None:
    parameters = read_parameters(fixtures / "parameters.csv", STORY, load_priors())
    levers = anchored(load_allocations(fixtures / "allocations.toml").levers())
    rows = interventions[interventions["edit"] == edit]
    story, changed = apply_overrides(STORY, parameters, parse_overrides([edit]))
    nodes = evaluate(story, changed, levers, sorted(set(rows["node"])))
    for name, group in _groups(rows):
        places = [{"draw": draw, "allocation": to} for draw, to in zip(group["draw"], group["allocation"], strict=True)]
        agree(nodes[name], group, places, f"{edit}: {name}")


@pytest.mark.parametrize("names", RIVALS, ids=" and ".join)
def test_every_row_of_a_rival_agrees(fixtures: Path, interventions: pd.DataFrame, names: list[str]) -> None:
    """Its own parameters at their medians, all others as the fixtures have them."""
    case = ESSAY.under(names)
    priors = Documents.of(case).priors()
    parameters = read_parameters(fixtures / "parameters.csv", STORY, load_priors())
    own = {name: priors[name].distribution.quantile(0.5) for name in case.story.parameters if name not in parameters}
    assert own
    levers = anchored(load_allocations(fixtures / "allocations.toml").levers())
    rows = interventions[interventions["edit"] == rival_edit(names)]
    nodes = evaluate(case.story, parameters.assign(own), levers, sorted(set(rows["node"])))
    for name, group in _groups(rows):
        places = [{"draw": draw, "allocation": to} for draw, to in zip(group["draw"], group["allocation"], strict=True)]
        agree(nodes[name], group, places, f"{names}: {name}")


def test_the_allocations_of_the_fixtures_stand_beside_the_reference(fixtures: Path) -> None:
    named = load_allocations(fixtures / "allocations.toml")
    assert next(iter(named.named)) == "status_quo"
    levers = anchored(named.levers())
    for name in levers:
        first, second = (levers[name].sel(allocation=which, drop=True) for which in ("reference", "status_quo"))
        assert first.equals(second), name
    assert DOCUMENTS.anchor()["allocation"].values.tolist() == ["reference"]
