"""An option that several commands of ``toc survey`` share."""

import click

map_option = click.option(
    "--map", "mapping", help="A mapping document: one of the folder's, by name, or the path of your own (.toml)."
)
