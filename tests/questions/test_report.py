"""The report: sound HTML that needs nothing else, hostile documents as text, words that agree with the figures."""

import base64
import hashlib
import json
import re
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import xarray as xr

from tests.conftest import Toc
from tests.report_pages import ARABIC, DRAWS, SCRIPT, WORD, Page, read
from tests.toy.case import CASE as TOY
from toc_model.beliefs.evidence import Evidence
from toc_model.beliefs.loading import load_beliefs, own_beliefs
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.present import markdown, signs, terminal, words
from toc_model.present.drawing import picture
from toc_model.present.section import Cell, Number, Table
from toc_model.questions.report import Report, report
from toc_model.questions.report.answer import answer
from toc_model.questions.report.material import Material, material_of, thinned
from toc_model.questions.report.sections import PARTS, makers, sections_of
from toc_model.questions.run import run
from toc_model.questions.run import words as run_words
from toc_model.questions.run.figure import answer_figure
from toc_model.questions.run.moves import Move

MEASURE = ESSAY.objective.measure


@pytest.fixture(scope="module")
def text(hostile_report: Report) -> str:
    return hostile_report.html()


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return read(text)


@pytest.fixture(scope="module")
def plain() -> Material:
    beliefs = [load_beliefs(ESSAY, name, draws=DRAWS) for name in ("base", "critic")]
    return material_of(beliefs, Documents.of(ESSAY).allocations(), "recommended")


# The page ---------------------------------------------------------------------------------------------------------


def test_the_page_has_every_section_once_and_in_order(page: Page) -> None:
    assert [found.attributes["id"] for found in page.all("section")] == list(PARTS)
    links = [found.attributes["href"] for found in page.all("a") if "nav" in found.parents]
    assert links == [f"#{name}" for name in PARTS]


def test_headings_are_in_order_and_the_language_is_named(page: Page) -> None:
    levels = [int(found.tag[1]) for found in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.all("html")[0].attributes["lang"] == "en"
    assert page.all("a")[0].attributes["href"] == "#content"


def test_identifiers_are_unique_and_all_references_resolve(text: str, page: Page) -> None:
    ids = page.ids()
    assert [name for name, times in ids.items() if times > 1] == []
    inner = [found.attributes["href"] for found in page.elements if found.attributes.get("href", "").startswith("#")]
    labels = [name for found in page.elements for name in found.attributes.get("aria-labelledby", "").split()]
    clips = re.findall(r"url\(#([^)]*)\)", text)
    assert len(clips) > 20
    assert len(labels) > 20
    assert {name.removeprefix("#") for name in inner} | set(labels) | set(clips) <= set(ids)


def test_every_drawing_has_a_name_and_a_description_with_figures(page: Page, hostile_report: Report) -> None:
    drawings = page.all("svg")
    assert len(drawings) == sum(len(section.pictures) for section in hostile_report.sections) >= 11
    for found in drawings:
        assert found.attributes["role"] == "img"
        assert len(found.attributes["aria-labelledby"].split()) == 2
    descriptions = [found.text for found in page.all("desc")]
    assert len(descriptions) == len(page.all("title")) - 1 == len(drawings)
    assert all(len(found) > 40 for found in descriptions)
    assert len([found for found in descriptions if re.search(r"\d", found)]) >= len(drawings) - 1
    assert len(page.all("figcaption")) == len(page.all("figure")) == len(drawings)


def test_every_table_has_a_caption_and_scopes(page: Page) -> None:
    tables = page.all("table")
    assert len(tables) == len(page.all("caption")) > 10
    scopes = [found.attributes.get("scope") for found in page.all("th")]
    assert set(scopes) == {"col", "row"}
    for cell in page.all("td", "th"):
        if "data-sort" in cell.attributes:
            float(cell.attributes["data-sort"])


def test_nothing_is_fetched(text: str, page: Page) -> None:
    assert [found for found in page.elements if {"src", "srcset", "data", "action"} & set(found.attributes)] == []
    links = [found.attributes["href"] for found in page.elements if "href" in found.attributes]
    assert [link for link in links if not link.startswith(("#", "data:,"))] == []
    assert "@import" not in text
    assert re.search(r"url\((?!#)", text) is None
    policy = next(found.attributes["content"] for found in page.all("meta") if "http-equiv" in found.attributes)
    assert policy.startswith("default-src 'none'; ")
    (script,) = page.all("script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy


def test_hostile_documents_come_out_as_text(text: str, page: Page) -> None:
    assert [found.tag for found in page.elements if any(name.startswith("on") for name in found.attributes)] == []
    assert page.all("img") == []
    assert len(page.all("script")) == 1
    assert SCRIPT not in text
    assert page.all("body")[0].text.count(SCRIPT) >= 8
    assert WORD in page.all("body")[0].text
    assert ARABIC in page.all("body")[0].text
    cells = [found for found in page.all("td", "th", "dd", "dt") if ARABIC in found.text]
    assert len(cells) > 5
    assert {found.attributes.get("dir") for found in cells if found.attributes.get("scope") != "col"} == {"auto"}


def test_hostile_documents_come_out_as_text_in_markdown_too(hostile_report: Report) -> None:
    found = hostile_report.markdown()
    prose = re.sub(r"(?ms)^```$.*?^```$", "", found)
    assert "<" not in prose
    assert re.search(r"\]\(", prose) is None
    assert "]\\(javascript" in prose
    for block in re.findall(r"(?:^\|.*\n)+", prose, flags=re.MULTILINE):
        bars = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(bars) == 1, block[:200]
    assert not [sign for sign in found if unicodedata.category(sign)[0] == "C" and sign != "\n"]
    assert [line for line in found.splitlines() if line.startswith("## ")] == [
        f"## {section.title}" for section in hostile_report.sections
    ]
    json.loads(found.rpartition("```\n[")[0] and "[" + found.rpartition("```\n[")[2].rpartition("\n```")[0])


def test_a_name_that_is_cut_stays_unique(hostile_report: Report) -> None:
    names = list(hostile_report.material.allocations.named)
    assert len(set(names)) == 3
    assert all(len(name) <= 50 for name in names)


# What it says -----------------------------------------------------------------------------------------------------


def test_the_answer_is_that_of_the_main_job(plain: Material) -> None:
    section = answer(plain)
    first = run(plain.first, plain.allocations, to="recommended").found.move("recommended")
    assert section.text[0] == run_words.sentence(first, plain.allocations, "recommended")
    for one in plain.beliefs:
        row = run(one, plain.allocations).to_dict()["allocations"]["recommended"]["change"]
        cells = next(cells for cells in section.tables[0].rows if cells[0] == one.worldview)
        assert words.interval(MEASURE, row, error=True) in [cell.text for cell in cells if isinstance(cell, Number)]
        mean, low, high = (
            words.signed(MEASURE, row[key], digits) for key, digits in (("mean", 2), ("q05", 1), ("q95", 1))
        )
        described = f"{one.worldview}: mean {mean} percentage points, 90 % of draws from {low} to {high}"
        assert described in section.pictures[0].description


ANOTHER, UNCLEAR, BOTH = "The sign of the mean is another under", "it can't be told from zero", "hold both a fall"


@pytest.mark.parametrize(
    ("draws", "said", "unsaid"),
    [
        ([[-3, -2, -1], [-3, -2, -1]], [], [ANOTHER, UNCLEAR, BOTH]),
        ([[-3, -2, 1], [-3, -2, -1]], [f"Under \u2068base\u2069 {UNCLEAR}", BOTH], [ANOTHER]),
        ([[-3, -2, -1], [3, 2, 1]], [f"{ANOTHER} \u2068critic\u2069."], [UNCLEAR, BOTH]),
        ([[3, 2, 1], [3, 2, 1]], [], [ANOTHER, UNCLEAR, BOTH]),
    ],
)  # fmt: skip
def test_the_verdict_follows_the_figures(
    plain: Material, draws: list[list[float]], said: list[str], unsaid: list[str]
) -> None:
    changed = replace(plain)
    ones = xr.DataArray(np.ones(3), dims="draw")
    changed.__dict__["moves"] = [
        Move(one, ones / 2, xr.DataArray(np.array(values) / 100, dims="draw"), ones)
        for one, values in zip(plain.beliefs, draws, strict=True)
    ]
    text = " ".join(answer(changed).text)
    assert [fragment for fragment in said if fragment not in text] == []
    assert [fragment for fragment in unsaid if fragment in text] == []


def test_a_posterior_counts_as_one_worldview_under_its_own_label(plain: Material) -> None:
    updated = replace(plain.first, evidence=(Evidence(source_id="espai2023", digest=""),))
    made = report([updated, *plain.beliefs], plain.allocations, sections=["answer", "limits"])
    found = made.html()
    assert [one.worldview for one in made.material.beliefs] == ["base + espai2023", "base", "critic"]
    assert "Updated on espai2023." in found
    assert "draws of parameters are those of the posterior" in found


def test_a_changed_model_is_said_to_be_one(plain: Material) -> None:
    beliefs = [load_beliefs(ESSAY, draws=DRAWS, overrides=["severity*=0.5", "cut(race->heeding)"])]
    material = material_of(beliefs, plain.allocations)
    for section in sections_of(material, ["answer", "graph"]):
        said = "For this report the model was changed: severity*=0.5; cut(race->heeding)."
        assert said in [signs.visible(paragraph) for paragraph in section.text]
    assert not any("was changed" in text for text in answer(plain).text)


def test_one_worldview_alone_has_all_sections(plain: Material) -> None:
    material = material_of(plain.beliefs[:1], plain.allocations)
    (section,) = sections_of(material, ["worldviews"])
    assert not section.pictures
    assert "rests on one worldview" in section.text[0]


def test_heavy_sections_say_how_many_draws_they_took(hostile_report: Report) -> None:
    said = {section.name: " ".join([*section.text, *section.notes]) for section in hostile_report.sections}
    assert [name for name in ("claims", "worldviews", "information") if f"{DRAWS} paired draws" not in said[name]] == []
    few = thinned(hostile_report.material.first, 60)
    assert few.draws == len(set(few.parameters["draw"].values.tolist())) == 60
    assert thinned(few, 100).parameters.equals(few.parameters)


@pytest.mark.parametrize("numeric", [True, False])
def test_columns_of_figures_are_known(numeric: bool) -> None:
    rows: list[Sequence[Cell]] = [["a", Number("1", 1.0)], ["b", "" if numeric else "none"]]
    assert Table("", ["name", "value"], rows).numeric == (False, numeric)


def test_two_drawings_share_no_identifier() -> None:
    change = {"a": xr.DataArray(np.linspace(-0.1, 0.05, 50), dims="draw")}
    one, other = (
        picture(name, answer_figure(ESSAY.objective, change, "of"), "t", "d").svg for name in ("one", "other")
    )
    ids = [set(re.findall(r'\sid="([^"]*)"', svg)) for svg in (one, other)]
    assert ids[0]
    assert ids[0] & ids[1] == set()
    for svg, own in zip((one, other), ids, strict=True):
        assert set(re.findall(r'(?:url\(#|href="#)([^")]*)', svg)) <= own


# Another theory of change, and draws of the user's own -------------------------------------------------------------


@pytest.fixture(scope="module")
def village() -> Report:
    beliefs = [load_beliefs(TOY, name, draws=DRAWS) for name in ("almanac", "forester")]
    return report(beliefs, Documents.of(TOY).allocations())


def test_more_of_another_outcome_is_better(village: Report) -> None:
    moved, *_ = (signs.visible(paragraph) for paragraph in village.sections[0].text)
    assert moved.startswith("Under the worldview 'almanac' as of spring 1400, moving from “today” (3 km are fenced) to")
    assert " raises mean harvest from 4" in moved
    assert " tonnes, " in moved
    assert "Right of zero is better." in village.sections[0].pictures[0].caption
    figures = village.to_dict()["worldviews"]
    for one in village.material.beliefs:
        alone = run(one, village.material.allocations).to_dict()["allocations"]["plan"]
        assert figures[one.worldview]["change"] == pytest.approx(alone["change"])
        assert figures[one.worldview]["share_better"] == alone["share_better"] > 0


def test_a_page_of_another_theory_has_all_sections_and_its_own(village: Report) -> None:
    assert [section.name for section in village.sections] == [*PARTS, "night"]
    assert (village.head.title, village.head.text) == (TOY.headline, [TOY.introduction])
    text = village.markdown() + village.html()
    assert [word for word in ("P(doom)", "essay", "micro-doom", "researcher") if word in text] == []
    assert not any("percentage point" in paragraph for paragraph in village.sections[0].text)


def test_a_case_without_words_of_its_own_has_a_head() -> None:
    bare = replace(TOY, headline="", introduction="")
    found = report([load_beliefs(bare, draws=DRAWS)], Documents.of(bare).allocations(), sections=["limits"]).head
    assert signs.visible(found.title) == "Would harvest rise with “plan”?"
    assert "if “plan” took the place of “today”" in signs.visible(found.text[0])
    assert signs.visible(found.about).endswith(
        "“plan” compared with “today” under almanac as of spring 1400, 200 draws, seed 1"
    )


def test_what_a_case_leaves_empty_is_left_out(tmp_path: Path) -> None:
    case = replace(TOY, channels=(), groups=(), steps=(), sections={})
    folder = tmp_path / "documents"
    shutil.copytree(TOY.documents, folder)
    (folder / "contradictions.toml").unlink()
    bare = replace(case, documents=folder)
    allowed = makers(bare, {})
    assert [name for name in PARTS if name not in allowed] == ["channels", "claims", "objections", "checks"]
    found = report([load_beliefs(bare, draws=DRAWS)], Documents.of(bare).allocations(), sections=["answer", "limits"])
    assert len(found.sections) == 2
    with pytest.raises(InputError, match="unknown section 'channels'"):
        report([load_beliefs(bare, draws=DRAWS)], Documents.of(bare).allocations(), sections=["channels"])


def test_draws_of_ones_own_have_an_answer_and_limits(plain: Material) -> None:
    own = own_beliefs(plain.first.parameters, "my draws", plain.first.documents)
    found = report([own], plain.allocations, sections=["answer", "limits", "provenance"])
    assert "draws of the user's own, “my draws”" in signs.visible(found.sections[0].text[2])
    assert "my draws" in str(found)


def test_a_report_is_a_result(village: Report, tmp_path: Path) -> None:
    assert repr(village) == f"<Report: {len(PARTS) + 1} sections on 'plan', worldviews almanac, forester>"
    assert list(village.to_dataframe().index) == ["almanac", "forester"]
    assert village.section() is village.sections[0]
    assert max(map(len, str(village).splitlines())) > terminal.WIDTH / 2
    assert village._repr_html_().startswith('<div class="toc-model">')
    village.save(str(tmp_path / "page.md"))
    files = markdown.files(village.sections)
    page = markdown.page(village.head, village.sections, "page_files")
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == page != village.markdown()
    assert {path.name for path in (tmp_path / "page_files").iterdir()} == {*files, "contents.txt"}
    with pytest.raises(InputError, match="allowed: html, md"):
        village.save(tmp_path / "page.md", "pdf")


# The command ------------------------------------------------------------------------------------------------------


def test_the_command_writes_the_sections_that_are_asked_for(toc: Toc, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    words_ = ["report", "--draws", 50, "--worldview", "critic", "--worldview", "essay", "--sections", "limits,answer"]
    code, said, err = toc(*words_, "--out", out)
    assert (code, err) == (0, "")
    assert said == f"{out}: {len(out.read_bytes()):,} bytes\n"
    page = read(out.read_text(encoding="utf-8"))
    assert [found.attributes["id"] for found in page.all("section")] == ["answer", "limits"]
    rows = [found.text for found in page.all("th") if found.attributes["scope"] == "row"]
    assert rows[:2] == ["critic", "essay"]
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    first = out.read_bytes()
    assert toc(*words_, "--out", out)[0] == 0
    assert out.read_bytes() == first


@pytest.mark.parametrize("name", ["report.pdf", "report"])
def test_other_endings_want_a_format(toc: Toc, tmp_path: Path, name: str) -> None:
    code, out, err = toc("report", "--draws", 50, "--out", tmp_path / name)
    assert (code, out) == (2, "")
    assert "allowed: '.html' or '.md'" in err
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(("name", "more"), [("report.md", []), ("report.txt", ["--format", "md"])])
def test_markdown_by_ending_or_by_name(toc: Toc, tmp_path: Path, name: str, more: list[str]) -> None:
    assert toc("report", "--draws", 50, "--sections", "answer", "--out", tmp_path / name, *more)[0] == 0
    found = (tmp_path / name).read_text(encoding="utf-8")
    assert found.startswith("# Would P(doom)")
    assert "| base |" in found
    (link,) = re.findall(r"!\[(?:[^\]\\]|\\.)+\]\(([^)]+)\)", found)
    assert link == "report_files/answer.svg"
    drawn = ET.parse(tmp_path / link).getroot()  # noqa: S314
    assert drawn.tag.endswith("svg")
    assert len(list(drawn.iter())) > 20


def test_a_folder_of_ones_own_is_refused_before_the_work(toc: Toc, tmp_path: Path) -> None:
    (tmp_path / "r_files").mkdir()
    (tmp_path / "r_files" / "mine.txt").write_text("mine", encoding="utf-8")
    code, out, err = toc("report", "--draws", 50, "--out", tmp_path / "r.md")
    assert (code, out) == (2, "")
    assert "found mine.txt, which no report wrote" in err
    assert [path.name for path in tmp_path.rglob("*")] == ["r_files", "mine.txt"]


def test_pictures_of_hostile_documents_have_plain_names(hostile_report: Report) -> None:
    files = markdown.files(hostile_report.sections)
    assert len(files) == sum(len(section.pictures) for section in hostile_report.sections)
    assert all(re.fullmatch(r"[a-z0-9-]+\.svg", name) for name in files)
    for drawn in files.values():
        ET.fromstring(drawn)  # noqa: S314
    text = markdown.page(hostile_report.head, hostile_report.sections, "a b")
    links = re.findall(r"(?m)^!\[((?:[^\]\\]|\\.)+)\]\(a%20b/([^)]+)\)$", text)
    assert [name for _, name in links] == list(files)
    assert len(re.findall(r"(?<!\\)\]\(", text)) == len(files)


@pytest.mark.parametrize(
    ("more", "fragments"),
    [
        (["--sections", "answer,tornadoes"], ["unknown section 'tornadoes'", "did you mean 'tornado'?", "claims"]),
        (["--sections", ""], ["unknown section ''"]),
        (["--worldview", "bse"], ["bse", "did you mean 'base'?"]),
        (["--worldview", "essay", "--worldview", "essay"], ["worldviews", "essay"]),
        (["--allocation", "recomended"], ["unknown allocation 'recomended'", "did you mean 'recommended'?"]),
        (["--allocation", "status_quo"], ["unknown allocation 'status_quo'"]),
        (["--draws", "1"], ["draws", "1"]),
        (["--format", "pdf"], ["pdf"]),
    ],
)
def test_what_can_not_be_used_is_refused_in_one_line(
    toc: Toc, tmp_path: Path, more: list[str], fragments: list[str]
) -> None:
    code, out, err = toc("report", "--out", tmp_path / "report.html", *more)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert [fragment for fragment in fragments if fragment not in err] == []
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_found_before_the_work(toc: Toc, tmp_path: Path) -> None:
    code, _, err = toc("report", "--out", tmp_path / "none" / "report.html")
    assert code == 2
    assert "no such folder" in err


def test_progress_goes_up_to_the_end(plain: Material) -> None:
    steps: list[tuple[int, int]] = []
    sections_of(plain, ["answer", "tornado"], progress=lambda done, total: steps.append((done, total)))
    assert steps == sorted(steps)
    assert steps[-1] == (200, 200)
    assert len(steps) > 2


def test_a_section_that_can_not_be_made_is_named(toc: Toc, tmp_path: Path) -> None:
    words_ = ["report", "--draws", 50, "--worldview", "base", "--sections", "answer,information"]
    code, _, err = toc(*words_, "--out", tmp_path / "report.html")
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("toc: section 'information': ")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_section_is_refused(plain: Material) -> None:
    with pytest.raises(InputError, match="unknown section"):
        sections_of(plain, ["nothing"])
