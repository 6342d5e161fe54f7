"""Other people's texts, so that nothing in them is hidden; it needs nothing else, for an error must be told at once."""

import re
import unicodedata

ISOLATE, END = "\u2068", "\u2069"
"""Around a name, so that its direction of writing does not leak into the sentence; pages turn them into markup."""
SEEMING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Signs that show nothing though their category is that of letters, marks or symbols."""
PLAIN = re.compile("[\n -~\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u2500-\u259f]*")
"""Texts of signs that all show, those of most languages of Europe and of tables."""
STACKED = 4
"""Marks on one letter that are shown as such; more of them are there to cover other lines."""
ENDS = {ord(sign): repr(sign)[1:-1] for sign in "\n\t\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"}
"""Ends of lines, and what is one somewhere, as text."""
PAIR = re.compile(f"{ISOLATE}([^{ISOLATE}{END}]*){END}")


def visible(text: str) -> str:
    r"""A text on one line, without the marks of `isolated`.

    What would be hidden or would steer a terminal stands there as its number, such as ``\x1b``: control characters,
    signs without width, those that turn the direction of writing, and marks on no letter or too many on one.
    """
    return visible_lines(text).replace("\n", " ")


def visible_lines(text: str) -> str:
    """The same, with the ends of lines as they are."""
    if PLAIN.fullmatch(text):
        return text
    found, marks = [], STACKED
    for sign in PAIR.sub(r"\1", text):
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else STACKED if sign.isspace() else 0
        if sign.isspace():
            found.append(sign if sign == "\n" else " ")
        else:
            shows = sign.isprintable() and marks <= STACKED and not SEEMING.match(sign)
            found.append(sign if shows else number_of(sign))
    return "".join(found)


def number_of(sign: str) -> str:
    """A sign as its number, as Python writes it."""
    number = ord(sign)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def one_line(name: str) -> str:
    """A name whose ends of lines and tabs stand there as text; in running text they are spaces."""
    return name.translate(ENDS)
