"""The mapping document that goes with the questions of a new survey, with blanks for a person to fill in."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from toc_model.documents import as_toml
from toc_model.files import write_text
from toc_model.survey.documents.conditions import parse_condition
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.documents.reading import WORDING
from toc_model.survey.documents.reference import explained
from toc_model.survey.documents.wording import asked

NOTHING: Mapping[str, Any] = MappingProxyType({})


def write_mapping(frame: pd.DataFrame, path: Path | str, status_quo: str) -> None:
    """Write the mapping document that goes with the questions, with what a person must state left to be stated.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `toc_model.survey.documents.template.template` makes it.
    path : Path
    status_quo : str
        Name of the allocation that questions are about where they name none.

    Raises
    ------
    InputError
        If the file can't be written.
    """
    write_text(Path(path), mapping_text(frame, status_quo))


def mapping_text(frame: pd.DataFrame, status_quo: str, known: Mapping[str, Any] = NOTHING) -> str:
    """Return the mapping document of a template as TOML; it can't be read before its blanks are filled in.

    Parameters
    ----------
    frame : pandas.DataFrame
    status_quo : str
    known : mapping of str to object
        What of the head needs no person: some of title, citation, population and year.
    """
    source = str(frame["source_id"].iloc[0])
    head = {"source_id": source, "title": "", "citation": "", "population": "", "year": 0, **known}
    rows = frame.drop_duplicates("question_id")
    several = set(rows["target"][rows["target"].duplicated()])
    lines = [
        "# Fill in what is empty, a year, and a bias_sd above 0: how far, on the question's scale, all respondents may",
        "# be wrong together. No number of answers makes up for it. Until then the document is refused.",
        "#",
        "# What a survey may state, each with an example:",
        "#",
        *explained(SurveyMapping),
        "",
        *(f"{key} = {as_toml(value)}" for key, value in head.items()),
        'verified = "yes"',
        "derived_from = []",
        "",
        "# What each of its questions may state, each with an example:",
        "#",
        *explained(Question),
    ]
    for row in rows.to_dict("records"):
        group = row["target"] if row["target"] in several else ""
        lines += ["", f"[questions.{_key(row['question_id'])}]", *_question_entries(row, status_quo, group)]
    return "\n".join(lines) + "\n"


def _question_entries(row: dict[Any, Any], status_quo: str, group: str) -> Iterator[str]:
    """Entries of a question; of several about one target, those that share a bias."""
    condition = parse_condition(row["condition"])
    entries = {"wording": asked(row[WORDING]), "target": row["target"], "scale": _scale(row), "kind": row["kind"]}
    yield from (_entry(key, text) for key, text in (entries | {"unit": row["unit"]}).items())
    for key in ("lower", "upper"):
        if not math.isnan(row[key]):
            yield f"{key} = {row[key]!r}"
    yield _entry("allocation", condition.allocation or status_quo)
    yield f"condition = {as_toml([override.text for override in condition.overrides])}"
    yield "bias_sd = 0.0"
    if group:
        yield _entry("bias_group", group)
    yield from (_entry(key, "") for key in ("bias_reason", "fair"))


def _key(name: str) -> str:
    return name if name.isascii() else as_toml(name)


def _entry(key: str, text: str) -> str:
    return f"{key} = {as_toml(text)}"


def _scale(row: dict[Any, Any]) -> str:
    if row["unit"] in ("probability", "fraction") and row["lower"] == 0:
        return "logit"
    return "log" if row["lower"] == 0 else "identity"
