"""What someone believes: draws of the parameters, the story that they go with, and what both rest on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from toc_model.aliases import Progress
from toc_model.beliefs import grounds
from toc_model.beliefs.changed import Belief, Changed, changed_prior
from toc_model.beliefs.levers import joined
from toc_model.beliefs.mixture import Member, mixed, weights_of
from toc_model.beliefs.posterior import Posterior, load_posterior
from toc_model.beliefs.priors import Evidence, Priors, in_words
from toc_model.beliefs.provenance import provenance
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import Case
from toc_model.engine.evaluate import checked_parameters, evaluate, everywhere
from toc_model.engine.overrides import Override, apply_overrides, parse_overrides
from toc_model.engine.story import Story
from toc_model.errors import InputError

DRAWS, SEED = 4000, 1


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

    def label_of(self, name: str) -> str:
        """What tables and figures call an entry, a factor or a parameter."""
        return self.members[0].priors.label(name) if self.members else in_words(name)

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
        return grounds.rests_on(self)

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
    for name, found, least in (("draws", draws, 2), ("seed", seed, 0)):
        if found < least:
            raise InputError(f"{name}: found {found}; allowed: {least} or more")
    changes = parse_overrides(overrides, case.reference)
    if posterior is not None:
        return beliefs_of(*load_posterior(Path(posterior), case, priors), seed=seed).with_overrides(changes)
    documents = Documents.of(case, priors)
    weights = weights_of(worldview or case.base)
    members = tuple(Member(documents.priors(name), weight) for name, weight in weights.items())
    drawn = mixed(case.story, members, draws, seed)
    evidence = members[0].priors.evidence if len(members) == 1 else ()
    believed = Beliefs(documents, case.story, members, (), seed, drawn, documents.anchor(), evidence)
    return believed.with_overrides(changes)


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


def fail_if_twice(beliefs: Sequence[Beliefs]) -> None:
    """Fail if two worldviews have the same name: tables go by names."""
    names = [found.worldview for found in beliefs]
    if len(set(names)) < len(names):
        raise InputError(f"worldviews: found one twice in {', '.join(names)}")
