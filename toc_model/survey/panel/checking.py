"""What experts say that does not go together: told and recorded, not repaired."""

from collections.abc import Sequence
from dataclasses import replace

from toc_model.errors import InputError
from toc_model.statistics.elicitation.judgements import fail_if_incoherent
from toc_model.survey.panel.panel import Panel
from toc_model.survey.panel.said import Said

INCOHERENT = "incoherent: "


def with_problems(panel: Panel, said: Sequence[Said], before: Sequence[Said] = ()) -> list[Said]:
    """Answers with what does not go together in their notes.

    Parameters
    ----------
    panel : Panel
        Its conditionals say which probabilities must go together.
    said : sequence of Said
    before : sequence of Said
        What was read before, for answers that come in several files; those of ``said`` go before it.
    """
    found = list(said)
    for conditional in panel.conditionals:
        for round_, expert in dict.fromkeys((one.round, one.expert) for one in said):
            new = {one.question: k for k, one in enumerate(found) if (one.round, one.expert) == (round_, expert)}
            old = {one.question: one for one in before if (one.round, one.expert) == (round_, expert)}
            mine = old | {name: found[k] for name, k in new.items()}
            changed = [new[name] for name in conditional.names if name in new]
            if not changed or not set(conditional.names) <= set(mine):
                continue
            whole, condition, given, given_not = (mine[name].probability for name in conditional.names)
            where = f"{expert}, round {round_}, {conditional.whole}"
            try:
                fail_if_incoherent(whole, condition, given, given_not, where=where)
            except InputError as error:
                k = changed[0]
                found[k] = replace(found[k], note="; ".join(filter(None, [found[k].note, f"{INCOHERENT}{error}"])))
    return found


def problems_in(said: Sequence[Said]) -> list[str]:
    """What does not go together, in words."""
    notes = (note for one in said for note in one.note.split("; "))
    return [note.removeprefix(INCOHERENT) for note in notes if note.startswith(INCOHERENT)]
