"""``toc survey``: answers and questions."""

from toc_model.questions.survey.checking import Check, check, mapping_for
from toc_model.questions.survey.validation import Recovered, Validated, recover, validate

__all__ = ["Check", "Recovered", "Validated", "check", "mapping_for", "recover", "validate"]
