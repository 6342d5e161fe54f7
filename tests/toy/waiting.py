"""What is not converted to cases yet; a mark goes when its question answers for any case."""

import pytest

WAITING: frozenset[str] = frozenset({
    "claims", "disagree", "marginal", "priors", "report", "voi",
})  # fmt: skip
"""Commands, by name."""


def needs(*names: str) -> pytest.MarkDecorator:
    """Expect a failure where one of these commands still waits."""
    return pytest.mark.xfail(bool(WAITING.intersection(names)), reason=f"waits: {', '.join(names)}", strict=True)
