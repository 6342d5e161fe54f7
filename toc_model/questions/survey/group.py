"""The commands ``toc survey ...``, imported when they are called."""

import click

from toc_model.questions.lazy import Lazy, Places

COMMANDS: Places = {
    "check": (
        "survey.check_command",
        "What each question of a file targets, who answered, and which answers are odd.",
    ),
    "import": ("survey.import_command:import_", "Bring a file of answers into the long format."),
    "template": (
        "survey.template_command",
        "Questions for a new survey: wording, unit and bounds, a row for each number to fill in.",
    ),
    "validate": (
        "survey.validate_command",
        "Whether the observation model describes the answers: what is left out, rounding, heaping, recovery.",
    ),
}


@click.group(cls=Lazy, later=COMMANDS)
def survey() -> None:
    """Surveys of experts: reading their answers, checking them, and asking for more."""
