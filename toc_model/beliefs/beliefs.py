"""What someone believes: draws of the parameters, the story that they go with, and what both rest on."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import xarray as xr

from toc_model.aliases import Entry, Progress
from toc_model.beliefs import grounds
from toc_model.beliefs.changed import Belief, Changed, changed_prior
from toc_model.beliefs.evidence import Evidence
from toc_model.beliefs.levers import joined
from toc_model.beliefs.mixture import Member
from toc_model.beliefs.priors import Priors, in_words
from toc_model.beliefs.provenance import provenance
from toc_model.beliefs.seal import digest_of
from toc_model.beliefs.shipped import Documents
from toc_model.beliefs.tables import frame_of
from toc_model.beliefs.worldviews import Mixture
from toc_model.brief import Shown
from toc_model.engine.case import Case
from toc_model.engine.evaluate import evaluate, everywhere
from toc_model.engine.overrides import Override, apply_overrides
from toc_model.engine.ranges import fail_if_outside
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.labels import effective_draws
from toc_model.naming import called

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Beliefs(Shown):
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
        Of a posterior: log marginal likelihood of all answers, dims ``(draw,)``, one variable a bias group. None for
        prior draws.
    label : str
        Name of draws of the user's own, which rest on no worldview; empty for all others.
    changed : tuple of Changed
        What the caller put in place of elicited priors.
    mixture : Mixture or None
        The document that mixes the members; None where there is one member, or the mixture has no document.
    origin : mapping
        Of a posterior: how its draws were made, and the digest of their file, ready for JSON; empty for all others.
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
    mixture: Mixture | None = None
    origin: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Beliefs: worldview {self.worldview!r}, {self.counted()}, seed {self.seed}>"

    def facts(self) -> dict[str, str]:
        """Whose beliefs they are, as of when, and how they were drawn."""
        changes = [*(f"{one.entry}: {one.to}" for one in self.changed), *(one.text for one in self.overrides)]
        found = {
            "what": f"{self.kind}: {self.description}" if self.description else self.kind,
            "as of": self.documents.date.name.replace("_", " ") if self.documents.date else "",
            "draws": self.sample,
            "changed": "; ".join(changes),
            "surveys": ", ".join(record.label for record in self._evidence),
        }
        return {name: text for name, text in found.items() if text}

    def to_dataframe(self) -> "pd.DataFrame":
        """The draws: a row a draw, a column a parameter or a place of one, such as ``name[place]``."""
        return frame_of(self.parameters)

    @property
    def case(self) -> Case:
        """The theory of change that they are about."""
        return self.documents.case

    @property
    def worldview(self) -> str:
        """Name of the worldview that the figures rest on, with the surveys that it was updated on."""
        if self.label or self.mixture:
            return self.label or (self.mixture.name if self.mixture else "")
        if len(self.members) > 1:
            return " + ".join(f"{100 * member.weight:.3g} % {member.priors.worldview}" for member in self.members)
        priors = self.members[0].priors
        return priors.worldview if priors.learnt else " + ".join([priors.worldview, *(r.label for r in self.evidence)])

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
        if self.members[0].priors.camp:
            raise InputError(
                f"{self.worldview}: a camp is draws that were picked by what its members say, and has no density; "
                f"allowed: {self.case.base}, or a worldview without a camp"
            )
        return self.members[0].priors

    @property
    def kind(self) -> str:
        """What they are, in a word or two, for tables."""
        if self.label:
            return "own draws"
        if self.is_posterior:
            return "posterior"
        if len(self.members) > 1:
            return "mixture"
        if self.members[0].priors.camp:
            return "camp"
        return "base" if self.worldview == self.case.base else "patch"

    @property
    def description(self) -> str:
        """What their document says that they are; empty where there is none."""
        if self.mixture:
            return self.mixture.description
        return self.members[0].priors.description if len(self.members) == 1 else ""

    @property
    def phrase(self) -> str:
        """Whose beliefs they are, behind "under"."""
        stated = self.mixture.phrase if self.mixture else ""
        if len(self.members) == 1 and not self.mixture and not self.is_posterior:
            stated = self.members[0].priors.phrase
        return stated or f"the worldview '{self.worldview}'"

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.parameters.sizes["draw"]

    @property
    def counts(self) -> dict[str, float]:
        """Number of draws as JSON has it; where they are weighted, beside that of draws which they are worth."""
        worth = effective_draws(self.parameters)
        return {"draws": self.draws, **({} if worth is None else {"effective_draws": worth})}

    def counted(self, draws: str = "draws") -> str:
        """Number of draws in words; where they are weighted, what they are worth."""
        return f"{self.draws:,} {draws}{self._worth}"

    @property
    def _worth(self) -> str:
        worth = effective_draws(self.parameters)
        return "" if worth is None else f" worth {worth:,.0f} by their weights"

    @property
    def is_posterior(self) -> bool:
        """Whether the draws are those of a posterior."""
        if len(self.members) != 1:
            return False
        priors = self.members[0].priors
        return priors.learnt is not None or self.evidence != priors.evidence

    @property
    def seeded(self) -> dict[str, int]:
        """The seed that the draws were made by, by the word for it; empty where none made them here."""
        return {} if self.label or self.is_posterior else {"seed": self.seed}

    @property
    def sample(self) -> str:
        """How many draws there are, and whose or by which seed, for headings."""
        drawn = self.counted("paired draws")
        whose = "of the posterior" if self.is_posterior else "of the user's own" if self.label else ""
        return f"{drawn}{',' if self._worth else ''} {whose}" if whose else f"{drawn}, seed {self.seed}"

    @property
    def weights(self) -> dict[str, float]:
        """What is mixed, by the members' names, with the weights to the last digit."""
        return {member.priors.worldview: member.weight for member in self.members}

    @property
    def _evidence(self) -> tuple[Evidence, ...]:
        """The surveys behind the draws, those of all members of a mixture among them, each once."""
        of_members = (record for member in self.members for record in member.priors.evidence)
        return self.evidence if len(self.members) < 2 else tuple({one.digest: one for one in of_members}.values())

    def label_of(self, name: str) -> str:
        """What tables and figures call an entry, a factor or a parameter."""
        return called(name, self.members[0].priors.label(name) if self.members else in_words(name))

    def nodes(
        self, levers: xr.Dataset, nodes: Iterable[str] | None = None, *, progress: Progress | None = None
    ) -> xr.Dataset:
        """Evaluate nodes (all by default) under allocations; see `toc_model.engine.evaluate.evaluate`.

        Where the levers lack the reference, that of the documents anchors them and is left out of the result.
        """
        found = self.nodes_and_reference(levers, nodes, progress=progress)
        return found.sel(allocation=levers["allocation"].values) if "allocation" in found.dims else found

    def nodes_and_reference(
        self, levers: xr.Dataset, nodes: Iterable[str] | None = None, *, progress: Progress | None = None
    ) -> xr.Dataset:
        """The same as `nodes`, with the reference among the allocations."""
        has_reference = self.story.reference in levers["allocation"].values.tolist()
        whole = levers if has_reference else joined(self.anchor, levers)
        return evaluate(self.story, self.parameters, whole, nodes, progress=progress)

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
            prior = member.priors[entry]
            possible = self.case.story.range_in(prior.entry.unit)
            entries[entry], change, values = changed_prior(prior, belief, reason, labels, possible)
            changed = [*(other for other in changed if other.entry != entry), change]
            if values is not None:
                given[entry] = values
        priors = replace(member.priors, entries=entries, reranked=member.priors.reranked.union(named, changes or {}))
        drawn = priors.draw(self.case.story, self.draws, self.seed, given)
        for entry in {**(changes or {}), **named}:
            name = Entry.parse(entry).name
            parameter = self.case.story.parameters[name]
            if unit := self.case.story.units.get(parameter.unit):
                least = float(drawn[name].min())
                unit.fail_if_calendar_year(least, entry, " (sets takes years of the calendar)")
            fail_if_outside(drawn[name].values, parameter.range, entry, parameter.unit)
        return self.redrawn(drawn, members=(replace(member, priors=priors),), changed=tuple(changed))

    def redrawn(self, parameters: xr.Dataset, **others: Any) -> "Beliefs":
        """The same with other draws, as priors make them, and what else differs; the overrides apply to them too."""
        plain = replace(self, parameters=parameters, overrides=(), **others)
        return replace(plain, story=plain.case.story).with_overrides(self.overrides)

    def rests_on(self) -> str:
        """One sentence that says what figures from these draws rest on."""
        return grounds.rests_on(self)

    def provenance(self, **about: Any) -> dict[str, Any]:
        """Versions, seed and digests of all that went in, and what else is known about a result."""
        return provenance(
            self.story,
            case=self.case.name,
            worldview=self.worldview,
            as_of=self.documents.date.name if self.documents.date else "",
            **self.counts,
            **self.seeded,
            overrides=[override.text for override in self.overrides],
            **({"rivals": list(self.case.switched)} if self.case.switched else {}),
            priors={name: value for member in self.members for name, value in member.priors.digests.items()},
            **({"mixture": {self.mixture.name: self.mixture.digest}} if self.mixture else {}),
            **({"weights": self.weights} if len(self.members) > 1 else {}),
            **({"posterior": dict(self.origin)} if self.origin else {}),
            **({"own_draws": digest_of(self.parameters)} if self.label else {}),
            evidence=[record.model_dump() for record in self._evidence],
            **({"sets": list(self.documents.sets)} if self.documents.sets else {}),
            **({"changed": [asdict(change) for change in self.changed]} if self.changed else {}),
            **about,
        )
