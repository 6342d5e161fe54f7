"""Worldviews of one's own: a document to edit, and what is found in one."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.distributions import quantile_level
from toc_model.beliefs.loading import DRAWS, SEED
from toc_model.beliefs.mixture import weights_of
from toc_model.beliefs.parts import Part
from toc_model.beliefs.priors import Prior, Priors
from toc_model.beliefs.shipped import Documents
from toc_model.documents import as_toml, fail_if_not_toml
from toc_model.engine.evaluate import evaluate
from toc_model.engine.story import Story
from toc_model.errors import InputError
from toc_model.files import write_text
from toc_model.present import signs, words
from toc_model.present.result import Result
from toc_model.present.section import Section, Table
from toc_model.statistics import averages

if TYPE_CHECKING:
    import pandas as pd

FAR = 0.05
"""By how much the share of draws below a value may miss what members say, and meet it."""
COLUMNS = ["entry", "base", "own", "fit has below", "status", "reason"]
HEAD = """\
# A worldview of your own: what you believe instead of {base}, and why. Take the # from the lines of an entry to
# change it; every changed entry has a reason, and a source if there is one (without one it counts as an assumption).
# toc worldviews check {file} reads it, and --worldview {file} of every command rests on it.
description = "What this worldview is, and who holds it."
based_on = {quoted}
"""
MIXED = """\
# It mixes worldviews: what you change is changed in each of them. The comments say what {base} says.
"""


def new_document(documents: Documents, path: Path | str, based_on: str) -> None:
    """Write a document of one's own to edit, with all entries of the worldview that it is based on as comments.

    Parameters
    ----------
    documents : Documents
    path : path
        Ending in ``.toml``; there is none yet.
    based_on : str
        A worldview of the folder's. On a mixture the comments say what the base says.

    Raises
    ------
    InputError
        If the path can't be used, or the worldview is unknown.
    """
    to = Path(path)
    fail_if_not_toml(to)
    if to.exists():
        raise InputError(f"{to}: exists; allowed: a new file, for nothing is to be lost")
    if based_on.endswith(".toml"):
        names = ", ".join(documents.worldviews())
        raise InputError(f"based-on: found {based_on!r}; allowed: one of the folder's own: {names}")
    is_mixture = documents.mixture(based_on) is not None
    priors = documents.priors(None if is_mixture else based_on)
    head = HEAD.format(
        base=signs.visible(based_on), file=signs.visible(signs.one_line(to.name)), quoted=as_toml(based_on)
    )
    if documents.date:
        here = "" if documents.date.name != documents.case.date else "# "
        head += f"{here}as_of = {as_toml(documents.date.name)}  # state it for beliefs that go beyond that date's own\n"
    head += MIXED.format(base=signs.visible(documents.case.base)) if is_mixture else ""
    entries = "\n".join(_commented(name, prior) for name, prior in priors.entries.items() if prior.entry.quantiles)
    write_text(to, f"{head}\n{entries}")


def _commented(name: str, prior: Prior) -> str:
    key = name if name.isidentifier() else as_toml(name)
    values = ", ".join(f"{level} = {value:g}" for level, value in (prior.entry.quantiles or {}).items())
    terms = f"# terms = {prior.entry.terms}\n" if prior.entry.terms else ""
    nil = f"# nil = {prior.entry.nil:g}  # probability that there is no effect at all\n" if prior.entry.nil else ""
    return (
        f"# [parameters.{key}]  # {signs.visible(prior.label)}, {prior.entry.unit}\n# quantiles = {{ {values} }}\n"
        f'{terms}{nil}# reason = ""\n# source = ""\n'
    )


@dataclass(frozen=True, slots=True, repr=False)
class Checked(Result):
    """What a worldview's document says.

    Attributes
    ----------
    priors : Priors
    base : Priors
        Of the case's base, at the same date.
    dated : str
        The date, in words; empty where there is none.
    below : mapping of str to float
        Of a camp, by quantile that its members state, the share of its draws that are not above the value.
    """

    priors: Priors
    base: Priors
    dated: str
    below: Mapping[str, float] = field(default_factory=dict)

    @property
    def moved(self) -> Mapping[str, Prior]:
        """Entries that differ from the base."""
        return {name: one for name, one in self.priors.entries.items() if one.entry != self.base.entries[name].entry}

    def to_dict(self) -> dict[str, Any]:
        """By entry that differs: what the base and the worldview say, why, and of which status."""
        return {
            "worldview": self.priors.worldview,
            "as_of": self.dated,
            "description": self.priors.description,
            **({"below": dict(self.below)} if self.below else {}),
            "entries": {
                name: {
                    "base": _said(self.base.entries[name]),
                    "own": _said(one),
                    "probability": {f"{level:g}": given for level, given in one.probabilities.items()},
                    "misfit": one.misfit,
                    "missed": bool(one.missed),
                    "status": one.entry.status,
                    "reason": one.reason,
                }
                for name, one in self.moved.items()
            },
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each entry that differs."""
        import pandas as pd

        return pd.DataFrame.from_dict(self.to_dict()["entries"], orient="index").rename_axis("entry")

    def section(self) -> Section:
        """A table of what differs."""
        rows = self.rows(self.moved)
        name = words.quoted(self.priors.worldview)
        many = words.counted(len(rows), "entry").replace("entrys", "entries")
        when = f" as of {self.dated}" if self.dated else ""
        return Section(
            "worldview",
            "Worldview",
            f"{name}{when} can be used: {many} of {len(self.priors.entries)} differ from the base{self._picked}",
            [self.priors.description, *self.missed],
            tables=[*self._met, Table("", COLUMNS, rows)],
        )

    def rows(self, names: Collection[str]) -> list[list[str]]:
        """Of the table: a row for each of some entries that differ."""
        return [
            [one.label, _said(self.base.entries[name]), _said(one), _given(one), one.entry.status, one.reason]
            for name, one in self.moved.items()
            if name in names
        ]

    @property
    def _met(self) -> list[Table]:
        """What members say of the outcome, beside the draws that are picked, patches of the document with them."""
        if self.priors.camp is None:
            return []
        says = self.priors.camp.says
        rows = [
            [
                words.sized(value),
                f"{100 * quantile_level(name):g} %",
                f"{100 * self.below[name]:.1f} %",
                "" if _is_met(says.quantiles, value, self.below[name]) else "not met",
            ]
            for name, value in says.quantiles.items()
        ]
        return [Table("What members say, and its draws", [says.outcome, "said below", "draws below", ""], rows)]

    @property
    def missed(self) -> list[str]:
        """Entries whose fit is far from what is said, a sentence each."""
        return [
            f"The family can't meet what is said of {name}: the fit has {one.missed}."
            for name, one in self.moved.items()
            if one.missed
        ]

    @property
    def _picked(self) -> str:
        """That a camp differs from the base in its draws, and by what."""
        if self.priors.camp is None:
            return ""
        says = self.priors.camp.says
        told = ", ".join(f"{level} {words.sized(value)}" for level, value in says.quantiles.items())
        return f", and its draws are picked so that {says.outcome} in the reference world is what members say ({told})"

    def about(self) -> str:
        """Its name and how many entries differ."""
        return f"{self.priors.worldview!r}, {len(self.moved)} entries differ"


@dataclass(frozen=True, slots=True, repr=False)
class CheckedMixture(Result):
    """What a mixture's document says, or one that is based on a mixture; each of the parts can be used.

    Attributes
    ----------
    name, description : str
    parts : mapping of str to `Checked`
    weights : mapping of str to float
        They add up to one.
    """

    name: str
    description: str
    parts: Mapping[str, Checked]
    weights: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Its parts, each with its weight and what it says."""
        parts = {name: {"weight": self.weights[name], **part.to_dict()} for name, part in self.parts.items()}
        return {"worldview": self.name, "description": self.description, "parts": parts}

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each part."""
        import pandas as pd

        rows = {name: {"weight": self.weights[name], "differ": len(part.moved)} for name, part in self.parts.items()}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("worldview")

    def section(self) -> Section:
        """A table of the parts."""
        rows = [
            [name, f"{100 * self.weights[name]:.3g} %", str(len(part.moved)), part.priors.description]
            for name, part in self.parts.items()
        ]
        missed = dict.fromkeys(sentence for part in self.parts.values() for sentence in part.missed)
        return Section(
            "worldview",
            "Worldview",
            f"{words.quoted(self.name)} can be used: it mixes {words.counted(len(rows), 'worldview')}",
            [*([self.description] if self.description else []), *missed],
            tables=[Table("", ["worldview", "share of draws", "entries that differ", "what it is"], rows), *self._own],
        )

    @property
    def _own(self) -> list[Table]:
        """What a worldview that is based on a mixture moves in each part; one row where parts agree on it."""
        parts = self.parts.values()
        rows = dict.fromkeys(tuple(row) for one in parts if one.priors.over for row in one.rows(one.priors.over.moved))
        return [Table("What it moves in every part", COLUMNS, [list(row) for row in rows])] if rows else []

    def about(self) -> str:
        """Its name and parts."""
        return f"{self.name!r}, of {', '.join(self.parts)}"


def _is_met(quantiles: Mapping[str, float], value: float, below: float) -> bool:
    """Whether a share of draws is near the level that is stated for a value, or among those that are."""
    levels = [quantile_level(name) for name, stated in quantiles.items() if stated == value]
    return min(levels) - FAR <= below <= max(levels) + FAR


def _said(prior: Prior) -> str:
    """Quantiles or value, what is stated beside them, and the probability of no effect."""
    entry = prior.entry
    if entry.quantiles is None:
        return words.sized(entry.value or 0.0)
    nil = f", nil {entry.nil:g}" if entry.nil else ""
    stated = [f", {name} {value:g}" for name, value in asdict(entry.stated).items() if value is not None]
    return " / ".join(words.sized(value) for value in entry.quantiles.values()) + "".join(stated) + nil


def _given(prior: Prior) -> str:
    """What the fit gives the values below each elicited quantile."""
    found = prior.probabilities.values()
    return f"{' / '.join(f'{100 * given:.3g}' for given in found)} %" if found else ""


def check(documents: Documents, worldview: Path | str) -> Checked | CheckedMixture:
    """Read a worldview and say what it changes.

    Parameters
    ----------
    documents : Documents
    worldview : path or str
        A document (``.toml``), a name, or a mixture such as ``"0.7*one + 0.3*other"``.

    Raises
    ------
    InputError
        If it can't be used: one line, which names file and entry.
    """
    if "*" in str(worldview):
        return _checked_mixture(documents, str(worldview), "", weights_of(str(worldview), documents.weights))
    if mixture := documents.mixture(str(worldview)):
        weights = weights_of(str(worldview), documents.weights)
        return _checked_mixture(documents, mixture.name, mixture.description, weights)
    return _checked(documents, Part(str(worldview)))


def _checked_mixture(
    documents: Documents, name: str, description: str, weights: Mapping[Part, float]
) -> CheckedMixture:
    several = len({part.over for part in weights}) > 1
    told = {part: str(part) if several else part.named for part in weights}
    parts = {told[part]: _checked(documents, part) for part in weights}
    return CheckedMixture(name, description, parts, {told[part]: weight for part, weight in weights.items()})


def _checked(documents: Documents, part: Part) -> Checked:
    at = documents.at_date_of(part.over or part.named)
    found = at.priors(*part)
    found.fail_if_differ(documents.case.story)
    return Checked(found, at.priors(), at.date.label if at.date else "", _below(documents.case.story, found))


def _below(story: Story, priors: Priors) -> dict[str, float]:
    """By quantile that members of a camp state, the share of its draws that are not above the value."""
    if priors.camp is None:
        return {}
    says, parameters = priors.camp.says, priors.draw(story, DRAWS, SEED)
    outcome = evaluate(story, parameters, priors.camp.anchor, [says.outcome])[says.outcome]
    return {name: averages.mean(outcome <= value).item() for name, value in says.quantiles.items()}
