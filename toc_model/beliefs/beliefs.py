"""What someone believes: draws of the parameters, the story that they go with, and what both rest on."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs.allocations import joined
from toc_model.beliefs.changed import Belief, Changed, changed_prior
from toc_model.beliefs.posterior import Posterior, load_posterior
from toc_model.beliefs.priors import Evidence, Priors
from toc_model.beliefs.provenance import provenance
from toc_model.beliefs.shipped import Documents
from toc_model.documents import as_number
from toc_model.engine.case import Case
from toc_model.engine.evaluate import checked_parameters, evaluate
from toc_model.engine.overrides import Override, apply_overrides, parse_overrides
from toc_model.engine.story import Story
from toc_model.errors import InputError

DRAWS = 4000
SEED = 1
TOLERANCE = 1e-6
"""How far from one the weights of a mixture may add up."""


@dataclass(frozen=True, slots=True)
class Member:
    """A worldview, and its weight in a mixture."""

    priors: Priors
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Beliefs:
    """A worldview, a mixture of worldviews or a posterior, as draws.

    Attributes
    ----------
    documents : Documents
        That all rests on.
    story : Story
        With all overrides applied.
    members : tuple of Member
        One, or those of a mixture.
    overrides : tuple of Override
    seed : int
    parameters : xarray.Dataset
        Dims ``(draw, ...)``. The draws of a mixture have a coordinate ``worldview``.
    anchor : xarray.Dataset
        Levers of the reference, dims ``(allocation, ...)``, one place.
    evidence : tuple of Evidence
        The surveys that the draws are a posterior of; none for prior draws.
    log_likelihood : xarray.Dataset or None
        Of a posterior: log density of all answers, dims ``(draw,)``, one variable a question. None for prior draws,
        and where a posterior's file does not hold it.
    label : str
        Name of draws of the user's own, which rest on no worldview; empty for all others.
    changed : tuple of Changed
        What a program put in place of elicited priors.
    """

    documents: Documents
    story: Story
    members: tuple[Member, ...]
    overrides: tuple[Override, ...]
    seed: int
    parameters: xr.Dataset
    anchor: xr.Dataset
    evidence: tuple[Evidence, ...] = ()
    log_likelihood: xr.Dataset | None = None
    label: str = ""
    changed: tuple[Changed, ...] = ()

    def __repr__(self) -> str:
        return f"<Beliefs: worldview {self.worldview!r}, {self.draws:,} draws, seed {self.seed}>"

    @property
    def case(self) -> Case:
        """The theory of change that they are about."""
        return self.documents.case

    @property
    def worldview(self) -> str:
        """Name of the worldview that the figures rest on, with the surveys that it was updated on."""
        if self.label:
            return self.label
        if len(self.members) > 1:
            return " + ".join(f"{100 * member.weight:.3g} % {member.priors.worldview}" for member in self.members)
        return " + ".join([self.members[0].priors.worldview, *(record.label for record in self.evidence)])

    @property
    def priors(self) -> Priors:
        """The priors of the one worldview.

        Raises
        ------
        InputError
            For a mixture, whose draws come from several.
        """
        if self.label:
            raise InputError(f"{self.label}: draws of your own have no prior that is known here")
        if len(self.members) > 1:
            raise InputError(f"{self.worldview}: a mixture of worldviews has no one prior; name a single worldview")
        return self.members[0].priors

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.parameters.sizes["draw"]

    @property
    def is_posterior(self) -> bool:
        """Whether the draws are those of a posterior."""
        return not self.label and self.evidence != self.members[0].priors.evidence

    def nodes(
        self, levers: xr.Dataset, nodes: Iterable[str] | None = None, *, progress: Progress | None = None
    ) -> xr.Dataset:
        """Evaluate nodes (all by default) under allocations; see `toc_model.engine.evaluate.evaluate`.

        Where the levers lack the reference, that of the documents anchors them and is left out of the result.
        """
        given = levers["allocation"].values
        if self.story.reference in given.tolist():
            return evaluate(self.story, self.parameters, levers, nodes, progress=progress)
        whole = joined(self.anchor, levers)
        found = evaluate(self.story, self.parameters, whole, nodes, progress=progress)
        return found.sel(allocation=given) if "allocation" in found.dims else found

    def outcome(self, levers: xr.Dataset, node: str | None = None, *, progress: Progress | None = None) -> xr.DataArray:
        """An outcome under allocations.

        Parameters
        ----------
        levers : xarray.Dataset
            Dims ``(allocation, ...)``.
        node : str, optional
            The case's objective by default.
        progress : callable, optional

        Returns
        -------
        xarray.DataArray
            Dims ``(draw, allocation)``, also where an override took one of them away; in the outcome's unit.
        """
        name = node or self.case.objective.node
        return everywhere(self.nodes(levers, [name], progress=progress)[name], self.parameters, levers)

    def loss(self, levers: xr.Dataset, *, progress: Progress | None = None) -> xr.DataArray:
        """The objective under allocations as a loss: its negative where more is better; dims ``(draw, allocation)``."""
        found: xr.DataArray = self.case.objective.loss(self.outcome(levers, progress=progress))
        return found

    def with_overrides(self, overrides: Iterable[Override]) -> "Beliefs":
        """The same with more changes of the model."""
        changes = tuple(overrides)
        story, parameters = apply_overrides(self.story, self.parameters, changes)
        return replace(self, story=story, parameters=parameters, overrides=(*self.overrides, *changes))

    def with_(self, changes: Mapping[str, Belief] | None = None, /, *, reason: str, **named: Belief) -> "Beliefs":
        """The same with other priors of some parameters, on the same random numbers.

        Parameters
        ----------
        changes : mapping of str to belief, optional
            By entry; for names such as ``gain[place]``, which can't be argument names.
        reason : str
            Why, which every output then says.
        **named : belief
            What `toc_model.beliefs.changed.quantiles` gives, a number, an array of draws (aligned by the labels of
            ``draw`` if it has any), or a frozen distribution of SciPy.

        Raises
        ------
        InputError
            If these are not the draws of one worldview's priors, an entry is unknown, or a belief can't be used.
        """
        if len(self.members) != 1 or self.is_posterior:
            raise InputError(f"{self.worldview}: allowed: the priors of one worldview, for some of them to be changed")
        (member,) = self.members
        entries, given, changed = dict(member.priors.entries), {}, list(self.changed)
        for entry, belief in {**(changes or {}), **named}.items():
            labels = self.parameters["draw"].values
            entries[entry], change, values = changed_prior(member.priors[entry], belief, reason, labels)
            changed = [*(other for other in changed if other.entry != entry), change]
            if values is not None:
                given[entry] = values
        priors = replace(member.priors, entries=entries)
        drawn = priors.draw(self.case.story, self.draws, self.seed, given)
        again = replace(
            self,
            members=(replace(member, priors=priors),),
            story=self.case.story,
            parameters=drawn,
            overrides=(),
            changed=tuple(changed),
        )
        return again.with_overrides(self.overrides)

    def rests_on(self) -> str:
        """One sentence that says what figures from these draws rest on."""
        if self.label:
            return (
                f"These figures rest on draws of the user's own, '{self.label}', whose source is not known here"
                f"{self._left_out('; ')}, so they show what follows from these beliefs, not that the beliefs are right."
            )
        entries = self.members[0].priors.entries.values()
        status = Counter(prior.entry.status for prior in entries if not prior.distribution.is_constant)
        told = [f"{change.entry} as {change.to} ({change.reason})" for change in self.changed]
        told += [override.text for override in self.overrides]
        overrides = f", with {'; '.join(told)}" if told else ""
        return (
            f"These figures rest on the worldview '{self.worldview}'{overrides}: of {status.total()} elicited priors "
            f"{status['assumption']} are assumptions, {status[self.case.name]} {self.case.theory}'s own and "
            f"{status['published']} published{self._patched()}; {self._drawn()}{self._left_out(', and ')}, so they "
            "show what follows from these beliefs, not that the beliefs are right."
        )

    def _left_out(self, before: str) -> str:
        return f"{before}{self.case.leaves_out}" if self.case.leaves_out else ""

    def _patched(self) -> str:
        own = {change.entry for change in self.changed}
        changed = {
            m.priors.worldview: sum(bool(p.reason) and name not in own for name, p in m.priors.entries.items())
            for m in self.members
        }
        if not any(changed.values()):
            return ""
        if len(self.members) == 1:
            return f", {sum(changed.values())} of them moved by this worldview"
        return ", moved by worldviews: " + ", ".join(f"{count} by {name}" for name, count in changed.items() if count)

    def _drawn(self) -> str:
        if len(self.members) > 1:
            return "each draw of the parameters comes from one of the worldviews"
        if self.is_posterior:
            return (
                "draws of parameters are those of the posterior, given the answers and any common bias of stated size"
            )
        correlated = self.members[0].priors.correlations
        return "draws of parameters are " + (
            "correlated where the worldview says so" if correlated else "independent of each other"
        )

    def provenance(self, **about: Any) -> dict[str, Any]:
        """Versions, seed and digests of all that went in, and what else is known about a result."""
        return provenance(
            self.story,
            case=self.case.name,
            worldview=self.worldview,
            draws=self.draws,
            seed=self.seed,
            overrides=[override.text for override in self.overrides],
            priors={name: value for member in self.members for name, value in member.priors.digests.items()},
            evidence=[record.model_dump() for record in self.evidence],
            **({"changed": [asdict(change) for change in self.changed]} if self.changed else {}),
            **about,
        )


def own_beliefs(parameters: xr.Dataset, label: str, documents: Documents) -> Beliefs:
    """Draws of the user's own as beliefs.

    Parameters
    ----------
    parameters : xarray.Dataset
        A variable a parameter of the story, dims ``(draw, ...)``.
    label : str
        What they are, which every output then says in the place of a worldview.
    documents : Documents
        Of the case that they are about.

    Raises
    ------
    InputError
        If there is no label, or a parameter is missing, unknown or not finite.
    """
    if not label.strip():
        raise InputError("label: found none; allowed: a name for draws of your own")
    story = documents.case.story
    checked_parameters(story, parameters)
    draws = parameters.assign_coords(draw=np.arange(parameters.sizes["draw"]))
    return Beliefs(documents, story, (), (), 0, draws, documents.anchor(), label=label)


def everywhere(node: xr.DataArray, parameters: xr.Dataset, levers: xr.Dataset) -> xr.DataArray:
    """A node with dims ``(draw, allocation)``, also where it does not depend on one of them."""
    labels = {"draw": parameters["draw"].values, "allocation": levers["allocation"].values}
    whole = node + xr.DataArray(0.0, coords=labels, dims=("draw", "allocation"))
    return whole.transpose("draw", "allocation").assign_attrs(node.attrs)


def load_beliefs(
    case: Case,
    worldview: str | None = None,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    priors: Path | str | None = None,
    posterior: Path | str | None = None,
    overrides: Sequence[str] = (),
) -> Beliefs:
    """Draw the parameters of a worldview, or take those of a posterior, and apply overrides.

    Parameters
    ----------
    case : Case
    worldview : str, optional
        A name, the path of a worldview document, or a mixture such as ``"0.7*one + 0.3*other"``; the case's base
        by default.
    draws, seed : int
        Draws of the parameters; worldviews share their random numbers, parameter by parameter.
    priors : path, optional
        A folder of documents; those that ship with the case by default.
    posterior : path, optional
        A file of draws to use in place of a worldview's priors; ``worldview`` and ``draws`` then say nothing.
    overrides : sequence of str
        Changes of the model, such as ``"do(node)=0.4"`` or ``"parameter*=2"``.

    Raises
    ------
    InputError
        If anything that was given can't be used.
    """
    fail_if_no_sample(draws, seed)
    changes = parse_overrides(overrides, case.reference)
    if posterior is not None:
        return beliefs_of(*load_posterior(Path(posterior), case, priors), seed=seed).with_overrides(changes)
    documents = Documents.of(case, priors)
    members = tuple(
        Member(documents.priors(name), weight) for name, weight in weights_of(worldview or case.base).items()
    )
    drawn = _mixed(case.story, members, draws, seed)
    evidence = members[0].priors.evidence if len(members) == 1 else ()
    found = Beliefs(documents, case.story, members, (), seed, drawn, documents.anchor(), evidence)
    return found.with_overrides(changes)


def beliefs_of(posterior: Posterior, documents: Documents, *, seed: int = SEED) -> Beliefs:
    """The draws of a posterior as beliefs."""
    return Beliefs(
        documents,
        documents.case.story,
        (Member(posterior.priors),),
        (),
        seed,
        posterior.parameters,
        documents.anchor(),
        posterior.evidence,
        posterior.log_likelihood,
    )


def weights_of(worldview: str) -> dict[str, float]:
    """Worldviews and their weights: one, or those of ``"0.7*one + 0.3*other"``.

    Raises
    ------
    InputError
        If a weight is no positive number, a worldview is named twice, or the weights do not add up to one.
    """
    if "*" not in worldview:
        return {worldview: 1.0}
    weights: dict[str, float] = {}
    for part in worldview.split("+"):
        match = re.fullmatch(r"\s*([^*]+?)\s*\*\s*([^*]+?)\s*", part)
        weight = as_number(match[1]) if match else math.nan
        if not match or not 0 < weight < math.inf:
            raise InputError(f"worldview: found {part.strip()!r}; allowed: WEIGHT*NAME, the weight a positive number")
        if match[2] in weights:
            raise InputError(f"worldview: found {match[2]!r} twice in {worldview!r}")
        weights[match[2]] = weight
    if abs(sum(weights.values()) - 1) > TOLERANCE:
        raise InputError(f"worldview: found weights that add up to {sum(weights.values()):g}; allowed: 1")
    return weights


def _mixed(story: Story, members: Sequence[Member], draws: int, seed: int) -> xr.Dataset:
    """Draws of all members' shares, in an order that depends on the seed alone."""
    drawn = [member.priors.draw(story, draws, seed) for member in members]
    if len(members) == 1:
        return drawn[0]
    edges = np.cumsum([member.weight for member in members])
    places = (np.random.default_rng([seed, len(members)]).permutation(draws) + 0.5) / draws
    whose = np.minimum(np.searchsorted(edges, places), len(members) - 1)
    choice = xr.DataArray(whose, dims="draw")
    mixed = xr.concat(drawn, dim="member").isel(member=choice)
    names = np.array([member.priors.worldview for member in members])
    return mixed.assign_coords(worldview=("draw", names[whose])).transpose("draw", ...)


def fail_if_no_sample(draws: int, seed: int) -> None:
    """Fail if there are too few draws for an interval, or the seed is negative."""
    if draws < 2:
        raise InputError(f"draws: found {draws}; allowed: 2 or more")
    if seed < 0:
        raise InputError(f"seed: found {seed}; allowed: 0 or more")


def fail_if_twice(beliefs: Sequence[Beliefs]) -> None:
    """Fail if two worldviews have the same name: tables go by names."""
    names = [found.worldview for found in beliefs]
    if len(set(names)) < len(names):
        raise InputError(f"worldviews: found one twice in {', '.join(names)}")
