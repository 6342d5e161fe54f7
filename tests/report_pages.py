"""A report of hostile documents, and how to read a page without a browser."""

import re
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.essay.case import ESSAY
from toc_model.questions.report import Report, report

DRAWS = 200
CLAIMS = ("C02", "C09", "C28", "C40", "C52", "C91")
"""Of those that can be denied; all of them would take most of the time of the tests."""
SCRIPT = "<script>alert(1)</script>"
WORD = "w" * 500
ARABIC = "مرحبا بالعالم"
HOSTILE = (
    f"{SCRIPT} \"double\" 'single' {WORD} {ARABIC} \u202e\u2069\u200b| `tick` [link](javascript:alert(1)) $x_^$ \\frac"
)
NAME = f"<img src=x onerror=alert(1)> \"'{ARABIC}"
VOID = {"meta", "link", "path", "use", "rect", "br", "img", "input", "wbr"}


def toml(text: str) -> str:
    """A text as a basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\u200b-\u2069\ufeff]", lambda sign: f"\\u{ord(sign[0]):04X}", escaped) + '"'


def hostile_documents(folder: Path) -> Documents:
    """The shipped documents with hostile texts, and with few claims that can be denied."""
    priors = folder / "priors"
    shutil.copytree(ESSAY.documents, priors)
    for name, entry in (("deployment", "severity"), ("claims", "C40"), ("contradictions", "X01")):
        path = priors / f"{name}.toml"
        head, mark, rest = path.read_text(encoding="utf-8").partition(f"[{entry}]\n")
        own, gap, others = rest.partition("\n[")
        own = re.sub(
            r"(?m)^(question|source|text|resolution|note) = .*$", lambda found: f"{found[1]} = {toml(HOSTILE)}", own
        )
        path.write_text(f"{head}{mark}{own}{gap}{others}", encoding="utf-8")
    ledger = priors / "claims.toml"
    tables = re.split(r"(?m)^(?=\[C\d+\]$)", ledger.read_text(encoding="utf-8"))
    ledger.write_text("".join(map(_seldom_denied, tables)), encoding="utf-8")
    return Documents.of(ESSAY, priors)


def _seldom_denied(table: str) -> str:
    if table.startswith(tuple(f"[{name}]" for name in CLAIMS)):
        return table
    return re.sub(r"(?ms)^denial = \[.*?\]$", "denial = []", table)


def hostile_report(folder: Path, sections: Sequence[str] | None = None) -> Report:
    """Two worldviews, one of them with a hostile name and texts, on hostile priors, claims and allocations."""
    documents = hostile_documents(folder)
    worldview = folder / f"{NAME}.toml"
    worldview.write_text(
        f"description = {toml(HOSTILE)}\n[parameters.severity]\nreason = {toml(HOSTILE)}\n"
        "quantiles = { q05 = 0.2, q50 = 0.5, q95 = 0.8 }\n",
        encoding="utf-8",
    )
    allocations = folder / "allocations.toml"
    shares = "buying_time_share = { researchers = 0.5, builders = 0.3 }\n"
    allocations.write_text(
        f"[{toml(HOSTILE)}]\ndescription = {toml(HOSTILE)}\n{shares}[{toml(HOSTILE + '2')}]\n{shares}", encoding="utf-8"
    )
    beliefs = [load_beliefs(ESSAY, name, draws=DRAWS, priors=documents.folder) for name in ("base", str(worldview))]
    return report(
        beliefs,
        documents.allocations(allocations),
        allocation=HOSTILE,
        sections=sections,
        command=f"toc report {SCRIPT}",
    )


@dataclass
class Element:
    """An element of a page, with all text inside."""

    tag: str
    attributes: dict[str, str]
    parents: tuple[str, ...]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """All elements of a page, in their order."""

    elements: list[Element] = field(default_factory=list)
    stack: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parents = tuple(above.tag for above in self.stack)
        found = Element(tag, {name: value or "" for name, value in attrs}, parents)
        self.elements.append(found)
        if tag not in VOID:
            self.stack.append(found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.stack[-1].tag == tag, f"</{tag}> closes <{self.stack[-1].tag}>"
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        for above in self.stack:
            above.text += data

    def all(self, *tags: str) -> list[Element]:
        """Elements of these tags."""
        return [found for found in self.elements if found.tag in tags]

    def ids(self) -> Counter[str]:
        """How often each identifier is given."""
        return Counter(found.attributes["id"] for found in self.elements if "id" in found.attributes)


def read(text: str) -> Page:
    """Parse a page; elements that are closed out of turn are an error."""
    page = Page()
    page.feed(text)
    page.close()
    assert page.stack == []
    return page
