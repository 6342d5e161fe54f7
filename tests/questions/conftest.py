"""What tests of several questions share: documents of one's own, and an update that rests on them."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.questions.own_folder import own_answers, own_folder
from toc_model.beliefs.loading import load_beliefs
from toc_model.essay.case import ESSAY
from toc_model.questions.update import Update, update


@dataclass(frozen=True)
class Own:
    """A folder in which every document differs from what ships, and answers to its survey."""

    folder: Path
    answers: Path


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Own:
    parent = tmp_path_factory.mktemp("own")
    return Own(own_folder(parent), own_answers(parent / "answers.csv"))


@pytest.fixture(scope="session")
def own_update(own: Own) -> Update:
    beliefs = load_beliefs(ESSAY, "essay", priors=own.folder)
    return update(beliefs, [own.answers])


@pytest.fixture(scope="session")
def own_posterior(own_update: Update, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The update's file."""
    path = tmp_path_factory.mktemp("posterior") / "own.nc"
    own_update.save(str(path))
    return path
