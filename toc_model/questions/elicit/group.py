"""The commands ``toc elicit ...``, imported when they are called."""

import click

from toc_model.questions.lazy import Lazy, Places

COMMANDS: Places = {
    "new": (
        "elicit.panel_commands",
        "Write a panel: questions in the parameters' own wording, and a sheet for each expert and round.",
    ),
    "sheets": (
        "elicit.panel_commands",
        "Write the sheets once more, after you changed panel.toml and before anybody has answered.",
    ),
    "read": (
        "elicit.panel_commands",
        "Take sheets back: all in the PANEL's folder, or these FILES, of other tools too. Every round is kept.",
    ),
    "fit": ("elicit.command", "A distribution for each expert and question, how well it fits, and what it implies."),
    "feedback": (
        "elicit.feedback.command",
        "The page that the experts of PANEL see between rounds: all answers, without who gave them.",
    ),
    "weights": (
        "elicit.weights.command",
        (
            "What each expert counts for, by what they said of questions whose answers are known (Cooke's classical "
            "model)."
        ),
    ),
    "pool": (
        "elicit.command",
        "What the experts believe in common, beside the prior before, and how much the method matters.",
    ),
    "worldview": (
        "elicit.command",
        "Put a POOL in the place of priors: a worldview with who said it, when, how asked and how pooled.",
    ),
    "answers": (
        "elicit.command",
        "Write what was said as answers of a survey, whose respondents may be wrong together, for toc update.",
    ),
}
"""In the order in which they are used."""


@click.group(cls=Lazy, later=COMMANDS)
def elicit() -> None:
    """A panel of experts: from a question to a changed prior.

    new writes questions and sheets, read takes them back, fit and feedback show what was said, pool makes one
    distribution of it, and worldview puts that in the place of a prior; answers are for an update instead.
    """
