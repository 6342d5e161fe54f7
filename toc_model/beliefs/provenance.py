"""Where a result comes from: versions, seed, and digests of everything that went in."""

import ast
import inspect
import platform
from importlib import metadata
from types import ModuleType
from typing import Any

from toc_model.documents import digest
from toc_model.engine import laws
from toc_model.engine.story import Story

PACKAGES = ("toc-model", "numpy", "scipy", "xarray", "pymc")
SAMPLERS = ("pytensor", "numba", "nutpie", "arviz")
"""What a posterior depends on besides."""


def versions(*more: str) -> dict[str, str]:
    """Versions of Python, of the packages that results depend on, and of more of them."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in (*PACKAGES, *more)}}


def story_digest(story: Story) -> str:
    """SHA-256 of the laws of a story, those of rivals among them, without documentation, and of interventions on it."""
    code = "\n".join(_code(module) for module in (laws, *story.modules, *story.rivals))
    return digest("\n".join([code, *(edit.text for edit in story.edits)]))


def _code(module: ModuleType) -> str:
    tree = ast.parse(inspect.getsource(module))
    for found in ast.walk(tree):
        if isinstance(found, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(found) is not None:
            found.body = found.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def provenance(story: Story, **about: Any) -> dict[str, Any]:
    """Versions, the story's digest, and what else is known about a run."""
    return {"versions": versions(), "story": story_digest(story), **about}
