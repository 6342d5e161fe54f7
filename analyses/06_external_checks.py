"""What the model implies beside what others have published: nothing here is tuned, and what a prior has seen says so.

Reads the published figures in ``../shared/data`` (or the folder that is named) and compares them with each worldview.
Run

    uv run python analyses/06_external_checks.py [FOLDER]

It writes ``results/external_checks.csv`` and ``results/external_checks.png``.
"""

import csv
import sys
from io import StringIO
from pathlib import Path

import toc_model as toc
from toc_model.beliefs.beliefs import load_beliefs
from toc_model.documents import write
from toc_model.essay.external.checks import Check, external_checks
from toc_model.essay.external.words import external_figure, external_text
from toc_model.present.figures import save_figure

RESULTS = Path(__file__).parents[1] / "results"
DATA = Path(__file__).parents[2] / "shared" / "data"
WORLDVIEWS = ("neutral", "essay", "outside")


def write_rows(found: dict[str, list[Check]], path: Path) -> None:
    """Write all checks as CSV, a row for each worldview and check."""
    rows = [{"worldview": name} | check.to_dict() for name, checks in found.items() for check in checks]
    text = StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    write(path, lambda part: part.write_text(text.getvalue(), encoding="utf-8"))


def main() -> None:
    """Compare, print, and end with one headline."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if not data.is_dir():
        print(f"06_external_checks: {data} is absent; nothing was compared", file=sys.stderr)
        sys.exit(2)
    levers = toc.load_allocations().levers()
    found = {name: external_checks(load_beliefs(name), levers, data) for name in WORLDVIEWS}
    RESULTS.mkdir(exist_ok=True)
    write_rows(found, RESULTS / "external_checks.csv")
    save_figure(external_figure(found), RESULTS / "external_checks.png")
    print(external_text(found))


if __name__ == "__main__":
    try:
        main()
    except toc.InputError as error:
        print(f"06_external_checks: {error}", file=sys.stderr)
        sys.exit(2)
