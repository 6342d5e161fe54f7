"""Worldviews as a page has them: what each believes of every entry, at every date and under every rival mechanism."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy import special

from toc_model.aliases import Floats
from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.dates import date_names
from toc_model.beliefs.distributions import FAMILIES, Distribution
from toc_model.beliefs.latents import source_weights
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.parts import Part
from toc_model.beliefs.priors import Prior, Priors
from toc_model.beliefs.shipped import Documents
from toc_model.beliefs.worldviews import stated_date
from toc_model.engine.case import Case
from toc_model.questions.explore.laws import WRITTEN, cases_of
from toc_model.questions.explore.scores import Scores, as_text, scores_of, scores_of_base

BASE = ""
"""The set of draws that all priors proper share."""


@dataclass(frozen=True)
class Worlds:
    """All worldviews of a page.

    Attributes
    ----------
    beliefs : Beliefs
        With which the page opens, at its date and without rivals.
    """

    beliefs: Beliefs

    @property
    def case(self) -> Case:
        """Without rivals."""
        return self.beliefs.case

    @cached_property
    def dates(self) -> tuple[str, ...]:
        """Names of the dates, that of the beliefs first; one without a name where the case has none.

        Where a worldview states its date there is no other.
        """
        first = self.beliefs.documents.date
        if first is None:
            return ("",)
        others = [name for name in date_names(self.beliefs.documents.folder) if name != first.name]
        return (first.name,) if any(map(self._stated, self.names)) else (first.name, *others)

    def _stated(self, worldview: str) -> str | None:
        """The date that a worldview states."""
        return stated_date(self.case, self.beliefs.documents.folder, worldview)

    @cached_property
    def cases(self) -> dict[str, Case]:
        """The case as it is written and under each rival."""
        return cases_of(self.case)

    def documents(self, date: str, rival: str = WRITTEN) -> Documents:
        """Those of the beliefs at a date, and under a rival."""
        return Documents.of(self.cases[rival], self.beliefs.documents.folder, date)

    def loaded(self, worldview: str, date: str) -> Beliefs:
        """A worldview drawn as the beliefs are."""
        now = self.beliefs.documents
        if worldview == self.asked and now.date and now.date.name == date:
            return self.beliefs
        return load_beliefs(
            self.case,
            worldview,
            draws=self.beliefs.draws,
            seed=self.beliefs.seed,
            priors=now.folder,
            as_of=date or None,
        )

    @cached_property
    def asked(self) -> str:
        """The beliefs by the name or path that they were asked for."""
        members = self.beliefs.members
        if self.beliefs.mixture:
            return self.beliefs.mixture.named
        if len(members) == 1:
            return members[0].priors.named
        return " + ".join(f"{member.weight!r}*{member.priors.part.named}" for member in members)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Worldviews that can be chosen or are shown beside: those that the case tells, and the one asked for.

        One that states another date is left out.
        """
        documents = self.beliefs.documents
        known, first = documents.worldviews(), documents.date
        told = [name for name in self.case.worldviews if name in known]
        here = [name for name in told if (self._stated(name) or (first and first.name)) == (first and first.name)]
        return (*here, *(name for name in (self.asked,) if name not in here))

    def priors(self, part: Part, date: str, rival: str = WRITTEN) -> Priors:
        """The priors of a worldview that is no mixture, or of a part of one; under a rival, its entries among them."""
        key = (part, date, rival)
        if key not in self._read:
            self._read[key] = self.documents(date, rival).priors(*part)
        return self._read[key]

    @cached_property
    def _read(self) -> dict[tuple[Part, str, str], Priors]:
        return {}

    def every(self, part: Part) -> Iterator[Priors]:
        """The same at all dates, without and with each rival."""
        for date in self.dates:
            yield from (self.priors(part, date, rival) for rival in self.cases)

    def entries(self, part: Part, date: str) -> dict[str, Prior]:
        """All entries, those of every rival among them."""
        found = dict(self.priors(part, date).entries)
        for rival in self.case.rival_names:
            under = self.priors(part, date, rival).entries
            found |= {name: prior for name, prior in under.items() if prior.chapter == rival}
        return found

    @cached_property
    def base(self) -> dict[str, dict[str, Prior]]:
        """Entries of the base, by date."""
        return {date: self.entries(Part(self.case.base), date) for date in self.dates}

    # Draws -------------------------------------------------------------------------------------------------------

    @cached_property
    def own(self) -> dict[str, Beliefs]:
        """Beliefs whose draws are not those of the base: what the page opens with, and mixtures that the case tells."""
        told = [name for name in self.names if self.kind(name) == "mixture"]
        names = [name for name in dict.fromkeys([self.asked, self.case.default, *told]) if name in self.names]
        return {name: self.loaded(name, self.dates[0]) for name in names if self.kind(name) in ("camp", "mixture")}

    @cached_property
    def scores(self) -> dict[str, Scores]:
        """Sets of draws: that of the base, and those of `own` by worldview."""
        proper = [Part(name) for name in self.names if self.kind(name) in ("base", "patch")]
        every = (priors for part in proper for priors in self.every(part))
        found = {BASE: scores_of_base(every, self.beliefs.draws, self.beliefs.seed)}
        for name, beliefs in self.own.items():
            found[name] = scores_of(beliefs, [self._under_rivals(one.priors.part) for one in beliefs.members])
        return found

    def _under_rivals(self, part: Part) -> Sequence[Priors]:
        return [self.priors(part, self.dates[0], rival) for rival in self.case.rival_names]

    # What a worldview is -------------------------------------------------------------------------------------------

    def kind(self, worldview: str) -> str:
        """Whether it is base, patch, camp or mixture, in that word."""
        if worldview == self.case.base:
            return "base"
        if "*" in worldview or self.beliefs.documents.mixture(worldview) is not None:
            return "mixture"
        return "camp" if self.priors(Part(worldview), self.dates[0]).camp else "patch"

    def carried(self, worldview: str) -> tuple[str, int | None] | None:
        """In which set the draws of a worldview are, and as which part of it; None for one that has none here."""
        if self.kind(worldview) in ("base", "patch"):
            return BASE, None
        if worldview in self.own:
            return worldview, None
        for name, beliefs in self.own.items():
            parts = [member.priors.part for member in beliefs.members]
            if Part(worldview) in parts:
                return name, parts.index(Part(worldview))
        return None

    def members(self, worldview: str) -> list[dict[str, Any]]:
        """What each member of a worldview believes; of one that has no draws here, nothing."""
        carried = self.carried(worldview)
        if carried is None:
            return []
        is_mixture = self.kind(worldview) == "mixture"
        parts = [one.priors.part for one in self.own[worldview].members] if is_mixture else [Part(worldview)]
        return [self._member(part, carried[0]) for part in parts]

    def _member(self, part: Part, carrier: str) -> dict[str, Any]:
        """Where a worldview departs from the base; how scores are made of sources."""
        weights: dict[str, dict[str, float]] = {}
        for one in self.every(part):
            weights |= source_weights(one.uncertain, one.factors, one.correlations)
        at = {date: self.priors(part, date) for date in self.dates}
        return {
            "name": at[self.dates[0]].worldview,
            "tables": {date: self._departures(part, carrier, date) for date in self.dates},
            "weights": {name: of for name, of in weights.items() if of != {name: 1.0}},
            "reranked": {date: sorted(one.reranked) if one.camp else None for date, one in at.items()},
            "reasons": {date: self._reasons(part, date) for date in self.dates},
        }

    def _reasons(self, part: Part, date: str) -> dict[str, dict[str, str]]:
        """Whom entries are from in which a worldview departs from the base, and why."""
        return {
            name: grounds(prior) for name, prior in self.entries(part, date).items() if prior.reason and not prior.dated
        }

    def _departures(self, part: Part, carrier: str, date: str) -> dict[str, list[Any]]:
        base = self.base[date]
        return {
            name: self._plain(part, carrier, prior)
            for name, prior in self.entries(part, date).items()
            if name not in base or prior.distribution != base[name].distribution or _is_drawn(prior.distribution)
        }

    @cached_property
    def tables(self) -> dict[str, dict[str, list[Any]]]:
        """What the base believes of every entry, by date."""
        part = Part(self.case.base)
        return {
            date: {name: self._plain(part, BASE, prior) for name, prior in entries.items()}
            for date, entries in self.base.items()
        }

    def _plain(self, part: Part, carrier: str, prior: Prior) -> list[Any]:
        """Family, location, scale and probability of nil; a constant is a normal one without a scale.

        A shape of its own has its values in the draws in the place of location and scale, as a text.
        """
        distribution = prior.distribution
        if not _is_drawn(distribution):
            return [distribution.family.name, distribution.location, distribution.scale, distribution.nil]
        values = distribution.from_latent(self._score(part, carrier, prior.name))
        return ["drawn", as_text(np.asarray(values, "<f8").tobytes()), None, distribution.nil]

    def _score(self, part: Part, carrier: str, entry: str) -> Floats:
        """The score of an entry in all draws of a set, as this part has it."""
        scores = self.scores[carrier]
        priors = next(one for one in self.every(part) if entry in one.uncertain)
        if priors.camp and entry in priors.reranked:
            return np.asarray(special.ndtri((scores.ranks[entry] + 0.5) / self.beliefs.draws))
        return np.asarray(priors.latents(scores.columns)[entry])


def grounds(prior: Prior) -> dict[str, str]:
    """Whom an entry is from, and why a worldview or a date departs from the base; not twice where both are the same."""
    why = prior.reason if prior.reason != prior.entry.source else ""
    return {"status": prior.entry.status, "source": prior.entry.source, "reason": why}


def _is_drawn(distribution: Distribution) -> bool:
    """Whether a shape is one of its own, which a page has as values: they depend on whose draws they are."""
    return FAMILIES.get(distribution.family.name) is not distribution.family


def without_rivals(beliefs: Beliefs) -> Beliefs:
    """The same of the theory without rival mechanisms."""
    case = beliefs.case.under([])
    if case is beliefs.case:
        return beliefs
    documents = replace(beliefs.documents, case=case)
    return load_beliefs(
        case,
        Worlds(beliefs).asked,
        draws=beliefs.draws,
        seed=beliefs.seed,
        priors=documents.folder,
        as_of=documents.date.name if documents.date else None,
    )
