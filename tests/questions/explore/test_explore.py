"""``toc explore``: what is written, refused and told; and reports that hold such a page or link to it."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import toc_model as toc
from tests.toy.case import CASE
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY
from toc_model.questions.commands import commands_of

VILLAGE = ["--case", "tests.toy.case:CASE"]
LARGEST = 1_500_000


def asked(*words: Any) -> Result:
    return CliRunner().invoke(commands_of(ESSAY), [str(word) for word in words])


def test_a_page_of_the_essay_is_one_file_of_less_than_a_megabyte_and_a_half(tmp_path: Path) -> None:
    found = asked("explore", "--out", tmp_path / "explore.html")
    assert found.exit_code == 0, found.output
    written = (tmp_path / "explore.html").read_bytes()
    assert len(written) < LARGEST
    assert found.stdout.strip() == f"{tmp_path / 'explore.html'}: {len(written):,} bytes"


def test_a_page_has_the_answer_of_toc_run_for_those_without_script(tmp_path: Path) -> None:
    page = toc.explore("almanac", case=CASE, draws=50)
    assert page.data["draws"] == 50
    assert toc.run("almanac", case=CASE, draws=50).section().text[0] in page.section().text
    page.save(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page.html
    assert "better in" in page.html


def test_the_same_page_is_the_same_file() -> None:
    one, other = (toc.explore(case=CASE, draws=30) for _ in range(2))
    assert one.html == other.html
    assert one.data["model"] == other.data["model"]
    assert toc.explore(case=CASE, draws=31).data["model"] != one.data["model"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--draws", 19], "explore: found 19 draws; allowed: 20 to 10,000"),
        (["--draws", 10_001], "explore: found 10,001 draws; allowed: 20 to 10,000"),
        (["--to", "today"], "found 'today'; allowed: another one"),
        (["--to", "plam"], "unknown allocation 'plam'"),
        (["--worldview", "nobody"], "nobody"),
    ],
)
def test_what_no_page_can_be_made_of_is_refused(tmp_path: Path, words: list[Any], said: str) -> None:
    found = asked(*VILLAGE, "explore", "--out", tmp_path / "page.html", *words)
    assert isinstance(found.exception, InputError)
    assert said in str(found.exception)
    assert not list(tmp_path.iterdir())


def test_a_page_has_a_name_that_browsers_know(tmp_path: Path) -> None:
    found = asked(*VILLAGE, "explore", "--out", tmp_path / "page.svg")
    assert str(found.exception).endswith("found the ending '.svg'; allowed: '.html'")


@pytest.mark.parametrize("how", [{"overrides": ["toil*=2"]}, {"sets": ["toil=0.1"]}])
def test_beliefs_that_are_changed_are_refused(how: Any) -> None:
    with pytest.raises(InputError, match="to be changed on the page"):
        toc.explore(case=CASE, draws=30, **how)


def test_rivals_that_are_asked_for_are_switched_on_and_all_can_be_switched() -> None:
    plain, clever = toc.explore(case=CASE, draws=30), toc.explore(case=CASE.under(["clever"]), draws=30)
    assert (plain.data["rivalsOn"], clever.data["rivalsOn"]) == ([], ["clever"])
    assert plain.laws == clever.laws
    assert plain.section().text != clever.section().text


def test_a_worldview_of_ones_own_opens_the_page(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(
        'description = "Mine"\nbased_on = "council"\nas_of = "autumn"\n[parameters.toil]\nvalue = 0.2\n'
        'family = "constant"\nreason = "So I think."\n',
        encoding="utf-8",
    )
    data = toc.explore(mine, case=CASE, draws=40).data
    assert data["worldview"] == str(mine)
    assert [date["name"] for date in data["dates"]] == ["autumn"]
    own = next(one for one in data["worldviews"] if one["name"] == str(mine))
    assert own["selectable"]
    assert all(member["tables"]["autumn"]["toil"][1:3] == [0.2, 0.0] for member in own["members"])


# In reports ---------------------------------------------------------------------------------------------------------


def test_a_report_holds_a_page_or_links_to_one(tmp_path: Path) -> None:
    out, page = tmp_path / "report.html", tmp_path / "a page.html"
    words = ["--draws", 100, "--sections", "answer", "--out", out]
    found = asked(*VILLAGE, "report", *words, "--interactive", "--explore", page)
    assert found.exit_code == 0, found.output
    written = out.read_text(encoding="utf-8")
    assert '<a href="a%20page.html">' in written
    assert page.exists()
    policy = written[written.index("script-src") :].partition(";")[0]
    assert policy.count("sha256-") == 2
    plain = asked(*VILLAGE, "report", *words)
    assert plain.exit_code == 0
    assert "iframe title" not in out.read_text(encoding="utf-8")


def test_markdown_holds_no_page(tmp_path: Path) -> None:
    found = asked(*VILLAGE, "report", "--out", tmp_path / "report.md", "--interactive")
    assert str(found.exception) == "--interactive: found the format 'md'; allowed: 'html'"
