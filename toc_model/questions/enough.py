"""Whether there are draws enough, asked before any work."""

from toc_model.errors import InputError


def fail_if_few(where: str, draws: int, least: int) -> None:
    """Fail if there are too few draws, in the words of the statistics that would refuse them later.

    Parameters
    ----------
    where : str
        What they are for.
    draws, least : int
    """
    if draws < least:
        raise InputError(f"{where}: found {draws} draws; allowed: {least} or more")
