"""What each key of a mapping document means, with an example: comments for whoever writes one.

The meaning is that of the schema's docstring. A new key needs its entry there and a line of example here.
"""

import inspect
import re
from collections.abc import Iterator
from textwrap import wrap

from toc_model.documents import Document
from toc_model.survey.documents.mapping import Question, SurveyMapping
from toc_model.survey.kinds import KINDS

OF_SURVEY = (
    'source_id = "colleagues_2026"',
    'title = "What our colleagues expect"',
    'citation = "Asked by mail in March 2026; the answers are in colleagues.csv"',
    'population = "Twelve colleagues, all who were asked; none of them forecasts for a living"',
    "year = 2026",
    'verified = "yes"',
    'derived_from = ["colleagues_2025"]',
    'rounds = ["before", "after"]',
    "[questions.how_likely]",
)
"""An example of each key of a survey."""
OF_QUESTION = (
    'wording = "How likely is it? (paraphrased)"',
    'target = "NODE[PLACE]"',
    'scale = "logit"',
    'kind = "probability"',
    'framing_kinds = { thresholds = "cdf_point" }',
    'unit = "percent"',
    "lower = 0.0",
    "upper = 100.0",
    "shift = 1.0",
    "sign = -1",
    'condition = ["do(NODE)=0.5"]',
    'allocation = "NAME"',
    "spread = 1.5",
    "bias_sd = 1.0",
    'bias_reason = "Two camps, both informed, differ by twice as much."',
    'bias_group = "colleagues:when"',
    "bias_rho = 0.8",
    'fair = "They were asked of any country; the model has one."',
    'framings = ["quantiles", "thresholds"]',
    "framing_sd = 0.2",
    'categories = ["no", "a little", "yes"]',
    'anchors = { "yes" = { from = 0.5, sd = 0.5, reason = "It is put as: more likely than not." } }',
    "resolved = 0.31",
    'column = "Q7_1"',
    'crux = "A ban by 2030"',
)
"""An example of each key of a question."""
ENTRY = re.compile(r"(?P<names>\w+(?:, \w+)*) : .+")
"""How the entry of an attribute begins in a docstring."""
WIDTH = 110


def explained(schema: type[SurveyMapping | Question]) -> Iterator[str]:
    """Lines of comment on each key of a schema: its name, what it means, and an example."""
    meanings, examples = described(schema), examples_of(schema)
    for name, field in schema.model_fields.items():
        needed = ", needed" if field.is_required() else ""
        more = f" {_kinds()}" if name == "kind" else ""
        text = f"{name}{needed}: {meanings.get(name, '')}{more}"
        yield from wrap(text, WIDTH, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False)
        yield f"#     {examples.get(name, '')}"


def examples_of(schema: type[SurveyMapping | Question]) -> dict[str, str]:
    """A line of TOML for each key, by key."""
    lines = OF_QUESTION if schema is Question else OF_SURVEY
    return {line.strip("[").replace(".", " ").split(maxsplit=1)[0]: line for line in lines}


def described(schema: type[Document]) -> dict[str, str]:
    """What the docstring of a schema says of its attributes, as one line of plain text each."""
    _, _, section = (inspect.getdoc(schema) or "").partition("Attributes\n----------\n")
    found: dict[str, str] = {}
    names: list[str] = []
    for line in section.splitlines():
        if entry := ENTRY.fullmatch(line):
            names = entry["names"].split(", ")
        elif line.startswith(" "):
            found |= {name: f"{found.get(name, '')} {line.strip()}".strip() for name in names}
        elif line.strip():
            names = []
    return {name: re.sub("``(.+?)``", r"'\1'", text).replace("`", "") for name, text in found.items()}


def _kinds() -> str:
    told = (
        f"{name}: {(inspect.getdoc(type(kind)) or '').partition('\n')[0].rstrip('.')}" for name, kind in KINDS.items()
    )
    return f"One of {'; '.join(told)}."
