"""Worldviews as a page has them: what each believes of every entry, at every date and under every rival mechanism."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.dates import date_names
from toc_model.beliefs.distributions import FAMILIES, Distribution
from toc_model.beliefs.latents import source_weights
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.priors import Prior, Priors
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import Case
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
        """Names of the dates, that of the beliefs first; one without a name where the case has none."""
        first = self.beliefs.documents.date
        if first is None:
            return ("",)
        return (first.name, *(name for name in date_names(self.beliefs.documents.folder) if name != first.name))

    def documents(self, date: str, rival: str = "") -> Documents:
        """Those of the beliefs at a date, and under a rival."""
        case = self.case.under([rival]) if rival else self.case
        return Documents.of(case, self.beliefs.documents.folder, date)

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
        return " + ".join(f"{member.weight!r}*{member.priors.named}" for member in members)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Worldviews that can be chosen or are shown beside: those that the case tells, and the one asked for."""
        known = self.beliefs.documents.worldviews()
        told = [name for name in self.case.worldviews if name in known]
        return (*told, *(name for name in (self.asked,) if name not in told))

    def priors(self, worldview: str, date: str, rival: str = "") -> Priors:
        """The priors of a worldview that is no mixture; under a rival, its own entries among them."""
        key = (worldview, date, rival)
        if key not in self._read:
            self._read[key] = self.documents(date, rival).priors(worldview)
        return self._read[key]

    @cached_property
    def _read(self) -> dict[tuple[str, str, str], Priors]:
        return {}

    def entries(self, worldview: str, date: str) -> dict[str, Prior]:
        """All entries, those of every rival among them."""
        found = dict(self.priors(worldview, date).entries)
        for rival in self.case.rival_names:
            under = self.priors(worldview, date, rival).entries
            found |= {name: prior for name, prior in under.items() if prior.chapter == rival}
        return found

    @cached_property
    def base(self) -> dict[str, dict[str, Prior]]:
        """Entries of the base, by date."""
        return {date: self.entries(self.case.base, date) for date in self.dates}

    # Draws -------------------------------------------------------------------------------------------------------

    @cached_property
    def own(self) -> dict[str, Beliefs]:
        """Beliefs whose draws are not those of the base: what the page opens with, and mixtures that the case tells."""
        told = [name for name in self.names if self.kind(name) == "mixture"]
        names = dict.fromkeys([self.asked, self.case.default, *told])
        return {name: self.loaded(name, self.dates[0]) for name in names if self.kind(name) in ("camp", "mixture")}

    @cached_property
    def scores(self) -> dict[str, Scores]:
        """Sets of draws: that of the base, and those of `own` by worldview."""
        found = {BASE: scores_of_base(self._proper(), self.beliefs.draws, self.beliefs.seed)}
        for name, beliefs in self.own.items():
            found[name] = scores_of(beliefs, [self._under_rivals(one.priors) for one in beliefs.members])
        return found

    def _proper(self) -> Iterator[Priors]:
        """Priors of all worldviews that are neither camps nor mixtures, as often as they may have other sources."""
        for name in self.names:
            if self.kind(name) in ("base", "patch"):
                for date in self.dates:
                    yield self.priors(name, date)
                    yield from (self.priors(name, date, rival) for rival in self.case.rival_names)

    def _under_rivals(self, priors: Priors) -> Sequence[Priors]:
        return [self.priors(priors.named, self.dates[0], rival) for rival in self.case.rival_names]

    # What a worldview is -------------------------------------------------------------------------------------------

    def kind(self, worldview: str) -> str:
        """ "base", "patch", "camp" or "mixture"."""
        if worldview == self.case.base:
            return "base"
        if "*" in worldview or self.beliefs.documents.mixture(worldview) is not None:
            return "mixture"
        return "camp" if self.priors(worldview, self.dates[0]).camp else "patch"

    def carried(self, worldview: str) -> tuple[str, int | None] | None:
        """In which set the draws of a worldview are, and as which part of it; None for one that has none here."""
        if self.kind(worldview) in ("base", "patch"):
            return BASE, None
        if worldview in self.own:
            return worldview, None
        for name, beliefs in self.own.items():
            names = [member.priors.named for member in beliefs.members]
            if worldview in names:
                return name, names.index(worldview)
        return None

    def members(self, worldview: str) -> list[dict[str, Any]]:
        """What each member of a worldview believes."""
        names = [worldview]
        if self.kind(worldview) == "mixture":
            at_first = self.loaded(worldview, self.dates[0])
            names = [member.priors.named for member in at_first.members]
        return [self._member(name) for name in names]

    def _member(self, worldview: str) -> dict[str, Any]:
        """Where a worldview departs from the base; how scores are made of sources."""
        tables = {date: self._departures(worldview, date) for date in self.dates}
        reasons = {
            name: {"status": prior.entry.status, "source": prior.entry.source, "reason": prior.reason}
            for name, prior in self.entries(worldview, self.dates[0]).items()
            if prior.reason and not prior.dated
        }
        priors = self.priors(worldview, self.dates[0])
        weights: dict[str, dict[str, float]] = {}
        for one in (*self._every(worldview), *(self.priors(worldview, date) for date in self.dates)):
            weights |= source_weights(one.uncertain, one.factors, one.correlations)
        return {
            "name": priors.worldview,
            "asked": worldview,
            "tables": tables,
            "weights": {name: of for name, of in weights.items() if of != {name: 1.0}},
            "reranked": sorted(priors.reranked) if priors.camp else None,
            "reasons": reasons,
        }

    def _departures(self, worldview: str, date: str) -> dict[str, list[Any]]:
        base = self.base[date]
        return {
            name: self.plain(worldview, name, prior.distribution)
            for name, prior in self.entries(worldview, date).items()
            if name not in base or prior.distribution != base[name].distribution
        }

    @cached_property
    def tables(self) -> dict[str, dict[str, list[Any]]]:
        """What the base believes of every entry, by date."""
        return {
            date: {name: self.plain(self.case.base, name, prior.distribution) for name, prior in entries.items()}
            for date, entries in self.base.items()
        }

    def plain(self, worldview: str, entry: str, distribution: Distribution) -> list[Any]:
        """Family, location, scale and probability of nil; a constant is a normal one without a scale.

        A shape of its own has its values in the draws in the place of location and scale, as a text.
        """
        family = distribution.family
        if FAMILIES.get(family.name) is family:
            return [family.name, distribution.location, distribution.scale, distribution.nil]
        carried = self.carried(worldview)
        scores = self.scores[carried[0] if carried else BASE].columns
        priors = next(one for one in self._every(worldview) if entry in one.entries)
        values = distribution.from_latent(priors.latents(scores)[entry])
        return ["drawn", as_text(np.asarray(values, "<f8").tobytes()), None, distribution.nil]

    def _every(self, worldview: str) -> Iterator[Priors]:
        """The priors of a worldview without and with each rival."""
        for rival in ("", *self.case.rival_names):
            yield self.priors(worldview, self.dates[0], rival)


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
