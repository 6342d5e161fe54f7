"""The command ``toc survey check``."""

from pathlib import Path

import click

from toc_model.beliefs.choice import Choice
from toc_model.beliefs.shipped import Documents
from toc_model.questions.asking import allocations_of, allocations_option
from toc_model.questions.options import PATH, answer, chosen_case, json_option, priors_option
from toc_model.questions.survey import checking as question
from toc_model.questions.survey.options import map_option
from toc_model.survey.documents.converting import in_target_units
from toc_model.survey.documents.schema import read_answers
from toc_model.survey.documents.usable import fail_if_nothing_counts


@click.command()
@click.argument("file", type=PATH)
@map_option
@allocations_option
@priors_option
@json_option
def check(file: Path, mapping: str | None, allocations: Choice, priors: Path | None, as_json: bool) -> None:
    """What each question of a file targets, who answered, and which answers are odd."""
    documents = Documents.of(chosen_case(), priors)
    frame, reading = read_answers(file)
    mapped = question.mapping_for(frame, documents, allocations_of(documents, allocations), mapping)
    converted = in_target_units(frame, documents, mapped)
    found = question.check(converted.frame, converted.mapping, reading=reading, changes=converted.changes)
    fail_if_nothing_counts(found.tallies, str(file))
    answer(found, as_json=as_json)
