"""What only the essay may name, and how to find it in a text."""

import re

from toc_model.essay.case import ESSAY

STORY = ESSAY.story
NAMES = {
    *STORY.dims,
    *STORY.dimensions,
    *(place for places in STORY.dimensions.values() for place in places),
    *(chapter.name for chapter in STORY.chapters),
    *(channel.name for channel in ESSAY.channels),
    *(lever.prefix or lever.name for lever in STORY.levers.values()),
    *ESSAY.targets,
    *ESSAY.worldviews[1:],
    *ESSAY.successors,
    *ESSAY.objective.parts,
    ESSAY.proposal,
    ESSAY.status_quo,
}
"""Everything that the essay's case names, but for its base, which has the name that every case's has by default."""
LABELS = re.compile(
    r"P\(doom\)|micro-?doom|dooms?\b|catastroph|\bFTE\b|\bAGI\b|buy(s|ing)? time|Figure 1\b", re.IGNORECASE
)
"""How people call its things."""
COMMON = {
    "adoption": "adopting anything",
    "alignment": "of labels, or of a table's cells",
    "averaged": "the mean of anything",
    "branch": "of a graph or a formula",
    "complementarity": "an argument of the shape `both_needed`, which any story may use",
    "evaluations": "of a story",
    "intervention": "on a story: do, pin or cut",
    "lead": "to lead somewhere",
    "mix": "to mix worldviews",
    "neutral": "a colour",
    "outside": "bounds, a folder or a figure",
    "panel": "a part of a figure",
    "pool": "of threads or sources",
    "reach": "to reach a node along arrows",
    "response": "of an outcome to an input, or a respondent's",
    "safe": "to do",
    "solved": "an equation",
    "status_quo": "what a case calls its own: `case.status_quo`",
}
"""Names that are words as well, by what they may mean elsewhere: there only a text that is nothing else is one."""


def words_in(text: str) -> set[str]:
    """Words as they may be names."""
    return set(re.findall(r"[A-Za-z_]\w*", text))


def essay_words(text: str) -> list[str]:
    """What only the essay may say, in a text of code or of people."""
    words = words_in(text)
    own = {word for word in words if word in NAMES and (word not in COMMON or word == text)}
    labels = {found[0] for found in LABELS.finditer(text)}
    return sorted(own | labels | {word for word in words if LABELS.search(word.replace("_", " "))})
