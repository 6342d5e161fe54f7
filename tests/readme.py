"""The pages that people read first, and the blocks in them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "analyses/README.md")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT = "$ toc "
LEFT_OUT = "..."


@dataclass(frozen=True)
class Block:
    """A block of a page: its language, "" where there is none, and what stands in it."""

    page: str
    language: str
    text: str


def page(name: str) -> str:
    """The text of a page."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, *languages: str) -> list[Block]:
    """The blocks of a page in these languages, in order."""
    return [Block(name, language, text) for language, text in BLOCK.findall(page(name)) if language in languages]


def transcripts(name: str) -> dict[str, str]:
    """What a page says that commands print, by what is typed after "toc"."""
    found = (block.text.removeprefix(PROMPT) for block in blocks(name, "") if block.text.startswith(PROMPT))
    return {command: shown for command, _, shown in (text.partition("\n") for text in found)}


def shown_parts(transcript: str) -> tuple[list[str], bool, bool]:
    """The parts of a transcript, and whether something is left out before the first and after the last."""
    lines = transcript.rstrip("\n").split("\n")
    parts: list[list[str]] = [[]]
    for line in lines:
        if line == LEFT_OUT:
            parts.append([])
        else:
            parts[-1].append(line)
    joined = ["\n".join(part).strip("\n") for part in parts]
    return [part for part in joined if part], lines[0] == LEFT_OUT, lines[-1] == LEFT_OUT
