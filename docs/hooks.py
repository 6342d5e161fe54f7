"""What mkdocs asks when it builds the site: pages made from the code, and nothing fetched from elsewhere."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from docs.outside import outside
from docs.pages import FOLDER, listed, pages, pictures
from toc_model.engine.program.equations import STYLE

MODEL = "The model"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the pages of the model into the navigation, where it has the name of their folder."""
    config.nav = [{MODEL: listed()} if entry == {MODEL: f"{FOLDER}/"} else entry for entry in config.nav or []]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add pages and pictures, and the style of equations."""
    made: dict[str, str | bytes] = {**pages(), **pictures(), "equations.css": STYLE}
    for path, content in made.items():
        files.append(File.generated(config, path, content=content))
    return files


def on_post_build(config: MkDocsConfig) -> None:
    """Fail if a page fetches anything from elsewhere.

    Raises
    ------
    PluginError
    """
    if found := [f"{path}: {address}" for path, address in outside(Path(config.site_dir))]:
        raise PluginError(f"found {found[0]} (and {len(found) - 1} more); allowed: nothing from elsewhere")
