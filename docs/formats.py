"""The page of the documents' formats: what each holds, from its schema, with an example that fits it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docs.examples import Example, cut, first_lines, on_a_mixture, panel
from docs.fields import about, anchor, entries, schemas_in
from docs.words import anchored, table, told
from toc_model.beliefs.allocation_schema import schema_of
from toc_model.beliefs.claims import Claim, Contradiction
from toc_model.beliefs.dates import DateDocument
from toc_model.beliefs.elicited import Elicited
from toc_model.beliefs.latents import Factors
from toc_model.beliefs.shipped import Documents
from toc_model.beliefs.stated import CampDocument, MixtureDocument, Worldview
from toc_model.documents import Document
from toc_model.essay.case import ESSAY
from toc_model.survey.documents.answers import Answer
from toc_model.survey.documents.mapping import SurveyMapping
from toc_model.survey.documents.wide import Layout
from toc_model.survey.panel.panel import Panel
from toc_model.survey.panel.pool_document import PoolDocument

ANALYSES = Path(__file__).parents[1] / "analyses" / "examples"
HEAD = """\
# Documents

All that a run rests on stands in documents, which people read and change: TOML files in one folder (`priors/` of the
repository, `--priors FOLDER` for one of your own) and tables of answers. Nothing in them is converted or guessed: what
does not fit is refused, with the entry, what was found and what is allowed. The tables on this page are made from the
schemas that check the documents.

| in the folder | what |
|---|---|
| `*.toml` | [chapters of priors](#chapters); `rivals/*.toml`: those of rival mechanisms |
| `factors.toml` | [what varies together](#factors) |
| `worldviews/*.toml` | [worldviews](#worldviews), [camps](#camps) and [mixtures](#mixtures) |
| `dates/*.toml` | [what another date changes](#dates) |
| `allocations.toml` | [who does what](#allocations) |
| `claims.toml`, `contradictions.toml` | [the ledger](#claims) |
| `surveys/*.toml`, `surveys/*.csv` | [mappings](#mappings) and [answers](#answers) of surveys |

Elsewhere, made by commands: [`panel.toml`](#panel) of a panel of experts, [pools](#pools), and
[layouts](#layouts) of other people's tables.
"""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of document.

    Attributes
    ----------
    anchor, title : str
    text : str
        What it is, before the fields; Markdown.
    schema : type of Document
    examples : tuple of Example
    within : str
        Where it stands in the document, where that is not the whole of it: "table" for one table an entry, "row".
    """

    anchor: str
    title: str
    text: str
    schema: type[Document]
    examples: tuple[Example, ...] = ()
    within: str = ""


def formats(documents: Documents) -> list[Format]:
    """All kinds of documents, with examples from those that ship."""
    folder = documents.folder
    return [
        Format(
            "chapters",
            "Chapters of priors",
            'A table an entry: a parameter, or one place of it in quotation marks, `["name[place]"]`.',
            Elicited,
            (cut(folder, "talent.toml", ("researchers_now",), head=False),),
            "table",
        ),
        Format(
            "factors",
            "Factors",
            "What several parameters have in common. Each entry has a normal latent, which is the sum of loading times "
            "factor and of a part of its own.",
            Factors,
            (cut(folder, "factors.toml", ("factors", "factors.loadings"), head=False),),
        ),
        Format(
            "worldviews",
            "Worldviews",
            "A patch on another worldview. `toc worldviews new mine` writes one to edit, `toc worldviews check "
            "mine.toml` reads it. On a mixture, a patch lies over each of its parts.",
            Worldview,
            (
                cut(folder, "worldviews/critic.toml", ("parameters.half_effort",)),
                on_a_mixture(documents, "panel"),
            ),
        ),
        Format(
            "camps",
            "Camps",
            "A worldview conditioned on what a group says of an outcome in the reference world: each draw is one "
            "member. It is a document with a table `says`.",
            CampDocument,
            (cut(folder, "worldviews/superforecasters.toml"),),
        ),
        Format(
            "mixtures",
            "Mixtures",
            "Worldviews in parts, a document with a table `parts`; `--worldview '0.7*one + 0.3*other'` says the same "
            "on the command line.",
            MixtureDocument,
            (cut(folder, "worldviews/panel.toml"),),
        ),
        Format(
            "dates",
            "Dates",
            "What another year changes in the base, and who does what in its reference world. Chapters state the "
            "beliefs of the first date, so that its own document changes nothing.",
            DateDocument,
            (cut(folder, "dates/late_2022.toml"),),
        ),
        Format(
            "allocations",
            "Allocations",
            "A table an allocation. The fields are the levers of the theory of change, by place, here those of the "
            "essay; another theory has others.",
            schema_of(documents.case.story),
            (cut(folder, "allocations.toml", ("recommended_evaluations",), head=False),),
            "table",
        ),
        Format(
            "claims",
            "Claims",
            "The ledger of what a theory claims, a table a claim.",
            Claim,
            (cut(folder, "claims.toml", ("C04",), head=False),),
            "table",
        ),
        Format(
            "contradictions",
            "Contradictions",
            "Where a theory pulls against itself, a table a place.",
            Contradiction,
            (cut(folder, "contradictions.toml", ("X04",), head=False),),
            "table",
        ),
        Format(
            "mappings",
            "Mappings of surveys",
            "What each question of a survey is about in the model, and why that is fair. `toc survey template` writes "
            "one to edit.",
            SurveyMapping,
            (cut(folder, "surveys/safety_leaders2026.toml", ("questions.agi",)),),
        ),
        Format(
            "answers",
            "Answers",
            "A table with a row an answer (CSV, TSV or XLSX). The columns may stand in any order.",
            Answer,
            (first_lines(folder, "surveys/safety_leaders2026.csv", 3),),
            "row",
        ),
        Format(
            "layouts",
            "Layouts",
            "Where answers stand in a table with a row a respondent, for `toc survey import wide --columns`.",
            Layout,
            (cut(ANALYSES, "columns.toml"),),
        ),
        Format(
            "panel",
            "Panels of experts",
            "What is asked of whom, in which rounds; `toc elicit new` writes it as `panel.toml`, with the sheets.",
            Panel,
            (panel(documents, "agi_year"),),
        ),
        Format(
            "pools",
            "Pools",
            "What a panel believes in common; `toc elicit pool` writes it, and `toc elicit worldview` puts it in the "
            "place of priors.",
            PoolDocument,
        ),
    ]


def page() -> str:
    """The page, about the documents of the essay."""
    told_already: set[type[Document]] = set()
    parts = [HEAD]
    for one in formats(Documents.of(ESSAY)):
        parts += [anchored(one.title, one.anchor, 2), one.text, *(example.block for example in one.examples)]
        parts += _tables(one.schema, told_already)
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _tables(schema: type[Document], told_already: set[type[Document]]) -> Iterator[str]:
    """What a schema and those within it hold; each is told once."""
    yield fields_of(schema)
    for inner in schemas_in(schema):
        if inner not in told_already:
            told_already.add(inner)
            yield anchored(f"{inner.__name__}", anchor(inner), 3)
            yield told(about(inner))
            yield fields_of(inner)


def fields_of(schema: type[Document]) -> str:
    """All fields of a schema as a table."""
    rows = [(f"`{one.name}`", one.kind, one.default or "must be stated", told(one.meaning)) for one in entries(schema)]
    return table(("entry", "holds", "by default", "what it is"), rows)
