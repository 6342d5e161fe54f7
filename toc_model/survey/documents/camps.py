"""Camps of a survey, and labels that may be two spellings of one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class Camps:
    """Who answered in which camp.

    Attributes
    ----------
    sizes : dict of str to int
        Respondents by camp, the largest first.
    without : int
        Respondents without a camp: they share nothing but what all share.
    alike : tuple of tuple of str
        Camps whose names differ in capitals, spaces and the like alone.
    people_alike : tuple of tuple of str
        Respondents, likewise.
    """

    sizes: dict[str, int]
    without: int
    alike: tuple[tuple[str, ...], ...]
    people_alike: tuple[tuple[str, ...], ...]


def camps_of(frame: pd.DataFrame) -> Camps:
    """Count the camps of answers in the long format."""
    given = frame[frame["respondent_id"] != ""]
    people = given[["source_id", "respondent_id", "group"]].drop_duplicates()
    counted = people[people["group"] != ""]["group"].value_counts()
    sizes = {str(name): int(many) for name, many in counted.items()}
    return Camps(
        sizes,
        int((people["group"] == "").sum()),
        spelled_alike(sizes),
        tuple(
            found
            for _, of_source in people.groupby("source_id", sort=False)
            for found in spelled_alike(of_source["respondent_id"])
        ),
    )


def spelled_alike(labels: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Labels that differ in capitals, spaces, hyphens and full stops alone."""
    found: dict[str, list[str]] = {}
    for label in dict.fromkeys(labels):
        found.setdefault(re.sub(r"[\s._-]+", "", label.casefold()), []).append(label)
    return tuple(tuple(names) for names in found.values() if len(names) > 1)


def with_camps(frame: pd.DataFrame) -> pd.DataFrame:
    """The answers with everybody's camp in all of their rows, where some leave it blank."""
    named = frame["group"].where(frame["group"] != "")
    stated = named.groupby([frame["source_id"], frame["respondent_id"]]).transform("first")
    filled = named.fillna(stated.where(frame["respondent_id"] != "")).fillna("")
    return frame.assign(group=filled.astype("str"))
