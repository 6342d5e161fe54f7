"""Every node of every row of the design fixtures, through the command that a user would run."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.conftest import Toc
from tests.shipped import STORY

PLACES = {place: dim for dim, places in STORY.dimensions.items() for place in places}


def place_of(row: pd.Series) -> dict[str, object]:
    allocation = {"allocation": row["allocation"]} if row["allocation"] else {}
    index = {PLACES[place]: place for place in row["index"].split(";") if place}
    return {"draw": int(row["draw"]), **allocation, **index}


def test_every_node_of_every_row_agrees(shared: Path, tmp_path: Path, toc: Toc) -> None:
    fixtures, out = shared / "design" / "fixtures", tmp_path / "nodes.nc"
    code, _, _ = toc(
        "evaluate", fixtures / "parameters.csv", "--allocations", fixtures / "allocations.toml", "--out", out
    )
    assert code == 0
    expected = pd.read_csv(fixtures / "nodes.csv", keep_default_na=False)
    with xr.open_dataset(out) as nodes:
        for name, rows in expected.groupby("node"):
            places = [place_of(row) for _, row in rows.iterrows()]
            dims = {"draw", *places[0]}
            assert set(nodes[str(name)].dims) == dims, name
            points = {dim: xr.DataArray([place[dim] for place in places], dims="row") for dim in dims}
            np.testing.assert_allclose(
                nodes[str(name)].sel(points), rows["value"], rtol=1e-9, atol=1e-12, err_msg=str(name)
            )


def test_undefined_only_where_no_researcher_moves(shared: Path, tmp_path: Path, toc: Toc) -> None:
    fixtures, out = shared / "design" / "fixtures", tmp_path / "nodes.nc"
    toc("evaluate", fixtures / "parameters.csv", "--allocations", fixtures / "allocations.toml", "--out", out)
    with xr.open_dataset(out) as nodes:
        undefined = nodes["hours_bought_per_hour"].isnull()
        assert undefined.sel(allocation="status_quo").all()
        assert not undefined.drop_sel(allocation="status_quo").any()
        assert not any(nodes[name].isnull().any() for name in nodes if name != "hours_bought_per_hour")


@pytest.mark.parametrize("column", ["solutions_gain[outreach]", "draw"])
def test_optional_columns(shared: Path, tmp_path: Path, toc: Toc, column: str) -> None:
    table = pd.read_csv(shared / "design" / "fixtures" / "parameters.csv")
    table = table.drop(columns=column) if column in table else table.assign(**{column: 0.0})
    table.to_csv(tmp_path / "parameters.csv", index=False)
    code, _, err = toc("evaluate", tmp_path / "parameters.csv", "--out", tmp_path / "nodes.nc")
    assert (code, err) == (0, "")
