"""Whether there are draws enough, asked before any work."""

from toc_model.errors import InputError


def fail_if_few(draws: int, least: int, what: str) -> None:
    """Fail if there are too few draws.

    Parameters
    ----------
    draws, least : int
    what : str
        What they are for, to end the sentence: "to value information".
    """
    if draws < least:
        raise InputError(f"draws: found {draws}; allowed: {least} or more {what}")
