"""What an update from six experts on four parameters costs, beside `toc run` and the import of PyMC. Run

uv run python -m tests.benchmarks.six_experts
"""

import math
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from toc_model.survey.documents.answers import COLUMNS

ASKED = {
    "detection_now": ("logit", "probability"),
    "agi_year": ("log", "years"),
    "severity": ("logit", "probability"),
    "lead_now": ("log", "months"),
}
LEVELS = {0.1: -1.2816, 0.5: 0.0, 0.9: 1.2816}
EXPERTS = 6
HEAD = """
source_id = "six"
title = "Six experts"
citation = "none"
population = "simulated"
year = 2026
verified = "yes"
derived_from = []
"""


def mapping() -> str:
    """A question about each parameter."""
    return HEAD + "".join(
        f'[questions.{target}]\nwording = "?"\ntarget = "{target}"\nscale = "{scale}"\nkind = "quantile"\n'
        f'unit = "{unit}"\nbias_sd = 0.5\nbias_reason = "a test"\nfair = "a test"\n'
        for target, (scale, unit) in ASKED.items()
    )


def answers() -> str:
    """Three quantiles by each expert."""
    rng, rows = np.random.default_rng(1), [",".join(COLUMNS)]
    for target, (scale, unit) in ASKED.items():
        for expert in range(EXPERTS):
            middle, spread = (-0.5 if scale == "logit" else 2.0) + 0.6 * rng.standard_normal(), rng.uniform(0.4, 1.0)
            for level, z in LEVELS.items():
                y = middle + spread * z
                value = 1 / (1 + math.exp(-y)) if scale == "logit" else math.exp(y)
                said = {"source_id": "six", "respondent_id": f"e{expert}", "question_id": target, "target": target}
                said |= {"kind": "quantile", "level": f"{level}", "value": f"{value:.4f}", "unit": unit}
                rows.append(",".join(said.get(column, "") for column in COLUMNS))
    return "\n".join(rows) + "\n"


def cpu(*words: str) -> float:
    """CPU seconds of Python with some arguments."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print CPU seconds of each, and the ratio."""
    toc = ("-c", "import sys; sys.argv[0] = 'toc'; from toc_model.cli import main; main()")
    with tempfile.TemporaryDirectory() as folder:
        table, document, out = (Path(folder) / name for name in ("six.csv", "six.toml", "six.nc"))
        table.write_text(answers())
        document.write_text(mapping())
        update = cpu(*toc, "update", str(table), "--map", str(document), "--out", str(out))
    run, pymc = cpu(*toc, "run"), cpu("-c", "import pymc")
    print(f"toc update {update:.1f} s, toc run {run:.1f} s, import pymc {pymc:.1f} s: {update / run:.1f} runs")


if __name__ == "__main__":
    main()
