"""A case: one theory of change with all that the questions need to know of it.

The engine, the statistics and the questions know no outcome, lever or node by name; what they ask about and how they
call it is said here. Everything but the name, the story, the objective and the documents may be left empty, and each
question then leaves out what it can't say.
"""

import importlib
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

from toc_model.engine.declare import Channel, Law, Variable
from toc_model.engine.facets import Cost, Delay, Group, Moving, Objective, Rate, Stage
from toc_model.engine.facts import CaseFacts
from toc_model.engine.reading import last_name
from toc_model.engine.story import Story
from toc_model.engine.telling import fail_if_untellable
from toc_model.errors import InputError, unknown


class Finding(ABC):
    """What a step found under one worldview."""

    __slots__ = ()

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Its figures, by keys that no other step has."""

    @abstractmethod
    def section(self, beside: Sequence[Any] = (), *, pictures: bool = False) -> Any:
        """What is said about it, as a section, with what the same step found under other worldviews."""

    @property
    def per_unit(self) -> Mapping[str, Any]:
        """Small amounts of the outcome that a unit of cost gains, dims ``(draw,)``, by what it is spent on; if any."""
        return {}

    @property
    def draw(self) -> Callable[[Sequence[Any]], Any] | None:
        """Makes a figure of what the step found under several worldviews; None where there is none."""
        return None


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader of files that a survey's answers came in; imported when it is called.

    Attributes
    ----------
    home : str
        ``MODULE:FUNCTION``: from a path and a mapping document to a table of answers in the long format.
    mapping : str
        Name of the mapping document that it reads by by default.
    statement : str
        What files it reads, in a sentence.
    """

    home: str
    mapping: str
    statement: str

    def read(self, path: Path | str, mapping: Any) -> Any:
        """Read a file of answers.

        Parameters
        ----------
        path : Path
        mapping : SurveyMapping

        Returns
        -------
        pandas.DataFrame
            In the long format.

        Raises
        ------
        InputError
            If the file can't be read, or does not have what the mapping asks for.
        """
        module, _, name = self.home.partition(":")
        return getattr(importlib.import_module(module), name)(Path(path), mapping)


WITH = "+"
"""Between a case's home and the rivals that it is under."""
OURS = f"{__name__.partition('.')[0]}."
"""How the names of modules of this package begin."""

type Step = Callable[[Any, Any, str], Finding]
"""From beliefs, allocations and the name of one of them to a finding on a small change at its margin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(CaseFacts):
    """A theory of change, and what is asked of it.

    Attributes
    ----------
    name : str
        Also the status of priors, and the ``verified`` of surveys, that are the theory's own.
    story : Story
    objective : Objective
    documents : Path
        The folder of documents that ships with it.
    theory : str
        What it is called in a sentence, such as "the village".
    question : str
        What it asks, in a sentence, for the help of the command.
    headline, introduction : str
        Title and first paragraph of its report; made of the objective and the proposal by default.
    status_quo : str
        Name of the allocation that changes are reported from; the reference by default.
    proposal : str
        Name of the allocation that is compared with it by default; the first other one if empty.
    worldviews : tuple of str
        Those that are told beside each other by default; the first is the base, to which others are patches.
    default : str
        The one that figures rest on by default; the base if empty.
    successors : mapping of str to str
        What worldviews of earlier versions are called now, for errors.
    date : str
        Name of the date at which the base's beliefs are held; empty for a case without dates.
    delay : Delay, optional
        What the cost of delay is counted in.
    stages : tuple of Stage
        Nodes over which a change of the outcome is split.
    rates : tuple of Rate
        By which a worldview is described.
    lever : str
        The variable of a lever that curves and best values move by default; the first that there is, if empty.
    describe : str
        What an allocation does, in words that end a sentence, with names of variables in braces for what they are set
        to, such as "{fence} are fenced"; all variables with their names if empty.
    channels : tuple of Channel
    groups : tuple of Group
    targets : mapping of str to law
        Functions of nodes that surveys may ask about.
    steps : tuple of Step
        Small changes that the margin is asked about.
    cost : Cost, optional
    moving : Moving, optional
    titles : mapping of str to (str, str)
        What a question is called in a table of contents and as a heading, by the question's name.
    places : mapping of str to str
        Places of dimensions as conditions in a question, such as "on the hill".
    recovery : str
        The parameter, a probability, about which surveys are simulated to see whether an update finds the truth; the
        first that there is by default.
    leaves_out : str
        What is not modelled, in words that end "no ... is modelled".
    limits : tuple of (str, str)
        The same and more, as titles and sentences.
    remarks : mapping of str to tuple of str
        Sentences that a question adds to its own, by the question's name.
    readers : mapping of str to Reader
        Readers of response files, by the name that ``toc survey import`` has for them.
    sections : mapping of str to callable
        Sections of its own for the report, by name; from the report's material and a callback for progress.
    external : callable, optional
        Published figures beside what the model implies.
    checks : callable, optional
        Gives the checks of its claims that can be run, by the claim's name in the ledger.
    rivals : tuple of module
        Rival mechanisms: each gives some laws of the story anew, see `under`.
    """

    name: str
    story: Story
    objective: Objective
    documents: Path
    home: str = ""
    theory: str = ""
    question: str = ""
    headline: str = ""
    introduction: str = ""
    status_quo: str = ""
    proposal: str = ""
    worldviews: tuple[str, ...] = ("base",)
    default: str = ""
    successors: Mapping[str, str] = MappingProxyType({})
    date: str = ""
    delay: Delay | None = None
    stages: tuple[Stage, ...] = ()
    rates: tuple[Rate, ...] = ()
    lever: str = ""
    describe: str = ""
    channels: tuple[Channel, ...] = ()
    groups: tuple[Group, ...] = ()
    targets: Mapping[str, Law] = MappingProxyType({})
    steps: tuple[Step, ...] = ()
    cost: Cost | None = None
    moving: Moving | None = None
    titles: Mapping[str, tuple[str, str]] = MappingProxyType({})
    places: Mapping[str, str] = MappingProxyType({})
    recovery: str = ""
    leaves_out: str = ""
    limits: tuple[tuple[str, str], ...] = ()
    remarks: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    readers: Mapping[str, Reader] = MappingProxyType({})
    sections: Mapping[str, Callable[..., Any]] = MappingProxyType({})
    external: Callable[..., Any] | None = None
    checks: Callable[[], Mapping[str, Any]] | None = None
    rivals: tuple[ModuleType, ...] = ()

    def __post_init__(self) -> None:
        unsaid = {
            "theory": self.name,
            "status_quo": self.story.reference,
            "lever": self.story.variables[0].name,
            "default": self.base,
        }
        for field_name, value in unsaid.items():
            object.__setattr__(self, field_name, getattr(self, field_name) or value)
        for name in (self.objective.node, *self.objective.parts.values(), *(stage.node for stage in self.stages)):
            self.story.node(name)
        self.story.variable(self.lever)
        fail_if_untellable(self.describe, self.story.variables, f"case {self.name}: describe")
        known = {channel.name for channel in self.channels}
        for group in self.groups:
            for name in group.channels:
                if name not in known:
                    raise InputError(f"case {self.name}: group {group.name}: {unknown('channel', name, known)}")

    def __repr__(self) -> str:
        return f"<Case {self.name!r}: {self.objective.label} by {', '.join(self.story.levers)}>"

    def __reduce__(self) -> tuple[Any, ...]:
        if not self.home:
            raise InputError(f"case {self.name}: has no home (MODULE:NAME), so that it can't be pickled")
        return load_case, (self.home,)

    @property
    def rival_names(self) -> tuple[str, ...]:
        """What the rival mechanisms are called."""
        return tuple(last_name(module.__name__) for module in self.rivals)

    @property
    def switched(self) -> tuple[str, ...]:
        """Names of the rival mechanisms that the story has."""
        return self.story.rival_names

    def under(self, rivals: Iterable[str]) -> "Case":
        """The same theory with some rival mechanisms, and without all others.

        Parameters
        ----------
        rivals : iterable of str
            Names, in any order.

        Raises
        ------
        InputError
            If one is unknown or named twice, or two give the same law.
        """
        wanted = list(rivals)
        for name in wanted:
            if not self.rivals:
                raise InputError(f"rival: found {name!r}; the case {self.name} has no rival mechanisms")
            if name not in self.rival_names:
                raise InputError(unknown("rival", name, self.rival_names))
            if wanted.count(name) > 1:
                raise InputError(f"rival: found {name!r} twice")
        modules = [module for name, module in zip(self.rival_names, self.rivals, strict=True) if name in wanted]
        if modules == list(self.story.rivals):
            return self
        story, home = self.story.with_rivals(modules), self.home.partition(WITH)[0]
        return replace(self, story=story, home=home and WITH.join([home, *story.rival_names]))

    @property
    def base(self) -> str:
        """Name of the base worldview."""
        return self.worldviews[0]

    @property
    def reference(self) -> str:
        """Name of the allocation whose world laws and interventions are anchored to."""
        return self.story.reference

    @property
    def swept(self) -> Variable:
        """The variable that curves and best values move by default."""
        return self.story.variable(self.lever)

    def marked(self, name: str) -> Sequence[str]:
        """Sentences that a question adds to its own."""
        return self.remarks.get(name, ())


def loaded_case(home: str, where: str) -> Case:
    """A case that is loaded already, or part of the package: what a file says must not choose which code is run.

    Parameters
    ----------
    home : str
        As `load_case` takes it.
    where : str
        The file that says it, for messages.

    Raises
    ------
    InputError
        If no such case is loaded, or a rival is unknown to it.
    """
    place, *rivals = home.split(WITH)
    module, _, name = place.partition(":")
    if module.startswith(OURS):
        with suppress(ImportError):
            importlib.import_module(module)
    found = vars(sys.modules[module]).get(name) if module in sys.modules else None
    if not isinstance(found, Case):
        raise InputError(f"{where}: is of the case {home!r}, which is not loaded; allowed: to import it first")
    try:
        return found.under(rivals)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def load_case(home: str) -> Case:
    """Find a case by ``MODULE:NAME``; the current folder is searched too.

    Parameters
    ----------
    home : str
        Such as ``mine.case:CASE``, or ``mine.case:CASE+RIVAL+RIVAL``.

    Raises
    ------
    InputError
        If there is no such module, no case of this name in it, or a rival is unknown to it.
    """
    place, *rivals = home.split(WITH)
    module, _, name = place.partition(":")
    if not module or not name:
        raise InputError(f"case: found {home!r}; allowed: MODULE:NAME, such as mine.case:CASE")
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        found = getattr(importlib.import_module(module), name)
    except (ModuleNotFoundError, AttributeError) as error:
        raise InputError(f"case {home!r}: can't be found ({error})") from None
    if not isinstance(found, Case):
        raise InputError(f"case {home!r}: found {type(found).__name__}; allowed: a Case")
    return found.under(rivals)
