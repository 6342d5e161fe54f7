"""The command ``toc``."""

import os
import sys

import click

from toc_model.errors import InputError
from toc_model.questions.compare.command import compare, curve, marginal, optimise
from toc_model.questions.disagree.command import disagree
from toc_model.questions.priors.command import claims, graph, priors
from toc_model.questions.report.command import report
from toc_model.questions.run.command import evaluate, run
from toc_model.questions.sensitivity.command import channels, sensitivity
from toc_model.questions.survey.command import survey
from toc_model.questions.update.command import update, worldview
from toc_model.questions.voi.command import voi


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="toc-model")
def cli() -> None:
    """What happens to P(doom) if people are allocated differently, how sure we are, and what it rests on."""


for command in (
    *(run, compare, curve, optimise, marginal, voi),
    *(channels, sensitivity, claims, disagree, report),
    *(update, worldview, survey),
    *(graph, priors, evaluate),
):
    cli.add_command(command)


def main() -> None:
    """Run the command; what a user can get wrong ends with one line and exit code 2."""
    try:
        cli.main(standalone_mode=False)
    except InputError as error:
        _fail(str(error))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except MemoryError as error:
        _fail(f"not enough memory: {error}")
    except click.ClickException as error:
        _fail(error.format_message())
    except (click.Abort, KeyboardInterrupt):
        click.echo("toc: interrupted; nothing was written", err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _fail(f"can't write ({error.strerror or error})")


def _fail(message: str) -> None:
    click.echo("toc: " + " ".join(message.split()), err=True)
    sys.exit(2)
