"""Where the pages of a model have each node, lever, mark, parameter and claim."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from docs.words import in_words
from toc_model.beliefs.claims import Claim, Contradiction
from toc_model.beliefs.priors import Prior
from toc_model.beliefs.shipped import Documents
from toc_model.engine.case import Case
from toc_model.engine.declare import Node
from toc_model.engine.story import Story
from toc_model.present.markdown import escaped

OVERVIEW, RIVALS, CLAIMS = "index", "rivals", "claims"
"""Pages besides those of the chapters."""


@dataclass(frozen=True, slots=True)
class Model:
    """A theory of change, with and without each of its rivals, and what its base believes.

    Attributes
    ----------
    case : Case
    documents : Documents
        At the date of the base.
    rivals : mapping of str to Story
        By name, the story with this rival alone.
    priors : mapping of str to Prior
        Of the base and of all rivals, by entry.
    claims, contradictions : mapping
        The ledger.
    pages : mapping of str to str
        The page of each node, lever, mark and parameter.
    """

    case: Case
    documents: Documents
    rivals: Mapping[str, Story]
    priors: Mapping[str, Prior]
    claims: Mapping[str, Claim]
    contradictions: Mapping[str, Contradiction]
    pages: Mapping[str, str]

    @classmethod
    def of(cls, case: Case) -> "Model":
        """That of a case, from the documents that ship with it."""
        documents = Documents.of(case)
        cases = {name: case.under([name]) for name in case.rival_names}
        priors = {**documents.priors().entries}
        for one in cases.values():
            priors = {**Documents.of(one).priors().entries, **priors}
        rivals = {name: one.story for name, one in cases.items()}
        claims, contradictions = documents.claims(), documents.contradictions()
        return cls(case, documents, rivals, priors, claims, contradictions, _pages(case.story, rivals, priors))

    @property
    def story(self) -> Story:
        """The story as it is written, without rivals."""
        return self.case.story

    def link(self, name: str) -> str:
        """A name in words, as a link to its place."""
        return f"[{in_words(name)}]({self.pages[name]}.md#{name})"

    def links(self, names: Iterable[str]) -> str:
        """Several of them."""
        return ", ".join(self.link(name) for name in names)

    def claims_as_links(self, claims: Iterable[str]) -> str:
        """Identifiers of claims, as links to the ledger that show what is claimed."""
        return ", ".join(f"[{name}]({CLAIMS}.md#{name} {_title(self.claims[name].text)})" for name in claims)

    def with_links(self, text: str) -> str:
        """A text of the ledger, where identifiers of claims and contradictions are links within it."""
        known = {*self.claims, *self.contradictions}

        def linked(word: re.Match[str]) -> str:
            return f"[{word[0]}](#{word[0]})" if word[0] in known else word[0]

        return re.sub(r"\b\w+\b", linked, escaped(text))

    def parameters_on(self, page: str) -> list[str]:
        """Parameters that a page has, in the order of the documents."""
        known = {name for story in (self.story, *self.rivals.values()) for name in story.parameters}
        ordered = dict.fromkeys(entry.partition("[")[0] for entry in self.priors)
        return [name for name in ordered if name in known and self.pages[name] == page]

    def new_in(self, rival: str) -> list[Node]:
        """Nodes whose laws a rival gives."""
        return [node for node in self.rivals[rival].nodes.values() if node.chapter == rival]


def _pages(story: Story, rivals: Mapping[str, Story], priors: Mapping[str, Prior]) -> dict[str, str]:
    found = dict.fromkeys((*story.levers, *story.indicators), OVERVIEW)
    chapters = {chapter.name for chapter in story.chapters}
    for name, node in story.nodes.items():
        found[name] = node.chapter
    for name, parameter in story.parameters.items():
        own = priors[story.entries_of(name)[0]].chapter
        found[name] = own if own in chapters else story.nodes[parameter.used_by[0]].chapter
    for other in rivals.values():
        for name in (*other.nodes, *other.parameters):
            found.setdefault(name, RIVALS)
    return found


def _title(text: str) -> str:
    """A text as the title of a link."""
    return '"' + escaped(text).replace('"', "&quot;") + '"'
