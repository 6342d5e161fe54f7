"""``toc worldviews from-posterior``: a copy is compared on the documents that its posterior rests on."""

from pathlib import Path

import pytest

from tests.conftest import Toc
from tests.shipped import load_beliefs
from toc_model.errors import InputError
from toc_model.questions.update import Update
from toc_model.questions.worldviews.copying import from_posterior


def test_only_a_posterior_is_copied(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="allowed: a posterior of toc update"):
        from_posterior(load_beliefs(draws=10), tmp_path / "mine.toml")
    with pytest.raises(InputError, match=r"found the ending '\.txt'; allowed: '\.toml'"):
        from_posterior(load_beliefs(draws=10), tmp_path / "mine.txt")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_copy_reproduces_its_posterior_on_the_folder_it_rests_on(
    own_update: Update, own_posterior: Path, tmp_path: Path, toc: Toc
) -> None:
    """On the base that ships, the copy of this posterior would be far off."""
    found = from_posterior(own_update.beliefs, str(tmp_path / "mine.toml"))
    for row in found.to_dict()["allocations"].values():
        exact, copied = row["posterior"]["p_doom"], row["worldview"]["p_doom"]
        assert copied["mean"] == pytest.approx(exact["mean"], abs=0.02)
        assert row["worldview"]["change"]["mean"] == pytest.approx(row["posterior"]["change"]["mean"], abs=0.01)
    shipped = load_beliefs(str(tmp_path / "mine.toml"), draws=500)
    levers = own_update.learned.allocations.only(["recommended"]).levers()
    astray = float(shipped.outcome(levers).sel(allocation="recommended").mean())
    assert abs(astray - found.to_dict()["allocations"]["recommended"]["posterior"]["p_doom"]["mean"]) > 0.02
    assert len(found.to_dataframe()) == len(own_update.learned.allocations.named)

    code, printed, _ = toc("worldviews", "from-posterior", own_posterior, "--out", tmp_path / "copy.toml")
    assert code == 0
    assert printed == str(found).replace("mine.toml", "copy.toml")
    assert (tmp_path / "copy.toml").read_text() == (tmp_path / "mine.toml").read_text()
