"""Runs a notebook with the interpreter that runs this, in the notebook's folder: ``python -m tests.execute_notebook
NOTEBOOK``; a cell that fails ends it with the traceback."""

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

CELL = 60
"""Seconds that a cell may take."""


def main(path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    with TemporaryDirectory() as folder:
        kernel = Path(folder) / "kernels" / "this"
        kernel.mkdir(parents=True)
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        about = {"argv": command, "display_name": "this", "language": "python"}
        (kernel / "kernel.json").write_text(json.dumps(about), encoding="utf-8")
        os.environ["JUPYTER_PATH"] = folder
        resources = {"metadata": {"path": str(path.parent)}}
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(notebook, timeout=CELL, kernel_name="this", resources=resources).execute()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
