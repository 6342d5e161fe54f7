"""The main job: P(doom) under each allocation, and its paired change from the status quo."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xarray as xr

from toc_model import decisions
from toc_model.allocations import Allocations, load_allocations
from toc_model.documents import digest, fail_if_not_netcdf, read_text, write_netcdf
from toc_model.errors import InputError
from toc_model.evaluate import Progress, evaluate
from toc_model.graph import Story
from toc_model.interventions import Override, apply_overrides, parse_overrides
from toc_model.posterior import Posterior, load_posterior
from toc_model.priors import BASE, Evidence, Priors, load_priors
from toc_model.provenance import provenance
from toc_model.story import STORY

DRAWS = 4000
SEED = 1
PARTS = {"no_solution": "doom_no_solution", "not_adopted": "doom_not_adopted", "overtaken": "doom_overtaken"}


@dataclass(frozen=True, slots=True)
class Run:
    """A worldview evaluated under a set of allocations.

    Attributes
    ----------
    story : Story
        With all overrides applied.
    priors : Priors
    allocations : Allocations
    overrides : tuple of Override
    seed : int
    parameters : xarray.Dataset
        Dims ``(draw, ...)``.
    nodes : xarray.Dataset
        The outcomes, dims ``(draw, allocation)``.
    evidence : tuple of Evidence
        The surveys that the draws are a posterior of; none for prior draws.
    """

    story: Story
    priors: Priors
    allocations: Allocations
    overrides: tuple[Override, ...]
    seed: int
    parameters: xr.Dataset
    nodes: xr.Dataset
    evidence: tuple[Evidence, ...] = ()

    @property
    def worldview(self) -> str:
        """Name of the worldview that the figures rest on, with the surveys that it was updated on."""
        return " + ".join([self.priors.worldview, *(record.label for record in self.evidence)])

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.parameters.sizes["draw"]

    def outcome(self, name: str) -> xr.DataArray:
        """An outcome with dims ``(draw, allocation)``, also where an override took one of them away."""
        labels = {"draw": self.parameters["draw"].values, "allocation": list(self.allocations.named)}
        everywhere = xr.DataArray(0.0, coords=labels, dims=("draw", "allocation"))
        return (self.nodes[name] + everywhere).transpose("draw", "allocation")

    def to_dict(self) -> dict[str, Any]:
        """All figures, as ``toc run --json`` prints them; probabilities and changes are fractions."""
        p_doom = self.outcome("p_doom")
        tables = {
            "p_doom": decisions.summary(p_doom),
            "change": decisions.summary(decisions.paired_change(p_doom)),
        }
        better = decisions.share_better(p_doom)
        parts = {part: self.outcome(node).mean("draw") for part, node in PARTS.items()}
        return {
            "worldview": self.worldview,
            "draws": self.draws,
            "seed": self.seed,
            "overrides": [override.text for override in self.overrides],
            "allocations": {
                name: {
                    **{key: _figures(table, name) for key, table in tables.items()},
                    "share_better": float(better.sel(allocation=name)),
                    "parts": {part: float(means.sel(allocation=name)) for part, means in parts.items()},
                }
                for name in self.allocations.named
            },
            "rests_on": self.rests_on(),
            "provenance": self.provenance(),
        }

    def rests_on(self) -> str:
        """One sentence that says what the figures rest on."""
        status = Counter(
            prior.entry.status for prior in self.priors.entries.values() if not prior.distribution.is_constant
        )
        changed = sum(bool(prior.reason) for prior in self.priors.entries.values())
        patch = f", {changed} of them moved by this worldview" if changed else ""
        drawn = "draws of parameters are " + (
            "correlated where the worldview says so" if self.priors.correlations else "independent of each other"
        )
        if self.evidence != self.priors.evidence:
            drawn = (
                "draws of parameters are those of the posterior, given the answers and any common bias of stated size"
            )
        limits = "no government, misuse or benefit of faster AI is modelled"
        overrides = f", with {'; '.join(override.text for override in self.overrides)}" if self.overrides else ""
        return (
            f"These figures rest on the worldview '{self.worldview}'{overrides}: of {status.total()} elicited priors "
            f"{status['assumption']} are assumptions, {status['essay']} the essay's own and {status['published']} "
            f"published{patch}; {drawn}, and {limits}, so they show what follows from these "
            "beliefs, not that the beliefs are right."
        )

    def provenance(self) -> dict[str, Any]:
        """Versions, seed and digests of all that went in."""
        return provenance(
            self.story,
            worldview=self.worldview,
            draws=self.draws,
            seed=self.seed,
            overrides=[override.text for override in self.overrides],
            priors=dict(self.priors.digests),
            allocations=dict(self.allocations.digests),
            evidence=[record.model_dump() for record in self.evidence],
        )

    def to_datatree(self) -> xr.DataTree:
        """All parameters and nodes in groups that ArviZ reads: ``prior`` and ``constant_data`` (the levers)."""
        levers = self.allocations.levers()
        nodes = evaluate(self.story, self.parameters, levers)
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
        from toc_model.report.run_table import run_text

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
        A name, or the path of a worldview document.
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
    fail_if_no_sample(draws, seed)
    if not isinstance(allocations, Allocations):
        allocations = load_allocations(Path(allocations) if allocations else None)
    if posterior is None:
        found = load_priors(worldview, Path(priors) if priors else None)
        drawn, evidence = found.draw(STORY, draws, seed), found.evidence
    else:
        updated = posterior if isinstance(posterior, Posterior) else load_posterior(Path(posterior), STORY)
        found, drawn, evidence = updated.priors, updated.parameters, updated.evidence
    changes = parse_overrides(overrides)
    story, parameters = apply_overrides(STORY, drawn, changes)
    nodes = evaluate(story, parameters, allocations.levers(), STORY.outcomes, progress=progress)
    return Run(story, found, allocations, changes, seed, parameters, nodes, evidence)


def fail_if_no_sample(draws: int, seed: int) -> None:
    """Fail if there are too few draws for an interval, or the seed is negative."""
    if draws < 2:
        raise InputError(f"draws: found {draws}; allowed: 2 or more")
    if seed < 0:
        raise InputError(f"seed: found {seed}; allowed: 0 or more")


def _figures(table: xr.Dataset, allocation: str) -> dict[str, float]:
    return {str(key): float(values.sel(allocation=allocation)) for key, values in table.data_vars.items()}


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
        As `toc_model.tables.read_parameters` takes it.
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
    from toc_model.tables import read_parameters

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
