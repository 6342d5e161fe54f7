"""Changes of the model from several sources at once: what multiplies, what counts once, and what contradicts."""

from collections.abc import Iterable, Mapping

from toc_model.aliases import Entry
from toc_model.engine.interventions import place_mask
from toc_model.engine.overrides import Override
from toc_model.engine.story import Story
from toc_model.errors import InputError


def combined(story: Story, parts: Mapping[str, Iterable[Override]]) -> tuple[Override, ...]:
    """Overrides of several sources as one list, which means the same in any order of the sources.

    Factors multiply; equal values, pins and cuts count once. Within a source, overrides keep their order.

    Parameters
    ----------
    story : Story
    parts : mapping of str to iterable of Override
        By name of the source.

    Raises
    ------
    InputError
        If two sources give one thing different values, or one of them multiplies what the other sets.
    """
    found: list[tuple[str, Override]] = []
    for source, overrides in parts.items():
        before = tuple(found)
        for override in overrides:
            for other, earlier in before:
                if _contradict(story, earlier, override):
                    raise InputError(f"{other} says {earlier.text}, {source} says {override.text}")
            if override.kind == "scale" or override not in [earlier for _, earlier in before]:
                found.append((source, override))
    return tuple(override for _, override in found)


def _contradict(story: Story, one: Override, other: Override) -> bool:
    """Whether two overrides can't both hold; a cut changes an arrow, and leaves both of its ends to others."""
    if "cut" in (one.kind, other.kind) or not _meet(story, one.target, other.target):
        return False
    return one.kind != other.kind or (one.kind in ("set", "do") and one.value != other.value)


def _meet(story: Story, one: str, other: str) -> bool:
    """Whether two names mean the same thing at one place or more."""
    name = Entry.parse(one).name
    if Entry.parse(other).name != name:
        return False
    here, there = (place_mask(story, story.dims[name], target) for target in (one, other))
    return here is None or there is None or bool((here & there).any())
