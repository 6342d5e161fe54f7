"""Where the essay's case is found and what it asks, without the case."""

from toc_model.engine.later import LaterCase

HOME = LaterCase(
    "toc_model.essay.case:ESSAY",
    "What happens to P(doom) if people are allocated differently, how sure we are, and what it rests on.",
)
