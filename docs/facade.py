"""The page of the facade: every public name of the package, by what it is for."""

import inspect
from typing import Any

import toc_model
from docs.words import table
from toc_model.present.result import Result

HEAD = """\
# The facade

`import toc_model as toc` has one name for each question, and what they are asked with. Every question takes beliefs and
allocations first, each as itself, a name or a file, and gives a result that can say itself (`print`), give figures
(`to_dict`, `to_dataframe`) and, where there is one, a picture (`plot`). Without a case of one's own (`case=`) the
theory is that of the essay.

```python
import toc_model as toc

result = toc.run("essay", draws=500)
print(result)
```
"""
GROUPS = {
    "Deciding": ("run", "compare", "curve", "sweep", "optimise", "marginal", "voi", "sampling", "worldviews"),
    "Explaining": ("channels", "sensitivity", "disagree", "claims", "report", "explore"),
    "Doubting": ("harm", "grant", "check_claims", "structure", "rerun"),
    "Learning": ("import_survey", "update", "elicit"),
    "What questions are asked with": ("beliefs", "allocations", "move", "quantiles", "draws_of_your_own", "load"),
    "Long work": ("workers", "keeping"),
    "The model itself": ("evaluate", "do", "pin", "cut", "load_case"),
    "Classes": ("Beliefs", "Case", "Run", "Settings", "Story", "Study", "InputError"),
}
"""Names by what they are for, in the order of the page."""
CONSTANTS = ("ESSAY", "STORY")
"""Names that are values, told in a sentence of their own."""
LISTED = {"elicit": ("new", "read", "fit", "feedback", "weights", "pool", "worldview", "answers")}
"""Functions of a module that is a name."""
ELSEWHERE = """\
`ESSAY` is the case of the essay and `STORY` its story, both told on the pages of [the model](model/index.md). What
questions give is told under [results](results.md).
"""
RESULTS = """\
# Results

What a question gives can say itself: `print(result)` as the command does, a notebook as a table, `to_dict()` as
`--json` prints it, `to_dataframe()` as its main table, `plot()` as its picture. It computes nothing when it is shown.
"""


def page() -> str:
    """The page, with directives for mkdocstrings."""
    parts = [HEAD, table(("for", "names"), [(group, _links(names)) for group, names in GROUPS.items()])]
    parts += [ELSEWHERE]
    for group, names in GROUPS.items():
        parts += [f"## {group}", *(_directive(name) for name in names)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def results_page() -> str:
    """What each question gives, with directives for mkdocstrings."""
    parts = [RESULTS, directive(path_of(Result), Result.__name__, depth=2), "## What each question gives"]
    parts += [directive(path_of(found), found.__name__) for found in results()]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def results() -> list[type[Result]]:
    """Classes of all that questions give, each once, in the order of the questions."""
    questions = [getattr(toc_model, name) for names in GROUPS.values() for name in names if name not in LISTED]
    questions += [getattr(getattr(toc_model, module), name) for module, names in LISTED.items() for name in names]
    given = [inspect.signature(one).return_annotation for one in questions if inspect.isfunction(one)]
    told = {getattr(toc_model, name) for name in GROUPS["Classes"]}
    classes = [one for one in given if isinstance(one, type) and issubclass(one, Result) and one not in told]
    return list(dict.fromkeys(classes))


def home(name: str) -> str:
    """Where a public name is written down, as a path of modules."""
    found = getattr(toc_model, name)
    return str(found.__name__) if name in LISTED else path_of(found)


def path_of(found: Any) -> str:
    """Where a function or a class is written down, as a path of modules."""
    return f"{found.__module__}.{found.__qualname__}"


def _links(names: tuple[str, ...]) -> str:
    return ", ".join(f"[`{name}`](#{home(name)})" for name in names)


def _directive(name: str) -> str:
    return directive(home(name), f"toc.{name}", LISTED.get(name, ()))


def directive(path: str, heading: str, members: tuple[str, ...] = (), *, depth: int = 3) -> str:
    """What mkdocstrings makes a section of."""
    options = [f"heading: {heading}", f"heading_level: {depth}"]
    options += [f"members: [{', '.join(members)}]"] if members else []
    return "\n".join([f"::: {path}", "    options:", *(f"      {option}" for option in options)])
