"""The page as one file: modules joined to one script, data beside it, and a policy that lets nothing else run."""

import base64
import gzip
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import resources
from typing import Any

from toc_model.engine.program.equations import STYLE as EQUATIONS
from toc_model.engine.program.javascript import special_functions
from toc_model.present.html import environment, hash_of
from toc_model.present.section import Section

FIRST = "main.js"
"""The module that begins; all that it needs is joined with it."""
IMPORT = re.compile(r'import \{ (?P<names>\w+(?:, \w+)*) \} from "\./(?P<module>[\w-]+\.js)";')
EXPORT = re.compile(r"export (?=(?:async )?function\b|const\b)")
NAMED = re.compile(r"(?:async )?function\*? ?(\w+)|(?:const|let|var|class) (\w+)")
BARE = re.compile(r"(?:import|export)\b|(?:const|let|var) [\[{]")
"""What can't be joined: other forms of import and export, and names that are taken out of something."""
ENDING = re.compile(r"</script|<!--", re.IGNORECASE)
"""What would end a script, or hide the end of one."""


def page_of(data: Mapping[str, Any], laws: str, static: Section) -> str:
    """A page that people play with, as one file that needs nothing else.

    Parameters
    ----------
    data : mapping
        All that the page knows, ready for JSON.
    laws : str
        The laws, as an expression of JavaScript.
    static : Section
        The answer for those without script.

    Raises
    ------
    ValueError
        If the modules can't be joined, the laws would end the script, or data are no JSON.
    """
    style = f"{text_of('explore.css')}{text_of('graph.css')}{EQUATIONS}"
    script = script_of(modules(), laws)
    rendered = environment().from_string(text_of("page.html"))
    return rendered.render(
        data=data, static=static, style=style, script=script, packed=packed(data), policy=policy_of(script, style)
    )


def policy_of(script: str, style: str) -> str:
    """What a browser may do with the page: run this script, use this style, draw, and nothing else."""
    return (
        f"default-src 'none'; script-src '{hash_of(script)}'; style-src '{hash_of(style)}'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def packed(data: Mapping[str, Any]) -> str:
    """Data as JSON, compressed (gzip) and in base64: in a third less room than as they are, for browsers since 2023."""
    plain = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(plain.encode(), mtime=0)).decode("ascii")


def script_of(sources: Mapping[str, str], laws: str, first: str = FIRST) -> str:
    """Modules joined to one script that calls `begin` with the packed data, the laws and the normal distribution.

    Parameters
    ----------
    sources : mapping of str to str
        Modules by file name.
    laws : str
    first : str
        The module that has `begin`.

    Raises
    ------
    ValueError
        If a module is missing, is in a ring or not plain enough, two define one name, or the script would end early.
    """
    joined = "\n".join(_joined(sources, first))
    script = (
        f'(() => {{\n"use strict";\n{special_functions()}\n{joined}\nconst LAWS = {laws};\n'
        'begin(document.getElementById("data").textContent, LAWS, special);\n})();\n'
    )
    if found := ENDING.search(script):
        raise ValueError(f"script: found {found[0]!r}; allowed: a script that does not end before its end")
    return script


def _joined(sources: Mapping[str, str], first: str) -> Iterator[str]:
    """Each module that is needed, those that it needs before it."""
    taken = {name: "special.js" for line in special_functions().splitlines() for name in _names(line)}
    taken["LAWS"] = "the page"
    for module in _in_order(sources, first):
        own = [line for line in sources[module].splitlines() if not IMPORT.fullmatch(line)]
        lines = [EXPORT.sub("", line, count=1) if EXPORT.match(line) else line for line in own]
        for name in (name for line in lines for name in _names(line)):
            if name in taken:
                raise ValueError(f"{module}: found {name!r}, which {taken[name]} defines too; allowed: another name")
            taken[name] = module
        if bare := next((line for line in lines if BARE.match(line)), None):
            raise ValueError(
                f"{module}: found {bare!r}; allowed: 'import {{ ... }} from \"./....js\";' on one line, "
                "'export function', 'export const', and definitions of one name"
            )
        yield "\n".join(lines)


def _names(line: str) -> list[str]:
    """What a line defines for the whole script."""
    found = NAMED.match(line)
    return [found[1] or found[2]] if found else []


def _in_order(sources: Mapping[str, str], first: str) -> list[str]:
    """Names of the modules that one needs, with it."""
    needs: dict[str, list[str]] = {}
    waiting = [first]
    while waiting:
        module = waiting.pop()
        if module in needs:
            continue
        needs[module] = list(dict.fromkeys(of for of, _ in _imports(sources, module)))
        waiting += needs[module]
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise ValueError(f"found modules in a ring: {' -> '.join(error.args[1])}; allowed: none") from None


def _imports(sources: Mapping[str, str], module: str) -> Iterator[tuple[str, str]]:
    """What a module takes from others: their file names and the names that they export."""
    for line in sources[module].splitlines():
        found = IMPORT.fullmatch(line)
        if not found:
            continue
        of = found["module"]
        if of not in sources:
            raise ValueError(f"{module}: found {of!r}; allowed: {', '.join(sorted(sources))}")
        exported = exports(sources[of])
        for name in found["names"].split(", "):
            if name not in exported:
                raise ValueError(f"{module}: found {name!r} of {of}; allowed: {', '.join(sorted(exported))}")
            yield of, name


def exports(source: str) -> set[str]:
    """The names that a module exports."""
    lines = (EXPORT.sub("", line, count=1) for line in source.splitlines() if EXPORT.match(line))
    return {name for line in lines for name in _names(line)}


@cache
def modules() -> Mapping[str, str]:
    """All modules of the page, by file name."""
    folder = resources.files("toc_model.present.explore")
    return {one.name: one.read_text(encoding="utf-8") for one in folder.iterdir() if one.name.endswith(".js")}


@cache
def text_of(name: str) -> str:
    """A file of the page."""
    return (resources.files("toc_model.present.explore") / name).read_text(encoding="utf-8")
