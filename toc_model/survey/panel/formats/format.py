"""What a reader of the files of a tool is, and what all of them check."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from toc_model.errors import InputError
from toc_model.survey.documents.wide import Layout
from toc_model.survey.panel.panel import Panel, Question
from toc_model.survey.panel.said import Said


class Reader(Protocol):
    """Reads what a panel's experts said from a file."""

    def __call__(
        self, path: Path, panel: Panel, *, round_: str = "", question: str = "", columns: Layout | None = None
    ) -> list[Said]:
        """Read a file.

        Parameters
        ----------
        path : Path
        panel : Panel
        round_ : str
            In which it was said; may be empty where the file says it.
        question : str
            For a format whose files are about one question.
        columns : Layout, optional
            For a format whose columns are anybody's.

        Raises
        ------
        InputError
            Naming file, row and column, what was found and what is allowed.
        """
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format that judgements come in.

    Attributes
    ----------
    name : str
    suffixes : tuple of str
        Endings of files, in small letters, by which it is known without being named.
    read : Reader
    about : str
        In a few words, for people.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Reader
    about: str


def fail_if_given(path: Path, why: str, *, question: str = "", columns: Layout | None = None) -> None:
    """Fail where a format has no use for a question or a document of columns that somebody gave.

    Raises
    ------
    InputError
        Saying why.
    """
    if question:
        raise InputError(f"{path}: question: found {question!r}; allowed: none, for {why}")
    if columns is not None:
        raise InputError(f"{path}: columns: found a document of columns; allowed: none, for {why}")


def fail_if_form(question: Question, found: str, where: str) -> None:
    """Fail if an answer is not of the form that a question asks for.

    Raises
    ------
    InputError
        Naming both.
    """
    if question.form != found:
        raise InputError(f"{where}: found {found} for {question.name!r}; allowed: {question.form}")


def round_of(stated: str, asked: str, where: str) -> str:
    """The round that a file says, or the one that was asked for.

    Raises
    ------
    InputError
        If they differ.
    """
    if stated and asked and stated != asked:
        raise InputError(f"{where}: round: found {stated!r}; allowed: {asked!r}, the round that was named, or no other")
    return stated or asked


def each_once(found: Iterable[tuple[str, Said]]) -> list[Said]:
    """The answers, of which there is one for each round, expert and question.

    Parameters
    ----------
    found : iterable of (str, Said)
        With the place of each.

    Raises
    ------
    InputError
        Naming the place of a second one.
    """
    kept: dict[tuple[str, str, str], Said] = {}
    for where, said in found:
        if said.place in kept:
            raise InputError(
                f"{where}: found a second answer by {said.expert} to {said.question!r} in round {said.round}; "
                "allowed: one"
            )
        kept[said.place] = said
    return list(kept.values())
