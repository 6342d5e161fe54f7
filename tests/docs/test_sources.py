"""The sources of the reference are in step with the code: nothing is missing, nothing is told that is not there."""

import importlib
import inspect
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest

import toc_model
from docs import command, facade, formats, model
from docs.examples import cut
from docs.fields import entries, meanings, schemas_in
from docs.outside import fetched, outside
from docs.pages import listed, pages, pictures
from docs.places import Model
from tests import toy
from tests.names import essay_words
from toc_model.beliefs.loading import load_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.documents import Document, checked
from toc_model.engine.program.equations import equation
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.essay.home import HOME
from toc_model.questions.commands import COMMANDS, commands_of
from toc_model.survey.documents.answers import Answer
from toc_model.survey.documents.schema import read_long

ROOT = Path(__file__).parents[2]
WRITTEN = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}
ANCHOR = re.compile(r"\{ #([\w-]+) \}")
LINK = re.compile(r"\]\((?P<page>[\w./-]*?)(?:#(?P<anchor>[\w.-]+))?(?: \"[^\"]*\")?\)")
DIRECTIVE = re.compile(r"^::: ([\w.]+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return pages()


@pytest.fixture(scope="module")
def every(made: dict[str, str]) -> dict[str, str]:
    return {**WRITTEN, **made}


@pytest.fixture(scope="module", params=[ESSAY, toy.CASE], ids=["essay", "toy"])
def theory(request: pytest.FixtureRequest) -> Model:
    return Model.of(request.param)


@pytest.fixture(scope="module")
def kinds() -> list[formats.Format]:
    return formats.formats(Documents.of(ESSAY))


# Links ----------------------------------------------------------------------------------------------------------------


def dead_links(texts: Mapping[str, str], files: frozenset[str] = frozenset()) -> list[str]:
    """Links to pages or anchors that are not there; anchors of the code are mkdocstrings' to check."""
    anchors = {path: ANCHOR.findall(text) for path, text in texts.items()}
    found = []
    for path, text in texts.items():
        for link in LINK.finditer(text):
            page, anchor = link["page"], link["anchor"]
            to = str(Path(path).parent / page).removeprefix("./") if page else path
            if to in files or (anchor and anchor.startswith("toc_model.") and to in texts):
                continue
            if to not in texts or (anchor and anchor not in anchors[to]):
                found.append(f"{path}: {link[0]}")
    return found


def test_all_links_lead_somewhere(every: dict[str, str]) -> None:
    assert dead_links(every, frozenset(["model/graph.svg"])) == []
    assert len(LINK.findall(every["model/talent.md"])) > 100


def test_a_dead_link_is_found() -> None:
    texts = {"a.md": "# A { #a }\n[b](b.md#b) [c](b.md#c) [d](d.md) [a](#a) [x](#x 'x')", "b.md": "# B { #b }"}
    assert dead_links(texts) == ["a.md: ](b.md#c)", "a.md: ](d.md)"]


def test_no_page_has_an_anchor_twice(every: dict[str, str]) -> None:
    for path, text in every.items():
        assert [name for name, times in Counter(ANCHOR.findall(text)).items() if times > 1] == [], path


def test_the_navigation_has_each_page_once(every: dict[str, str]) -> None:
    by_hand = re.findall(r"^ +- .+: ([\w/]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    of_the_model = [path for entry in listed() for path in entry.values()]
    assert sorted([*by_hand, *of_the_model]) == sorted(every)


# The facade and the code ----------------------------------------------------------------------------------------------


def thing(path: str) -> Any:
    """What a path of modules leads to."""
    module, names = path, list[str]()
    while True:
        try:
            found: Any = importlib.import_module(module)
            break
        except ModuleNotFoundError:
            module, _, name = module.rpartition(".")
            names.insert(0, name)
    for name in names:
        found = getattr(found, name)
    return found


def test_the_facade_has_every_public_name_once() -> None:
    names = [name for group in facade.GROUPS.values() for name in group]
    assert sorted([*names, *facade.CONSTANTS]) == sorted(toc_model.__all__)


def test_the_facade_has_every_function_of_a_module_that_is_a_name() -> None:
    for name, functions in facade.LISTED.items():
        module = getattr(toc_model, name)
        own = {
            key
            for key, found in vars(module).items()
            if inspect.isfunction(found) and inspect.unwrap(found).__module__ == module.__name__ and key[0] != "_"
        }
        assert own == set(functions)


def test_what_is_told_of_the_code_is_there_and_says_something(every: dict[str, str]) -> None:
    paths = [path for text in every.values() for path in DIRECTIVE.findall(text)]
    assert [path for path in paths if not inspect.getdoc(thing(path))] == []
    assert [path for path, times in Counter(paths).items() if times > 1] == []
    assert len(paths) > 80


def test_results_are_told_once_and_all() -> None:
    told = [found.__name__ for found in facade.results()]
    assert len(told) == len(set(told)) > 20
    assert {"Comparison", "Curve", "Update", "Weights"} <= set(told)


def blocks(text: str, language: str) -> Iterator[str]:
    yield from re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_python_on_the_pages_runs(every: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    found = [block for text in every.values() for block in blocks(text, "python")]
    assert len(found) == 2
    for block in found:
        exec(compile(block, "page", "exec"), {"__name__": "page"})  # noqa: S102
    assert "P(doom)" in capsys.readouterr().out


# The command ----------------------------------------------------------------------------------------------------------


def test_the_page_of_the_command_has_all_of_it(made: dict[str, str]) -> None:
    page = made["command.md"]
    root = commands_of(HOME)
    context = click.Context(root, info_name="toc", **root.context_settings)
    found = list(command.commands(root, context))
    assert {path.split()[1] for path, _, _ in found} == set(COMMANDS)
    sections = dict(zip(ANCHOR.findall(page), re.split(r"^#+ .*\{ #.*\}$", page, flags=re.MULTILINE)[1:], strict=True))
    assert list(sections) == [command.anchor(path) for path, _, _ in found]
    for path, one, below in found:
        for option in one.get_params(below):
            if isinstance(option, click.Option) and not option.hidden and "--help" not in option.opts:
                assert any(f"`{name}" in sections[command.anchor(path)] for name in option.opts), f"{path} {option}"


def test_commands_of_the_start_are_there() -> None:
    asked = re.findall(r"^uv run toc (\w+)", WRITTEN["index.md"], re.MULTILINE)
    assert len(asked) == 3
    assert set(asked) <= set(COMMANDS)


# The documents --------------------------------------------------------------------------------------------------------

INTERNAL = {
    *("Kept", "SavedAllocations", "SavedBeliefs", "SavedChange", "SavedMember", "SavedPosterior", "SavedRun"),
    *("Sampling", "Trust"),
}
"""Schemas of what commands write for themselves, in files that nobody edits."""


def schemas(kinds: list[formats.Format]) -> dict[type[Document], str]:
    """All schemas that are told, with the kind of document that has them."""
    found: dict[type[Document], str] = {}
    for kind in kinds:
        for schema in (kind.schema, *schemas_in(kind.schema)):
            found.setdefault(schema, kind.anchor)
    return found


def test_every_field_says_what_it_is(kinds: list[formats.Format]) -> None:
    silent = [
        f"{schema.__module__}.{schema.__name__}: {entry.name}"
        for schema in schemas(kinds)
        for entry in entries(schema)
        if not entry.meaning
    ]
    assert silent == []


def test_docstrings_speak_of_fields_that_are_there(kinds: list[formats.Format]) -> None:
    for schema in schemas(kinds):
        assert meanings(schema).keys() <= schema.model_fields.keys(), schema


def test_every_schema_is_told_or_internal(kinds: list[formats.Format]) -> None:
    for module in [path for path in (ROOT / "toc_model").rglob("*.py") if "(Document)" in path.read_text("utf-8")]:
        importlib.import_module(".".join(module.relative_to(ROOT).with_suffix("").parts))
    own = {found for found in Document.__subclasses__() if found.__module__.startswith("toc_model.")}
    told = set(schemas(kinds))
    assert {f"{one.__name__}" for one in own - told if one.__name__ != "Allocation"} == INTERNAL


def test_examples_fit_their_schemas(kinds: list[formats.Format], tmp_path: Path) -> None:
    assert [kind.anchor for kind in kinds if not kind.examples] == ["pools"]
    for kind in kinds:
        for example in kind.examples:
            if kind.within == "row":
                (path := tmp_path / "answers.csv").write_text(example.text, encoding="utf-8")
                assert len(read_long(path)) == 2
                continue
            table = tomllib.loads(example.text)
            stated = list(table.values()) if kind.within == "table" else [table]
            assert [checked(kind.schema, one, kind.anchor) for one in stated]


def test_the_example_on_a_mixture_is_a_worldview(kinds: list[formats.Format], tmp_path: Path) -> None:
    (_, example) = next(kind.examples for kind in kinds if kind.anchor == "worldviews")
    (path := tmp_path / "mine.toml").write_text(example.text, encoding="utf-8")
    found = load_beliefs(ESSAY, str(path), draws=20)
    reasons = [member.priors["aligned_by_default"].reason for member in found.members]
    assert reasons == ["What I know that others do not."] * 3


def test_an_example_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("# A comment.\nb = 1\n\n[c]\nd = 2\n[c.e]\nf = 3\n", encoding="utf-8")
    assert cut(tmp_path, "a.toml").text == "b = 1\n\n[c]\nd = 2\n[c.e]\nf = 3"
    assert cut(tmp_path, "a.toml", ("c.e",)).text == "b = 1\n\n[c.e]\nf = 3"
    assert cut(tmp_path, "a.toml", ("c",), head=False).text == "[c]\nd = 2"
    with pytest.raises(InputError, match=r"a\.toml: found no table 'g'; allowed: c, c\.e"):
        cut(tmp_path, "a.toml", ("g",))


def test_types_and_limits_are_said_in_words() -> None:
    page = formats.page()
    for row in (
        "| `nil` | number, 0 or more, 1 or less | `0` | Probability that the effect is 0; else it has the quantiles. |",
        "| `between` | list: text, two | must be stated | Two entries without a factor. |",
        "| `history` | list: [Change](#beliefs-change), not empty | must be stated | All changes, the first first. |",
        "| `level` | number, or nothing | must be stated | " + meanings(Answer)["level"] + " |",
    ):
        assert row in page.splitlines()


# The model ------------------------------------------------------------------------------------------------------------


def test_every_part_of_a_model_has_its_place(theory: Model) -> None:
    texts = model.pages(theory)
    anchors = {name: set(ANCHOR.findall(text)) for name, text in texts.items()}
    story = theory.story
    for name in (*story.nodes, *story.levers, *story.indicators, *story.parameters):
        assert name in anchors[theory.pages[name]], name
    assert set(theory.claims) | set(theory.contradictions) <= anchors["claims"]
    assert {f"rival-{name}" for name in theory.rivals} <= anchors.get("rivals", set())
    assert dead_links({f"{name}.md": text for name, text in texts.items()}, frozenset(["graph.svg"])) == []


def test_every_node_has_its_equation_statement_and_claims(theory: Model) -> None:
    texts = model.pages(theory)
    for name, node in theory.story.nodes.items():
        section = texts[node.chapter].split(f"{{ #{name} }}")[1].split("\n## ")[0]
        assert equation(theory.story, name).mathml() in section
        assert node.statement[:20] in section
        assert all(f"]({theory.pages[parent]}.md#{parent})" in section for parent in node.parents)
        assert all(f"(claims.md#{claim} " in section for claim in node.claims)


def test_every_rival_has_the_equations_that_it_gives(theory: Model) -> None:
    page = model.pages(theory)["rivals"]
    for name, story in theory.rivals.items():
        assert theory.new_in(name)
        for node in theory.new_in(name):
            assert equation(story, node.name).mathml() in page


def test_parameters_have_the_figures_of_the_base(made: dict[str, str]) -> None:
    rows = made["model/talent.md"].splitlines()
    assert "| technical researchers now | 155 | 300 | 580 | lognormal | published |" in rows
    page = made["model/labs.md"]
    assert "| concern from outreach |" in page
    assert "20 %" in next(row for row in page.splitlines() if row.startswith("| concern from outreach |"))


def test_pages_of_another_theory_know_nothing_of_the_essay() -> None:
    texts = model.pages(Model.of(toy.CASE))
    assert {name: essay_words(text) for name, text in texts.items()} == {name: [] for name in texts}
    assert [*model.titles(Model.of(toy.CASE))] == ["index", "deer", "grain", "rivals", "claims"]


def test_the_graph_is_drawn() -> None:
    (drawing,) = pictures(toy.CASE).values()
    assert drawing.lstrip().startswith(b"<?xml")
    assert fetched(drawing.decode()) == []


# Nothing from elsewhere -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://unpkg.com/mermaid"></script>',
        '<link rel="stylesheet" href="//fonts.example/css">',
        '<link href="http://fonts.example" rel="preconnect">',
        '<img srcset="https://a.example/b.png 2x">',
        '<svg><image xlink:href="https://a.example/b.png"/></svg>',
        '<p style="background: url(https://a.example/b.png)">',
        "@font-face { src: url('https://fonts.example/a.woff2') }",
        '@import "https://fonts.example/a.css";',
    ],
)
def test_what_is_fetched_from_elsewhere_is_found(text: str, tmp_path: Path) -> None:
    assert len(fetched(text)) == 1
    (tmp_path / "a.html").write_text(text, encoding="utf-8")
    assert [path for path, _ in outside(tmp_path)] == ["a.html"]


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://example.org">elsewhere</a>',
        '<link rel="canonical" href="https://example.org">',
        '<script src="assets/a.js"></script><img src="data:image/png;base64,AA">',
        '<math xmlns="http://www.w3.org/1998/Math/MathML"></math>',
        "a { background: url(data:image/svg+xml,x) }",
    ],
)
def test_what_nobody_fetches_is_allowed(text: str) -> None:
    assert fetched(text) == []
