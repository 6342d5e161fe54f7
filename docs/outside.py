"""What a built site would fetch from elsewhere when somebody opens it: nothing is allowed to."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

ELSEWHERE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
FETCHED = re.compile(r"""(?:url\(\s*['"]?|@import\s+['"])((?:https?:)?//[^'")\s]+)""", re.IGNORECASE)
ATTRIBUTES = ("src", "srcset", "data", "poster", "action", "background")
LINKS = frozenset({"canonical", "alternate", "author", "license", "next", "prev"})
"""Relations of a link that no browser fetches."""


class _Fetched(HTMLParser):
    """Collects addresses that a page fetches from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes of an element that name what is fetched."""
        given = {name: value or "" for name, value in attrs}
        named = [given[name] for name in ATTRIBUTES if name in given]
        if tag == "link" and not LINKS.issuperset(given.get("rel", "").split()):
            named.append(given.get("href", ""))
        if tag in {"image", "use"}:
            named += [given.get("href", ""), given.get("xlink:href", "")]
        self.found += [address for address in named if ELSEWHERE.match(address)]


def fetched(text: str) -> list[str]:
    """Addresses elsewhere that a page of HTML, SVG or a style sheet fetches."""
    parser = _Fetched()
    parser.feed(text)
    return [*parser.found, *FETCHED.findall(text)]


def outside(site: Path) -> Iterator[tuple[str, str]]:
    """Files of a site, and what each fetches from elsewhere."""
    for path in sorted(site.rglob("*")):
        if path.suffix in {".html", ".css", ".svg"}:
            for address in fetched(path.read_text(encoding="utf-8")):
                yield str(path.relative_to(site)), address
