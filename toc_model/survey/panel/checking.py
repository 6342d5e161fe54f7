"""What experts say that does not go together: told and recorded, not repaired."""

from collections.abc import Sequence
from dataclasses import replace

from toc_model.errors import InputError
from toc_model.statistics.elicitation.judgements import fail_if_incoherent
from toc_model.survey.panel.panel import Panel
from toc_model.survey.panel.said import Said

INCOHERENT = "incoherent: "


def with_problems(panel: Panel, said: Sequence[Said]) -> list[Said]:
    """Answers with what does not go together in their notes.

    Parameters
    ----------
    panel : Panel
        Its conditionals say which probabilities must go together.
    said : sequence of Said
    """
    found = list(said)
    for conditional in panel.conditionals:
        for round_, expert in dict.fromkeys((one.round, one.expert) for one in said):
            mine = {one.question: k for k, one in enumerate(found) if (one.round, one.expert) == (round_, expert)}
            if not set(conditional.names) <= set(mine):
                continue
            whole, condition, given, given_not = (found[mine[name]].probability for name in conditional.names)
            where = f"{expert}, round {round_}, {conditional.whole}"
            try:
                fail_if_incoherent(whole, condition, given, given_not, where=where)
            except InputError as error:
                k = mine[conditional.whole]
                found[k] = replace(found[k], note="; ".join(filter(None, [found[k].note, f"{INCOHERENT}{error}"])))
    return found


def problems_in(said: Sequence[Said]) -> list[str]:
    """What does not go together, in words."""
    notes = (note for one in said for note in one.note.split("; "))
    return [note.removeprefix(INCOHERENT) for note in notes if note.startswith(INCOHERENT)]
