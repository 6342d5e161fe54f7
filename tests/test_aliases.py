"""Types that several layers share."""

import pytest

from toc_model.aliases import Entry


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("agi_year", Entry("agi_year")),
        ("harm[outreach]", Entry("harm", ("outreach",))),
        ("overtaken[pause;early]", Entry("overtaken", ("pause", "early"))),
    ],
)
def test_an_entry_is_read_as_it_is_written(text: str, entry: Entry) -> None:
    assert Entry.parse(text) == entry
    assert str(entry) == text
    assert Entry.parse(str(entry)) == entry


def test_a_name_without_a_place_is_all_of_it_and_an_empty_place_is_none_that_there_is() -> None:
    assert Entry.parse("harm").places == ()
    assert Entry.parse("harm[]").places == ("",)
    assert Entry.parse("overtaken[pause;]").places == ("pause", "")
