"""The model of a page asked by Node, and the same asked of the package."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from tests.present.node import node
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.loading import load_beliefs
from toc_model.engine.case import Case
from toc_model.engine.program.javascript import special_functions
from toc_model.questions.explore import Explored

SCRIPT = Path(__file__).with_name("answers.mjs")
MODULES = Path(__file__).parents[3] / "toc_model" / "present" / "explore"

type State = dict[str, Any]


def answers(page: Explored, jobs: Sequence[Mapping[str, Any]]) -> list[Any]:
    """What the model of a page answers."""
    given = {"data": page.data, "laws": page.laws, "special": special_functions(), "jobs": list(jobs)}
    return list(json.loads(node(str(SCRIPT), str(MODULES), given=json.dumps(given))))


def first_state(page: Explored) -> State:
    """The state with which a page opens."""
    data = page.data
    return {
        "worldview": data["worldview"],
        "date": data["date"],
        "rivals": list(data["rivalsOn"]),
        "a": None,
        "b": data["proposal"],
        "beliefs": {},
        "holds": {},
        "cuts": [],
        "denied": [],
        "granted": [],
    }


def beliefs_in(page: Explored, state: State) -> Beliefs:
    """The beliefs of a state, as commands have them."""
    data, case = page.data, case_in(page, tuple(state["rivals"]))
    overrides = [
        *(one["text"] for name in state["denied"] for one in claim(page, name)["denial"]),
        *(one["text"] for name in state["granted"] for one in claim(page, name)["ifRight"]),
        *(f"do({held})={value}" for held, value in state["holds"].items()),
        *(f"cut({arrow})" for arrow in state["cuts"]),
    ]
    return load_beliefs(
        case,
        state["worldview"],
        draws=data["draws"],
        seed=data["seed"],
        sets=[f"{name}={'..'.join(str(x) for x in stated)}" for name, stated in state["beliefs"].items()],
        overrides=overrides,
        as_of=state["date"] or None,
        priors=data["folder"] or None,
    )


def case_in(page: Explored, rivals: tuple[str, ...]) -> Case:
    """The case under some rivals; made once, so that its programs are too."""
    key = (page.run.beliefs.case.name, rivals)
    if key not in _CASES:
        _CASES[key] = page.run.beliefs.case.under(rivals)
    return _CASES[key]


_CASES: dict[tuple[str, tuple[str, ...]], Case] = {}


def claim(page: Explored, name: str) -> Mapping[str, Any]:
    """One of the claims that the page has."""
    return next(one for one in page.data["claims"] if one["id"] == name)


def levers_in(page: Explored, state: State, which: str) -> xr.Dataset:
    """The levers of A or B, the allocation named so."""
    found, data = state[which], page.data
    if found is None:
        found = next(date for date in data["dates"] if date["name"] == state["date"])["statusQuo"]
    if isinstance(found, str):
        found = next(one for one in data["allocations"] if one["name"] == found)["values"]
    story = page.run.beliefs.case.story
    arrays = {
        name: (
            ("allocation", *lever.places),
            np.array(found[name]).reshape(1, *(len(story.dimensions[dim]) for dim in lever.places)),
        )
        for name, lever in story.levers.items()
    }
    places = {dim: list(story.dimensions[dim]) for lever in story.levers.values() for dim in lever.places}
    return xr.Dataset(arrays, coords={"allocation": [which], **places})


def nodes_in(page: Explored, state: State, which: str) -> dict[str, np.ndarray]:
    """All nodes under A or B, shape (places, draws), the places in the story's order."""
    beliefs = beliefs_in(page, state)
    found = beliefs.nodes(levers_in(page, state, which)).isel(allocation=0)
    zeros = xr.DataArray(np.zeros(beliefs.draws), dims="draw", coords={"draw": beliefs.parameters["draw"]})
    flat = {}
    for name, one in beliefs.story.nodes.items():
        places = [dim for dim in one.dims if dim != "allocation"]
        flat[name] = (found[name] + zeros).transpose(*places, "draw").values.reshape(-1, beliefs.draws)
    return flat
