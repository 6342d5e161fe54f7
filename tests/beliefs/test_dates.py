"""Dates: what another year changes, in which order, who has the last word, and how years are told."""

from pathlib import Path

import numpy as np
import pytest

from tests.beliefs.village import copied, edit, write
from tests.conftest import Toc
from tests.refused import assert_refused
from tests.shipped import DOCUMENTS, STORY, load_beliefs
from tests.toy import CASE
from toc_model.beliefs.dates import date_names
from toc_model.beliefs.loading import load_beliefs as load_any_beliefs
from toc_model.beliefs.priors import Priors
from toc_model.beliefs.shipped import Documents
from toc_model.errors import InputError
from toc_model.essay.case import ESSAY

LATE = Documents.of(ESSAY, as_of="late_2026")
JUMPED = "[parameters.jumped]\nquantiles = { q05 = 0.5, q50 = 0.75, q95 = 0.9 }\nreason = 'Mine.'\n"
SOWN = "[parameters.sown_before]\nquantiles = { q05 = 10.0, q50 = 20.0, q95 = 30.0 }\nreason = 'Mine.'\n"


def medians(priors: Priors, *names: str) -> list[float]:
    return [priors[name].quantiles[0.5] for name in names]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


# Which there are --------------------------------------------------------------------------------------------------


def test_dates_are_those_of_the_folder_and_the_case_s_own_is_taken() -> None:
    assert date_names(ESSAY.documents) == ("late_2022", "late_2026")
    assert DOCUMENTS.date
    assert LATE.date
    assert (DOCUMENTS.date.name, LATE.date.name) == ("late_2022", "late_2026")
    assert DOCUMENTS.date.patches == {}
    assert LATE.at_base_date == DOCUMENTS
    assert DOCUMENTS.at_base_date is DOCUMENTS


def test_an_unknown_date_is_refused_with_the_nearest_name(toc: Toc) -> None:
    fragments = ("dates: unknown date 'late_2062'; did you mean 'late_20", "(allowed: late_2022, late_2026)")
    assert_refused(toc("run", "--draws", 5, "--as-of", "late_2062"), *fragments)
    with pytest.raises(InputError, match="unknown date 'late_2062'"):
        load_beliefs("base", draws=5, as_of="late_2062")


def test_a_folder_without_dates_says_so(folder: Path) -> None:
    for path in (folder / "dates").iterdir():
        path.unlink()
    with pytest.raises(InputError, match=r"dates: found no dates; allowed: documents of them, spring\.toml among thes"):
        Documents.of(CASE, folder)


@pytest.mark.parametrize(
    ("old", "new", "fragments"),
    [
        ('wins = ["jumped"]', 'wins = ["toil"]', ["wins: found 'toil'; allowed: jumped, sown_before"]),
        (
            'wins = ["jumped"]',
            '[parameters.jumpd]\nreason = "R."\nnil = 0.1',
            ["unknown parameter 'jumpd'; did you mean 'jumped'?"],
        ),
        ("year = 1401.7", "year = 0.0", ["year: found 0.0"]),
        ("year = 1401.7", "", ["missing entry 'year'"]),
        ("fence = 2.0", "fence = -2.0", ["reference", "fence", "-2"]),
        ("fence = 2.0", "fense = 2.0", ["reference", "'fense'; did you mean 'fence'?"]),
        ("wins = ", "win = ", ["unknown entry 'win'; did you mean 'wins'?"]),
        ("[reference]", "[references]", ["unknown entry 'references'; did you mean 'reference'?"]),
        ("q50 = 0.4", "q50 = 0.7", ["parameters.jumped: quantiles: found q50 = 0.7 and q95 = 0.65"]),
    ],
)
def test_a_date_with_a_mistake_is_refused(folder: Path, old: str, new: str, fragments: list[str]) -> None:
    path = folder / "dates" / "autumn.toml"
    edit(path, old, new)
    with pytest.raises(InputError) as refusal:
        Documents.of(CASE, folder, "autumn").priors()
    message = str(refusal.value)
    assert message.startswith(f"{path}: ")
    assert [fragment for fragment in fragments if fragment not in message] == []
    assert "\n" not in message


# Order ------------------------------------------------------------------------------------------------------------


def test_the_date_comes_before_the_worldview_but_wins_what_it_says(folder: Path) -> None:
    """Of `jumped` the date has the last word, of `sown_before` the worldview."""
    write(folder, "mine", JUMPED + SOWN)
    spring, autumn = (Documents.of(CASE, folder, date) for date in ("spring", "autumn"))
    assert medians(spring.priors("almanac"), "jumped", "sown_before") == [0.25, 40.0]
    assert medians(autumn.priors("almanac"), "jumped", "sown_before") == [0.4, 36.0]
    assert medians(spring.priors("mine"), "jumped", "sown_before") == [0.75, 20.0]
    assert medians(autumn.priors("mine"), "jumped", "sown_before") == [0.4, 20.0]
    assert autumn.priors("mine")["jumped"].dated
    assert not autumn.priors("mine")["sown_before"].dated
    assert autumn.priors("mine")["sown_before"].reason == "Mine."


def test_a_patch_of_nil_alone_keeps_what_the_date_says(folder: Path) -> None:
    edit(folder / "dates" / "autumn.toml", "[parameters.jumped]", "[parameters.fence_gain]")
    edit(folder / "dates" / "autumn.toml", 'wins = ["jumped"]', "wins = []")
    write(folder, "mine", '[parameters.fence_gain]\nnil = 0.3\nreason = "R."')
    found = Documents.of(CASE, folder, "autumn").priors("mine")["fence_gain"]
    assert (found.quantiles[0.5], found.entry.nil) == (0.4, 0.3)


def test_what_states_the_date_is_applied_last_and_is_its_run_s(folder: Path) -> None:
    for name in (write(folder, "mine", f'as_of = "autumn"\n{JUMPED}'), str(folder / "worldviews" / "mine.toml")):
        found = load_any_beliefs(CASE, name, draws=20, priors=folder)
        assert found.documents.date
        assert found.documents.date.name == "autumn"
        assert medians(found.priors, "jumped", "sown_before") == [0.75, 36.0]
        assert found.provenance()["as_of"] == "autumn"
        assert found.anchor["fence"].values.tolist() == [2]
        asked = load_any_beliefs(CASE, name, draws=20, priors=folder, as_of="autumn")
        assert asked.parameters.identical(found.parameters)
        with pytest.raises(
            InputError, match=r"mine.toml: as_of: found 'autumn', .*asked as of spring; .*--as-of autum"
        ):
            load_any_beliefs(CASE, name, draws=20, priors=folder, as_of="spring")


def test_what_is_based_on_a_dated_worldview_comes_after_it(folder: Path) -> None:
    write(folder, "dated", f'as_of = "autumn"\n{JUMPED}{SOWN}')
    write(folder, "mine", 'based_on = "dated"\n' + JUMPED.replace("0.75", "0.7"))
    with pytest.raises(InputError, match=r"dated.toml: as_of: found 'autumn', and was asked as of spring"):
        load_any_beliefs(CASE, "mine", draws=20, priors=folder)
    found = load_any_beliefs(CASE, "mine", draws=20, priors=folder, as_of="autumn")
    assert medians(found.priors, "jumped", "sown_before") == [0.7, 20.0]


def test_a_dated_worldview_stands_on_one_that_is_not(folder: Path) -> None:
    write(folder, "plain", JUMPED + SOWN)
    write(folder, "mine", 'based_on = "plain"\nas_of = "autumn"\n')
    found = load_any_beliefs(CASE, "mine", draws=20, priors=folder)
    assert medians(found.priors, "jumped", "sown_before") == [0.4, 20.0]


def test_an_unknown_date_of_a_worldview_names_the_document(folder: Path) -> None:
    write(folder, "mine", 'as_of = "autum"')
    with pytest.raises(
        InputError, match=r"mine.toml: as_of: unknown date 'autum'; did you mean 'autumn'\? \(allowed: a"
    ):
        load_any_beliefs(CASE, "mine", draws=20, priors=folder)


def test_the_last_word_at_late_2026() -> None:
    """States of today are the date's under every worldview; what else a worldview says, it says of any year."""
    date = LATE.date
    assert date
    for worldview in ("essay", "critic"):
        found, plain = LATE.priors(worldview), DOCUMENTS.priors(worldview)
        for name in date.wins:
            assert found[name].entry.quantiles == date.patches[name].quantiles, name
            assert found[name].dated
        own = [name for name, prior in plain.entries.items() if prior.reason and name not in date.wins]
        assert own
        assert all(found[name].entry == plain[name].entry for name in own)
        rest = set(date.patches) - date.wins - set(own)
        assert all(found[name].entry.quantiles == date.patches[name].quantiles for name in rest)
    assert {"concern_now", "detection_now", "agi_year", "lead_now"} <= date.wins


# Reference and status quo -----------------------------------------------------------------------------------------


def test_reference_and_status_quo_are_the_date_s() -> None:
    for documents, shares in ((DOCUMENTS, [0.2, 0.1]), (LATE, [0.4, 0.2])):
        assert documents.anchor()["buying_time_share"].values.tolist() == [shares]
        assert documents.anchor()["allocation"].values.tolist() == ["reference"]
        levers = documents.allocations().levers()
        assert levers["buying_time_share"].sel(allocation="status_quo").values.tolist() == shares
        assert "reference" not in levers["allocation"].values


def test_at_the_reference_nothing_differs_from_it() -> None:
    for date in ("late_2022", "late_2026"):
        beliefs = load_beliefs("base", draws=50, as_of=date)
        found = beliefs.nodes_and_reference(beliefs.documents.allocations().levers(), ["p_doom", "concern"])
        for name in found:
            here, there = (found[name].sel(allocation=one).values for one in ("status_quo", "reference"))
            np.testing.assert_array_equal(here, there, err_msg=str(name))


def test_a_user_s_own_status_quo_moves_changes_but_not_levels(folder: Path) -> None:
    """The village's folder states one: three kilometres, where the reference of spring has one and autumn's two."""
    spring, autumn = (load_any_beliefs(CASE, draws=50, priors=folder, as_of=date) for date in ("spring", "autumn"))
    for beliefs, reference in ((spring, 1.0), (autumn, 2.0)):
        named = beliefs.documents.allocations()
        assert float(named.levers()["fence"].sel(allocation="today")) == 3
        assert beliefs.anchor["fence"].values.tolist() == [reference]
    before = autumn.documents.allocations().levers()
    edit(folder / "allocations.toml", 'description = "As it is"\nfence = 3.0', 'description = "As it is"\nfence = 2.0')
    again = load_any_beliefs(CASE, draws=50, priors=folder, as_of="autumn")
    levers = again.documents.allocations().levers()
    plan = [found.outcome(asked).sel(allocation="plan") for found, asked in ((again, levers), (autumn, before))]
    np.testing.assert_array_equal(plan[0], plan[1])
    quo = [found.outcome(asked).sel(allocation="today") for found, asked in ((again, levers), (autumn, before))]
    assert float(abs(quo[0] - quo[1]).mean()) > 0.1


def test_a_folder_without_a_status_quo_has_the_reference_of_the_date(folder: Path) -> None:
    edit(folder / "allocations.toml", '[today]\ndescription = "As it is"\nfence = 3.0\n', "")
    for date, length in (("spring", 1.0), ("autumn", 2.0)):
        named = Documents.of(CASE, folder, date).allocations()
        assert float(named.levers()["fence"].sel(allocation="today")) == length


# In words ---------------------------------------------------------------------------------------------------------


def test_the_calendar_year_is_that_in_which_something_comes() -> None:
    early, late = DOCUMENTS.date, LATE.date
    assert early
    assert late
    assert [early.calendar(years) for years in (0.0, 0.05, 0.11, 9.0)] == ["2022", "2022", "2023", "2031"]
    assert [late.calendar(years) for years in (0.0, 0.2, 5.0, 24.0)] == ["2026", "2027", "2031", "2050"]
    unit = STORY.parameters["agi_year"].unit
    assert (LATE.unit(unit), DOCUMENTS.unit(unit)) == ("years from late 2026", "years from late 2022")
    assert LATE.unit("months") == "months"
    assert LATE.calendar(unit, 6.0) == " (2032)"
    assert LATE.calendar("months", 6.0) == ""


def test_one_parameter_is_told_as_of_the_date(toc: Toc) -> None:
    code, out, err = toc("priors", "agi_year", "--as-of", "late_2026")
    text = " ".join(out.split())
    assert (code, err) == (0, "")
    assert "worldview: base as of late 2026 (moved: " in text
    assert "years from late 2026" in text
    assert "years from late 2022" not in text
    assert "q50 6" in text
    early = " ".join(toc("priors", "agi_year")[1].split())
    assert "worldview: base as of late 2022" in early
    assert "years from late 2022" in early
    assert "(moved" not in early


def test_what_a_run_rests_on_says_the_date_and_counts_no_patch_of_it_as_the_worldview_s() -> None:
    late = load_beliefs("base", draws=10, as_of="late_2026")
    assert "the worldview 'base' as of late 2026" in late.rests_on()
    assert "moved by this worldview" not in late.rests_on()
