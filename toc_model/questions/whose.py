"""Whose beliefs an answer rests on, in the words that every sentence which may be quoted has."""

from toc_model.beliefs.beliefs import Beliefs
from toc_model.beliefs.grounds import changes
from toc_model.present import words


def whose(beliefs: Beliefs, phrase: str = "") -> str:
    """A worldview with its date and with what was changed of it, behind "under".

    Parameters
    ----------
    beliefs : Beliefs
    phrase : str, optional
        What the worldview is called in the place of its name.
    """
    changed = changes(beliefs)
    told = f" with {words.isolated('; '.join(changed))}" if changed else ""
    return f"{phrase or words.named(beliefs.worldview)}{beliefs.documents.dated}{told}"
