"""Files that come back: a posterior of the village that was never sampled, a run, and ways to damage or craft them."""

import copy
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from tests.toy import CASE
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.posterior import Kept, answers_group
from toc_model.beliefs.provenance import provenance
from toc_model.beliefs.seal import CHECKSUM, write_sealed
from toc_model.beliefs.shipped import Documents
from toc_model.questions.run import run

VILLAGE = Documents.of(CASE)
CHAINS, DRAWS = 2, 30
SOME = "0" * 64


def about_update(**changes: Any) -> dict[str, Any]:
    """What the file of an update says of it."""
    priors = VILLAGE.priors("almanac")
    evidence = {"source_id": "neighbours", "digest": SOME, "derived_from": [], "verified": "yes", "bias_scale": 1.0}
    found = provenance(
        CASE.story,
        case=CASE.name,
        home=CASE.home,
        worldview="almanac",
        priors="",
        digests=dict(priors.digests),
        sets=[],
        allocations={"allocations.toml": SOME},
        evidence=[evidence],
        surveys={"answers.csv": SOME},
        mappings={"neighbours.toml": SOME},
        format=2,
        method="nuts",
        bias_scale=1.0,
        bias_shape="normal",
        shared_bias=False,
        sampling={
            "draws": CHAINS * DRAWS,
            "tune": 10,
            "chains": CHAINS,
            "sampler": "nuts",
            "seed": 7,
            "target_accept": 0.9,
            "progress": False,
        },
        problems=[],
        accepted=False,
    )
    return found | changes


def posterior_tree(about: Any = None) -> xr.DataTree:
    """Draws of the almanac's priors in chains, as an update by a sampler would leave them."""
    drawn = VILLAGE.priors("almanac").draw(CASE.story, CHAINS * DRAWS, 3)
    chains = [drawn.isel(draw=slice(at * DRAWS, (at + 1) * DRAWS)) for at in range(CHAINS)]
    stacked = xr.concat([one.assign_coords(draw=np.arange(DRAWS)) for one in chains], dim="chain")
    stacked = stacked.assign_coords(chain=np.arange(CHAINS))
    return _tree(about_update() if about is None else about, "posterior", stacked)


def weighted_tree(about: Any = None) -> xr.DataTree:
    """Weighted draws of the almanac's priors, as an update without a sampler would leave them."""
    drawn = VILLAGE.priors("almanac").draw(CASE.story, CHAINS * DRAWS, 3)
    one = drawn.assign_coords(draw=np.arange(CHAINS * DRAWS)).expand_dims(chain=[0])
    weights = np.random.default_rng(4).exponential(size=CHAINS * DRAWS)
    weight = xr.Dataset({"weight": (("chain", "draw"), weights[None] / weights.mean())}, one[["chain", "draw"]].coords)
    told = about_update(method="weights", trust={"k_hat": 0.1, "effective": 30.0}) if about is None else about
    parts = {node.path: node.to_dataset(inherit=False) for node in _tree(told, "prior", one).subtree}
    return xr.DataTree.from_dict({**parts, "/importance": weight})


def _tree(about: Any, group: str, drawn: xr.Dataset) -> xr.DataTree:
    many = tuple(drawn.sizes[dim] for dim in ("chain", "draw"))
    likelihood = xr.Dataset({"q": (("chain", "draw"), -np.ones(many))}, coords=drawn[["chain", "draw"]].coords)
    attrs = {"update": about if isinstance(about, str) else json.dumps(about)}
    kept = answers_group([Kept("neighbours", "no rows", "{}")])
    parts = {"/": xr.Dataset(attrs=attrs), f"/{group}": drawn, "/log_likelihood": likelihood, "/answers": kept}
    return xr.DataTree.from_dict(parts)


def run_tree() -> xr.DataTree:
    """A run on the almanac."""
    beliefs = load_beliefs(CASE, "0.25*almanac + 0.75*forester", draws=DRAWS)
    return run(beliefs, VILLAGE.allocations()).to_datatree()


type Craft = Callable[[xr.DataTree], xr.DataTree | None]


def with_group(tree: xr.DataTree, group: str, change: Callable[[xr.Dataset], xr.Dataset]) -> xr.DataTree:
    """The tree with another group."""
    parts = {node.path: node.to_dataset(inherit=False) for node in tree.subtree}
    parts[f"/{group}"] = change(parts[f"/{group}"])
    return xr.DataTree.from_dict(parts)


def told(tree: xr.DataTree, attribute: str, change: Callable[[Any], Any]) -> xr.DataTree:
    """The tree that says something else of how it was made: JSON, or a text as it is."""
    found = copy.deepcopy(json.loads(tree.attrs[attribute]))
    changed = change(found)
    tree = tree.copy()
    tree.attrs = {**tree.attrs, attribute: changed if isinstance(changed, str) else json.dumps(changed)}
    return tree


def at(*keys: Any, value: Any) -> Callable[[Any], Any]:
    """Put a value at some place of nested tables."""

    def change(found: Any) -> Any:
        inner = found
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = value
        return found

    return change


def without(*keys: Any) -> Callable[[Any], Any]:
    """Leave out what is at some place of nested tables."""

    def change(found: Any) -> Any:
        inner = found
        for key in keys[:-1]:
            inner = inner[key]
        del inner[keys[-1]]
        return found

    return change


def crafted(tree: xr.DataTree, path: Path, *, checksum: str = "right") -> Path:
    """Write a tree with the right checksum, with that of another, or with none."""
    if checksum == "right":
        write_sealed(path, tree)
        return path
    tree = tree.copy()
    tree.attrs = {**tree.attrs, **({CHECKSUM: SOME} if checksum == "wrong" else {})}
    path.write_bytes(bytes(tree.to_netcdf(engine="h5netcdf")))
    return path


def opened(path: Path) -> xr.DataTree:
    with xr.open_datatree(BytesIO(path.read_bytes()), engine="h5netcdf") as tree:
        return tree.load()
