"""The main job: P(doom) under each allocation, and its paired change from the status quo."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import Allocations, load_allocations
from toc_model.beliefs.beliefs import DRAWS, SEED, Beliefs, everywhere, load_beliefs
from toc_model.beliefs.posterior import Posterior
from toc_model.beliefs.priors import BASE, load_priors
from toc_model.beliefs.provenance import provenance
from toc_model.documents import digest, fail_if_not_netcdf, read_text, write_netcdf
from toc_model.engine.evaluate import evaluate
from toc_model.engine.interventions import apply_overrides, parse_overrides
from toc_model.essay import STORY
from toc_model.statistics import decisions

PARTS = {"no_solution": "doom_no_solution", "not_adopted": "doom_not_adopted", "overtaken": "doom_overtaken"}


@dataclass(frozen=True, slots=True)
class Run:
    """Beliefs evaluated under a set of allocations.

    Attributes
    ----------
    beliefs : Beliefs
    allocations : Allocations
    nodes : xarray.Dataset
        The outcomes, dims ``(draw, allocation)``.
    """

    beliefs: Beliefs
    allocations: Allocations
    nodes: xr.Dataset

    @property
    def worldview(self) -> str:
        """Name of the worldview that the figures rest on, with the surveys that it was updated on."""
        return self.beliefs.worldview

    @property
    def parameters(self) -> xr.Dataset:
        """Draws of the parameters, dims ``(draw, ...)``."""
        return self.beliefs.parameters

    def outcome(self, name: str) -> xr.DataArray:
        """An outcome with dims ``(draw, allocation)``, also where an override took one of them away."""
        return everywhere(self.nodes[name], self.parameters, self.allocations.levers())

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc run --json`` prints them; probabilities and changes are fractions."""
        p_doom = self.outcome("p_doom")
        levels = decisions.summary(p_doom)
        effect = decisions.paired_effect(decisions.paired_change(p_doom, "status_quo"))
        parts = {part: self.outcome(node).mean("draw") for part, node in PARTS.items()}
        return {
            "worldview": self.worldview,
            "draws": self.beliefs.draws,
            "seed": self.beliefs.seed,
            "overrides": [override.text for override in self.beliefs.overrides],
            "allocations": {
                name: {
                    "p_doom": decisions.row(levels, allocation=name),
                    **decisions.effect_figures(effect, allocation=name),
                    "parts": {part: float(means.sel(allocation=name)) for part, means in parts.items()},
                }
                for name in self.allocations.named
            },
            "rests_on": self.rests_on(),
            "provenance": self.provenance(),
        }

    def rests_on(self) -> str:
        """One sentence that says what the figures rest on."""
        return self.beliefs.rests_on()

    def provenance(self) -> dict[str, Any]:
        """Versions, seed and digests of all that went in."""
        return self.beliefs.provenance(allocations=dict(self.allocations.digests))

    def to_datatree(self) -> xr.DataTree:
        """All parameters and nodes in groups that ArviZ reads: ``prior`` and ``constant_data`` (the levers)."""
        levers = self.allocations.levers()
        nodes = self.beliefs.nodes(levers)
        prior = xr.merge([self.parameters, nodes], join="outer", compat="no_conflicts", combine_attrs="drop")
        prior = prior.expand_dims(chain=[0]).transpose("chain", "draw", ...)
        about = {
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "rests_on": self.rests_on(),
            "provenance": json.dumps(self.provenance()),
        }
        return xr.DataTree.from_dict({"/": xr.Dataset(attrs=about), "/prior": prior, "/constant_data": levers})

    def save(self, path: Path) -> None:
        """Write all parameters and nodes to a netCDF file that ArviZ opens.

        Raises
        ------
        InputError
            If the name does not end in ``.nc`` or the file can't be written.
        """
        fail_if_not_netcdf(path)
        write_netcdf(path, self.to_datatree())

    def __str__(self) -> str:
        from toc_model.questions.run.words import run_text

        return run_text(self)


def run(
    worldview: str = BASE,
    allocations: Path | str | Allocations | None = None,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    priors: Path | str | None = None,
    posterior: Path | str | Posterior | None = None,
    overrides: Sequence[str] = (),
    progress: Progress | None = None,
) -> Run:
    """Evaluate P(doom) under each allocation, from the priors of a worldview.

    Parameters
    ----------
    worldview : str
        A name, the path of a worldview document, or a mixture such as ``"0.7*neutral + 0.3*outside"``.
    allocations : path or Allocations, optional
        Those that ship with the package by default.
    draws, seed : int
        Draws of the parameters, shared by all allocations and (parameter by parameter) by all worldviews.
    priors : path, optional
        A folder of prior documents; those that ship with the package by default.
    posterior : path or Posterior, optional
        Draws to use in place of a worldview's priors; ``worldview``, ``draws`` and ``priors`` then say nothing.
    overrides : sequence of str
        Changes of the model, such as ``"do(concern)=status_quo"`` or ``"tax_now*=2"``.
    progress : callable, optional
        Called with the number of blocks done and the number of all.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    if not isinstance(allocations, Allocations):
        allocations = load_allocations(Path(allocations) if allocations else None)
    beliefs = load_beliefs(worldview, draws=draws, seed=seed, priors=priors, posterior=posterior, overrides=overrides)
    return run_of(beliefs, allocations, progress=progress)


def run_of(beliefs: Beliefs, allocations: Allocations, *, progress: Progress | None = None) -> Run:
    """Evaluate beliefs that were drawn before; see `run`."""
    return Run(beliefs, allocations, beliefs.nodes(allocations.levers(), beliefs.story.outcomes, progress=progress))


def evaluate_table(
    parameters: Path,
    allocations: Path | None,
    out: Path,
    *,
    priors: Path | None = None,
    overrides: Sequence[str] = (),
    progress: Progress | None = None,
) -> xr.Dataset:
    """Evaluate all nodes for the parameter values of a CSV file and write them to a netCDF file.

    Parameters
    ----------
    parameters : Path
        As `toc_model.beliefs.tables.read_parameters` takes it.
    allocations : Path, optional
    out : Path
        Ends in ``.nc``.
    priors : Path, optional
        Folder of prior documents, for constants.
    overrides : sequence of str

    Returns
    -------
    xarray.Dataset
        What was written: a variable a node, dims ``(draw, allocation, ...)``.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    from toc_model.beliefs.tables import read_parameters

    fail_if_not_netcdf(out)
    named = load_allocations(allocations)
    values = read_parameters(parameters, STORY, load_priors(folder=priors))
    changes = parse_overrides(overrides)
    story, values = apply_overrides(STORY, values, changes)
    nodes = evaluate(story, values, named.levers(), progress=progress)
    about = provenance(
        story,
        parameters={parameters.name: digest(read_text(parameters))},
        allocations=dict(named.digests),
        overrides=[change.text for change in changes],
    )
    nodes = nodes.assign_attrs(provenance=json.dumps(about))
    write_netcdf(out, nodes)
    return nodes
