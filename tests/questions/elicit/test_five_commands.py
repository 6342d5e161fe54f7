"""What the README shows of `toc elicit`: from a question to a changed outcome, in five commands."""

import json
import shlex
from pathlib import Path

import pytest

from tests.conftest import Toc

ROOT = Path(__file__).parents[3]
SECTION = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Elicitation\n")[2].partition("\n## ")[0]
COMMANDS = SECTION.partition("```sh\n")[2].partition("```")[0].splitlines()


def test_five_commands_change_the_outcome(toc: Toc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(COMMANDS) == 5
    monkeypatch.chdir(tmp_path)
    (tmp_path / "analyses").symlink_to(ROOT / "analyses")
    for line in COMMANDS:
        words = shlex.split(line)
        assert words[:3] == ["uv", "run", "toc"]
        code, said, error = toc(*words[3:])
        assert (code, error) == (0, ""), line
    assert "pooled + panel (as prior)" in said
    before, after = (_outcome(toc, worldview) for worldview in ("base", "pooled.toml"))
    assert 0 < after < before - 0.03, "two of the three put severity well below one half"


def _outcome(toc: Toc, worldview: str) -> float:
    code, said, _ = toc("run", "--worldview", worldview, "--json")
    assert code == 0
    return float(json.loads(said)["allocations"]["status_quo"]["p_doom"]["mean"])
