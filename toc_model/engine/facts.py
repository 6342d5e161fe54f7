"""What a case is, in a few lines for notebooks."""

from collections.abc import Mapping
from typing import Any

from toc_model.brief import Shown


class CaseFacts(Shown):
    """What a case is, told of what it has."""

    __slots__ = ()

    def facts(self: Any) -> Mapping[str, str]:
        """Theory, outcome, levers, worldviews and documents."""
        objective, better = self.objective, "lower" if self.objective.lower_is_better else "higher"
        return {
            "theory": self.theory,
            "outcome": f"{objective.label} ({objective.measure.unit or objective.node}); {better} is better",
            "levers": ", ".join(self.story.levers),
            "status quo": self.status_quo,
            "nodes, chapters": f"{len(self.story.nodes)}, {len(self.story.chapters)}",
            "worldviews": ", ".join(self.worldviews),
            "documents": str(self.documents),
        }
