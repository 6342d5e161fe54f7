"""Sections for the tests of what shows them."""

from toc_model.present.section import Head, Number, Section, Table
from toc_model.present.words import isolated, named

HOSTILE = "<b>x</b> | `y` [link](javascript:alert(1)) **bold** _stress_ ~~gone~~ $x$ \u202e\u2068\x1b[31m& \\"
LONG = "word " * 60
HEAD = Head("Would it change by -5?", "A page", [f"Before {isolated(HOSTILE)} after."])
TABLE = Table(
    f"A caption of {named('my_name')}: -1 to 1. {LONG}",
    ["name", "change", "what it is"],
    [
        ["one", Number("-1.20 [-3.0, +0.1]", -1.2), LONG],
        [HOSTILE, Number("+0.50 [0.0, +1.0]", 0.5), ""],
        ["w" * 300, "", "unbreakable"],
        ["all", Number("-0.70 [-3.0, +1.1]", -0.7), ""],
    ],
    note="How to read it.",
    last_apart=True,
)
SECTION = Section(
    "one",
    "One",
    f"What of {named('my_name')}?",
    [f"It changes by -5.20 [-7, +3] {LONG}", HOSTILE],
    tables=[TABLE, Table("Nothing to show", ["a"], [])],
    notes=["- no list"],
    points=[(HOSTILE, LONG)],
    verbatim="{\n  -5 \x1b```\n}",
    folded="Unfold it",
)
