"""``toc elicit worldview``: a worldview in which a panel's pools stand in the place of priors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toc_model.beliefs.latents import Correlation
from toc_model.beliefs.misfit import MISSED
from toc_model.beliefs.posterior import is_posterior
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.files import write_text
from toc_model.naming import in_words
from toc_model.present.result import Result
from toc_model.present.section import Cell, Number, Section, Table
from toc_model.present.words import listed, named, quoted, sized
from toc_model.questions.elicit.opened import fail_if_other_case
from toc_model.survey.panel.pool_document import PoolDocument, PooledQuestion, read_pool
from toc_model.survey.panel.replacing import (
    AUTO,
    Replaced,
    fail_if_impossible_together,
    fail_if_no_prior,
    related,
    replaced,
    worldview_text,
)

if TYPE_CHECKING:
    import pandas as pd

LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True, repr=False)
class Changed(Result):
    """Priors before, and the pools in their place.

    Attributes
    ----------
    documents : Documents
    pool : PoolDocument
    found : tuple of Replaced
    related : tuple of PooledQuestion and Correlation
        Concordances, and the correlations that they make.
    left : tuple of PooledQuestion
        Pools of what is no parameter.
    based_on : str
    text : str
        The worldview's document, as TOML.
    """

    documents: Documents
    pool: PoolDocument
    found: tuple[Replaced, ...]
    related: tuple[tuple[PooledQuestion, Correlation], ...]
    left: tuple[PooledQuestion, ...]
    based_on: str
    text: str

    def save(self, path: Path | str) -> None:
        """Write the worldview's document.

        Raises
        ------
        InputError
            If it can't be written.
        """
        write_text(Path(path), self.text)

    def to_dict(self) -> dict[str, Any]:
        """What took whose place."""
        return {
            "panel": self.pool.panel,
            "did": "replaced",
            "based_on": self.based_on,
            "as_of": self.pool.as_of,
            "replaced": [one.to_dict() for one in self.found],
            "correlations": [one.model_dump(include={"between", "value"}) for _, one in self.related],
            "left": [one.question for one in self.left],
        }

    def to_dataframe(self) -> "pd.DataFrame":
        """A row for each parameter, before and after, in its unit."""
        import pandas as pd

        rows = [
            {"parameter": one.before.name, "whose": whose, "family": family, **values}
            for one in self.found
            for whose, family, values in _both(one)
        ]
        return pd.DataFrame(rows).set_index(["parameter", "whose"])

    def section(self) -> Section:
        """What was done in a sentence, and each parameter before and after."""
        names = [one.before.name for one in self.found]
        rows = [_row(self.documents, one, *side) for one in self.found for side in _both(one)]
        heads = ["parameter", "whose", "family", *(f"{100 * level:g} %" for level in LEVELS), "misfit"]
        return Section(
            "worldview",
            "Worldview",
            f"The panel {quoted(self.pool.panel)} on the worldview {named(self.based_on)}{self.documents.dated}",
            text=[self._did(names)],
            tables=[Table("", heads, rows), self._correlations()],
            notes=[
                f"Misfit: the largest difference, in points of probability, from the pool.{self._nil()}",
                *(_missed(one) for one in self.found if one.misfit >= MISSED),
            ],
        )

    def _did(self, names: list[str]) -> str:
        pairs = [" and ".join(one.between) for _, one in self.related]
        asked = ([f"the distribution of {listed(names)}"] if names else []) + (
            [f"how {listed(pairs)} go together"] if pairs else []
        )
        return (
            f"The panel was asked for {listed(asked)}: its pool replaces the prior, and no update is made. The same "
            f"answers can't update a worldview that rests on this one; others can.{self._left()}"
        )

    def _correlations(self) -> Table:
        rows: list[list[Cell]] = [
            [" and ".join(one.between), Number(f"{100 * p:.3g} %", p), Number(f"{one.value:+.2f}", one.value)]
            for pool, one in self.related
            if (p := pool.probability) is not None
        ]
        return Table("", ["pair", "same side of medians", "correlation of scores"], rows)

    def _left(self) -> str:
        if not self.left:
            return ""
        names = listed([one.about for one in self.left])
        return f" {names} follows from parameters, so that its answers may update ('toc elicit answers')."

    def _nil(self) -> str:
        kept = [one for one in self.found if one.entry.nil]
        told = listed([f"{100 * one.entry.nil:.3g} % for {one.before.name}" for one in kept])
        return f" The probability that there is no effect stays: {told}; pools are given that there is one." * bool(
            kept
        )

    def about(self) -> str:
        """Of which panel, on what."""
        return f"panel {self.pool.panel!r} on {self.based_on!r}, {len(self.found)} parameters"


def _missed(one: Replaced) -> str:
    """That no family came near to a pool, in figures."""
    shown = [one.pool.levels.get(level) for level in LEVELS]
    pooled = " / ".join("none" if value is None else sized(value) for value in shown)
    held = " / ".join(sized(float(one.distribution.quantile(level))) for level in LEVELS)
    family = in_words(one.entry.family)
    return (
        f"{family} misses the pool of {one.before.name}, {pooled}, which it makes {held}: this is not what the panel "
        "believes. Another family may be named; answers may update instead ('toc elicit answers')."
    )


def _both(one: Replaced) -> list[tuple[str, str, dict[str, float]]]:
    sides = (
        ("before", one.before.entry.family, one.before.distribution),
        ("panel", one.entry.family, one.distribution),
    )
    return [
        (whose, family, {f"q{100 * level:02.0f}": float(found.quantile(level)) for level in LEVELS})
        for whose, family, found in sides
    ]


def _row(documents: Documents, one: Replaced, whose: str, family: str, values: Mapping[str, float]) -> list[Cell]:
    is_first = whose == "before"
    misfit: Cell = "" if is_first else Number(f"{100 * one.misfit:.1f}", one.misfit)
    name = f"{one.before.name} ({documents.unit(one.before.entry.unit)})" if is_first else ""
    return [name, whose, in_words(family), *(Number(sized(x), x) for x in values.values()), misfit]


def changed(
    documents: Documents,
    path: Path,
    *,
    questions: Sequence[str] = (),
    families: Mapping[str, str] | None = None,
    based_on: str = "",
) -> Changed:
    """Put pools in the place of priors.

    Parameters
    ----------
    documents : Documents
        Of the folder; taken at the date of the panel.
    path : Path
        Of the document of pools.
    questions : sequence of str
        All that are about parameters where none are named.
    families : mapping of str to str, optional
        Of prior documents, by question; that which is nearest to the pool where none is named.
    based_on : str
        A worldview of the folder; that of the panel by default.

    Raises
    ------
    InputError
        If the document can't be read, is about another theory of change, or about no parameter, a question or family is
        unknown, the worldview is a mixture, a posterior or no worldview of the folder, or the judgements are counted
        there already.
    """
    pool = read_pool(path)
    fail_if_other_case(documents.case, pool.case, str(path))
    documents = Documents.of(documents.case, documents.folder, pool.as_of or None, documents.sets)
    base = based_on or pool.worldview
    if is_posterior(base) or documents.mixture(base) is not None:
        raise InputError(f"{path}: found the worldview {base!r}; allowed: one that is no posterior and no mixture")
    worldviews = documents.worldviews()
    if base not in worldviews and Path(base).exists():
        raise InputError(
            f"{path}: based_on: found the file {base!r}, which no worldview can be based on; allowed: "
            f"{', '.join(worldviews)}, or a folder of documents that has it (--priors)"
        )
    priors = documents.priors(base)
    for name in (*questions, *(families or ())):
        pool.pool(name)
    chosen = [pool.pool(name) for name in questions] if questions else list(pool.pools)
    for name in families or ():
        if name not in (replacing := [one.question for one in chosen]):
            raise InputError(f"family: found {name!r}, which is not replaced; allowed: {', '.join(replacing)}")
    pairs = tuple((one, related(priors, one, str(path))) for one in chosen if one.between)
    single = [one for one in chosen if not one.between]
    left = [] if questions else [one for one in single if not _is_parameter(documents, one)]
    kept = [one for one in single if one not in left]
    if not kept and not pairs:
        fail_if_no_prior(documents.case, left[0], str(path))
    fail_if_impossible_together(priors, [one for _, one in pairs], str(path))
    found = tuple(
        replaced(documents.case, priors, one, str(path), (families or {}).get(one.question, AUTO)) for one in kept
    )
    text = worldview_text(documents.case, pool, found, pairs, priors, base)
    return Changed(documents, pool, found, pairs, tuple(left), base, text)


def _is_parameter(documents: Documents, one: PooledQuestion) -> bool:
    try:
        fail_if_no_prior(documents.case, one, "")
    except InputError:
        return False
    return True
