"""The page of ``toc explore`` as one file: modules joined, clashes refused, and a policy that lets nothing else run."""

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.names import essay_words
from tests.present.node import needs_node, node
from tests.report_pages import HOSTILE, Page, read
from toc_model.engine.program.javascript import special_functions
from toc_model.present.explore import bundle
from toc_model.present.explore.bundle import modules, packed, page_of, policy_of, script_of
from toc_model.present.section import Section

FOLDER = Path(bundle.__file__).parent
DATA = {
    "title": HOSTILE,
    "introduction": HOSTILE,
    "model": "0123456789ab",
    "made": {"version": "1", "command": HOSTILE},
}
STATIC = Section("run", "Run", "Run", [HOSTILE], notes=["what it rests on"])
MODULES: dict[str, str] = {
    "main.js": 'import { twice } from "./twice.js";\nexport function begin(text, laws) {\n  return twice(laws);\n}\n',
    "twice.js": "const TWO = 2;\n\nexport function twice(x) {\n  return TWO * x;\n}\n",
}


def page() -> Page:
    return read(page_of(DATA, "{}", STATIC))


def scripts(found: Page) -> list[str]:
    return [one.text for one in found.all("script") if one.attributes.get("type") is None]


def plain(text: str) -> Any:
    """What packed data say."""
    return json.loads(gzip.decompress(base64.b64decode(text)))


def policy(found: Page) -> str:
    return next(one.attributes["content"] for one in found.all("meta") if "http-equiv" in one.attributes)


# Joining -----------------------------------------------------------------------------------------------------------


def test_modules_are_joined_those_first_that_others_need() -> None:
    script = script_of(MODULES, "21")
    assert "import" not in script
    assert "export" not in script
    assert script.index("function twice") < script.index("function begin") < script.index("const LAWS = 21;")
    assert special_functions() in script


@needs_node
def test_the_script_begins_with_data_and_laws() -> None:
    page_of_node = 'const document = { getElementById: () => ({ textContent: "[1]" }) };\n'
    started = MODULES | {
        "main.js": 'import { twice } from "./twice.js";\n'
        "export function begin(text, laws, special) {\n"
        "  console.log(JSON.stringify([JSON.parse(text), twice(laws), special.logistic(0)]));\n}\n"
    }
    assert json.loads(node("-e", page_of_node + script_of(started, "21"))) == [[1], 42, 0.5]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"main.js": MODULES["main.js"] + "const TWO = 3;\n"}, "'TWO', which twice.js defines too"),
        ({"twice.js": MODULES["twice.js"] + "const special = 1;\n"}, "'special', which special.js defines too"),
        ({"main.js": MODULES["main.js"] + "function* LAWS() {}\n"}, "'LAWS', which the page defines too"),
        ({"main.js": 'import { half } from "./twice.js";\n'}, "'half' of twice.js; allowed: twice"),
        ({"main.js": 'import { TWO } from "./twice.js";\n'}, "'TWO' of twice.js; allowed: twice"),
        ({"main.js": 'import { half } from "./half.js";\n'}, "'half.js'; allowed: main.js, twice.js"),
        ({"main.js": 'import * as all from "./twice.js";\n'}, "'import * as all"),
        ({"main.js": 'import {\n  twice,\n} from "./twice.js";\n'}, "'import {'"),
        ({"main.js": 'import { twice as double } from "./twice.js";\n'}, "'import { twice as double }"),
        ({"main.js": "export default function begin() {}\n"}, "'export default"),
        ({"main.js": "const { a, b } = {};\n"}, "'const { a, b }"),
        ({"twice.js": 'import { begin } from "./main.js";\n' + MODULES["twice.js"]}, "a ring: "),
        ({"twice.js": MODULES["twice.js"] + 'const END = "</SCRIPT>";\n'}, "'</SCRIPT'"),
        ({"twice.js": MODULES["twice.js"] + 'const END = "<!--";\n'}, "'<!--'"),
    ],
)
def test_what_can_not_be_joined_is_refused(changed: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        script_of(MODULES | changed, "21")


def test_what_nobody_needs_is_left_out() -> None:
    assert "spare" not in script_of(MODULES | {"spare.js": "export const spare = 1;\n"}, "21")


def test_every_module_of_the_page_is_in_it() -> None:
    script = script_of(modules(), "{}")
    missing = [
        name
        for name, source in modules().items()
        if not all(re.search(rf"\b{one}\b", script) for one in bundle.exports(source))
    ]
    assert missing == []


# The page ----------------------------------------------------------------------------------------------------------


def test_the_policy_names_the_script_and_the_style_that_are_there() -> None:
    found = page()
    assert len(scripts(found)) == len(found.all("style")) == 1
    for one, directive in ((scripts(found)[0], "script-src"), (found.all("style")[0].text, "style-src")):
        digest = base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in policy(found)
    assert policy(found) == policy_of(scripts(found)[0], found.all("style")[0].text)


def test_the_policy_allows_nothing_by_default_and_nothing_unsafe() -> None:
    text = policy_of("", "")
    assert text.startswith("default-src 'none'; ")
    assert not re.search(r"unsafe|\*|https?:|'self'", text)


def test_nothing_on_the_page_is_fetched_or_handled_inline() -> None:
    found = page()
    addresses = {one.attributes[name] for one in found.elements for name in ("src", "href") if name in one.attributes}
    assert addresses <= {"data:,", "#answer"}
    assert not [name for one in found.elements for name in one.attributes if name.startswith("on") or name == "style"]


def test_hostile_texts_are_texts() -> None:
    found = page()
    assert found.all("b", "i", "img") == []
    (data,) = [one for one in found.all("script") if one.attributes.get("id") == "data"]
    assert plain(data.text) == DATA


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!-- <script>", "\u2028 ]]>", "&lt;/script>"])
def test_no_text_in_the_data_ends_their_element(text: str) -> None:
    told = packed({"label": text, text: [text]})
    assert re.fullmatch(r"[\w+/=]+", told)
    assert plain(told) == {"label": text, text: [text]}


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_json_lacks_are_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        packed({"x": number})


def test_without_script_there_is_the_answer_and_why_nothing_can_be_set() -> None:
    found = page()
    block = next(one for one in found.elements if one.attributes.get("id") == "static")
    assert "JavaScript" in block.text
    assert "what it rests on" in block.text
    assert "hidden" not in block.attributes
    assert "hidden" in next(one for one in found.elements if one.attributes.get("id") == "app").attributes


# What the page is made of ------------------------------------------------------------------------------------------


def files() -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir() if path.is_file()}


@pytest.mark.parametrize("name", sorted(files()))
def test_no_part_of_the_page_names_what_only_the_essay_may(name: str) -> None:
    assert essay_words(files()[name]) == []


@pytest.mark.parametrize("name", sorted(modules()))
def test_modules_are_short_and_plain(name: str) -> None:
    source = modules()[name]
    assert len(source.splitlines()) <= 350
    assert not re.search(r"\b(eval|innerHTML|outerHTML|insertAdjacentHTML|document\.write|new Function)\b", source)


def asked(code: str) -> Any:
    """What a few lines of JavaScript on the page's modules give."""
    text = re.sub(r'from "\./', f'from "{FOLDER.as_uri()}/', code)
    return json.loads(node("--input-type=module", "-e", text))


@needs_node
def test_pure_functions_of_the_page() -> None:
    troubles = asked((Path(__file__).with_name("explore_units.mjs")).read_text(encoding="utf-8"))
    assert troubles == []
