"""``toc worldviews from-posterior``: a copy is compared on the documents that its posterior rests on."""

from pathlib import Path

import pytest

from tests.shipped import load_beliefs
from toc_model.errors import InputError
from toc_model.questions.worldviews.copying import from_posterior


def test_only_a_posterior_is_copied(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="allowed: a posterior of toc update"):
        from_posterior(load_beliefs(draws=10), tmp_path / "mine.toml")
    with pytest.raises(InputError, match=r"found the ending '\.txt'; allowed: '\.toml'"):
        from_posterior(load_beliefs(draws=10), tmp_path / "mine.txt")
    assert list(tmp_path.iterdir()) == []
