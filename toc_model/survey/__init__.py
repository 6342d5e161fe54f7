"""Surveys: answers in one long format, mappings of questions to the model, and readers of response files.

The response files do not ship with the package; the mapping documents do, in ``priors/surveys/``.
"""

from toc_model.essay.readers.espai import read_espai
from toc_model.essay.readers.fri import read_fri
from toc_model.survey.documents.flags import has_flag
from toc_model.survey.documents.mapping import (
    SurveyMapping,
    fail_if_answers_differ,
    fail_if_mapping_unknown,
    load_mapping,
    shipped_mappings,
)
from toc_model.survey.documents.schema import read_long, usable, write_long

__all__ = [
    "SurveyMapping",
    "fail_if_answers_differ",
    "fail_if_mapping_unknown",
    "has_flag",
    "load_mapping",
    "read_espai",
    "read_fri",
    "read_long",
    "shipped_mappings",
    "usable",
    "write_long",
]
