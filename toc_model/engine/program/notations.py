"""Notations of mathematics: LaTeX, MathML Core and plain text, each of the same few constructions."""

import html
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import override

SPECIAL_IN_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "$&#_%"},
}
SIGNS = {
    "+": "+",
    "-": "\u2212",
    "*": "·",
    "/": "/",
    "=": "=",
    "<": "<",
    "<=": "≤",
    "!=": "≠",
    "in": "∈",
    "change": "Δ",
    "sum": "\u2211",
}
"""Signs, by what they are called here."""
PRIME = "\u2032"


class Notation(ABC):
    """How constructions are written; all texts that go in, but words, are written in it already."""

    flat = False
    """Whether all stands on one line, so that fractions and powers need brackets."""

    @abstractmethod
    def name(self, words: str, below: Sequence[str]) -> str:
        """Words of people, with marks below."""

    @abstractmethod
    def letter(self, letter: str, below: Sequence[str] = ()) -> str:
        """A letter, maybe with primes."""

    @abstractmethod
    def words(self, words: str) -> str:
        """Words by themselves."""

    @abstractmethod
    def number(self, digits: str, exponent: str) -> str:
        """Digits, times a power of ten if it is not empty."""

    @abstractmethod
    def bracketed(self, inside: str, marks: str = "()") -> str:
        """Between brackets or bars."""

    @abstractmethod
    def infix(self, left: str, sign: str, right: str) -> str:
        """With one of `SIGNS` between."""

    @abstractmethod
    def prefixed(self, sign: str, inside: str) -> str:
        """With one of `SIGNS` before."""

    def fraction(self, above: str, below: str) -> str:
        """One over the other, if it is not `flat`."""
        return self.infix(above, "/", below)

    @abstractmethod
    def power(self, base: str, exponent: str) -> str:
        """To a power."""

    @abstractmethod
    def root(self, inside: str) -> str:
        """The square root."""

    @abstractmethod
    def called(self, function: str, arguments: Sequence[str], *, inverse: bool = False) -> str:
        """A function of some things."""

    @abstractmethod
    def over(self, sign: str, index: str, body: str) -> str:
        """A sum, or the largest, along an index."""

    @abstractmethod
    def condition(self, test: str) -> str:
        """If something holds."""

    @abstractmethod
    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        """Values, each with its condition."""

    @abstractmethod
    def lines(self, rows: Sequence[tuple[str, str]]) -> str:
        """Equations below each other; from the second on they say what letters of the first mean."""


class Latex(Notation):
    """For LaTeX with amsmath, within a display."""

    @override
    def name(self, words: str, below: Sequence[str]) -> str:
        return self.letter(self.words(words), below)

    @override
    def letter(self, letter: str, below: Sequence[str] = ()) -> str:
        letter = {"∞": r"\infty"}.get(letter, letter.replace(PRIME, "'"))
        return f"{letter}_{{{', '.join(below)}}}" if below else letter

    @override
    def words(self, words: str) -> str:
        return rf"\text{{{''.join(SPECIAL_IN_LATEX.get(mark, mark) for mark in words)}}}"

    @override
    def number(self, digits: str, exponent: str) -> str:
        power = f"10^{{{exponent}}}"
        return digits if not exponent else power if digits == "1" else rf"{digits} \cdot {power}"

    @override
    def bracketed(self, inside: str, marks: str = "()") -> str:
        return rf"\left{marks[0]} {inside} \right{marks[-1]}"

    @override
    def infix(self, left: str, sign: str, right: str) -> str:
        signs = {"*": r"\cdot", "<=": r"\le", "!=": r"\ne", "in": r"\in"}
        return f"{left} {signs.get(sign, sign)} {right}"

    @override
    def prefixed(self, sign: str, inside: str) -> str:
        return rf"\Delta {inside}" if sign == "change" else f"{sign}{inside}"

    @override
    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    @override
    def power(self, base: str, exponent: str) -> str:
        return f"{{{base}}}^{{{exponent}}}"

    @override
    def root(self, inside: str) -> str:
        return rf"\sqrt{{{inside}}}"

    @override
    def called(self, function: str, arguments: Sequence[str], *, inverse: bool = False) -> str:
        known = {"Φ": r"\Phi", "min": r"\min", "max": r"\max", "exp": r"\exp", "ln": r"\ln", "arctan": r"\arctan"}
        named = known.get(function, rf"\operatorname{{{function}}}") + ("^{-1}" if inverse else "")
        return named + self.bracketed(", ".join(arguments))

    @override
    def over(self, sign: str, index: str, body: str) -> str:
        return rf"\{sign}_{{{index}}} {body}"

    @override
    def condition(self, test: str) -> str:
        return rf"\text{{if }} {test}"

    @override
    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        return r"\begin{cases} " + r" \\ ".join(f"{value} & {test}" for value, test in rows) + r" \end{cases}"

    @override
    def lines(self, rows: Sequence[tuple[str, str]]) -> str:
        written = r" \\ ".join(f"{left} &= {right}" for left, right in rows)
        return rf"\begin{{aligned}} {written} \end{{aligned}}"


class Plain(Notation):
    """For a line of text."""

    flat = True

    @override
    def name(self, words: str, below: Sequence[str]) -> str:
        return words + (f"[{', '.join(below)}]" if below else "")

    @override
    def letter(self, letter: str, below: Sequence[str] = ()) -> str:
        return self.name(letter, below)

    @override
    def words(self, words: str) -> str:
        return words

    @override
    def number(self, digits: str, exponent: str) -> str:
        return f"{digits}e{exponent}" if exponent else digits

    @override
    def bracketed(self, inside: str, marks: str = "()") -> str:
        return f"{marks[0]}{inside}{marks[-1]}"

    @override
    def infix(self, left: str, sign: str, right: str) -> str:
        return f"{left} {SIGNS[sign]} {right}"

    @override
    def prefixed(self, sign: str, inside: str) -> str:
        return f"{SIGNS[sign]} {inside}" if sign == "change" else f"{SIGNS[sign]}{inside}"

    @override
    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{exponent}"

    @override
    def root(self, inside: str) -> str:
        return f"sqrt({inside})"

    @override
    def called(self, function: str, arguments: Sequence[str], *, inverse: bool = False) -> str:
        return f"{function}{'⁻¹' if inverse else ''}({', '.join(arguments)})"

    @override
    def over(self, sign: str, index: str, body: str) -> str:
        return f"{sign} over {index} of {body}"

    @override
    def condition(self, test: str) -> str:
        return f"if {test}"

    @override
    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        return "{" + "; ".join(f"{value} {test}" for value, test in rows) + "}"

    @override
    def lines(self, rows: Sequence[tuple[str, str]]) -> str:
        written = [f"{left} = {right}" for left, right in rows]
        return ", where ".join([written[0], *([", ".join(written[1:])] if rows[1:] else [])])


def _tag(name: str, *inside: str, **attributes: str) -> str:
    given = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{''.join(inside)}</{name}>"


def _mo(sign: str, **attributes: str) -> str:
    return _tag("mo", html.escape(sign), **attributes)


# What XML can't hold even when it is escaped.
NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Mathml(Notation):
    """For pages, in what browsers know of MathML."""

    @override
    def name(self, words: str, below: Sequence[str]) -> str:
        return self._below(_tag("mi", _plain(words), mathvariant="normal"), below)

    @override
    def letter(self, letter: str, below: Sequence[str] = ()) -> str:
        first, primes = letter[:1], letter[1:]
        marked = _tag("mi", _plain(first))
        return self._below(_tag("msup", marked, _mo(primes)) if primes else marked, below)

    def _below(self, marked: str, below: Sequence[str]) -> str:
        return _tag("msub", marked, _tag("mrow", _mo(",").join(below))) if below else marked

    @override
    def words(self, words: str) -> str:
        return _tag("mtext", _plain(words))

    @override
    def number(self, digits: str, exponent: str) -> str:
        plain = _tag("mn", digits)
        if not exponent:
            return plain
        sign = _mo(SIGNS["-"]) if exponent.startswith("-") else ""
        power = _tag("msup", _tag("mn", "10"), _tag("mrow", sign, _tag("mn", exponent.lstrip("-"))))
        return power if digits == "1" else _tag("mrow", plain, _mo("·"), power)

    @override
    def bracketed(self, inside: str, marks: str = "()") -> str:
        left, right = (
            _mo(mark, fence="true", form=form) for mark, form in ((marks[0], "prefix"), (marks[-1], "postfix"))
        )
        return _tag("mrow", left, inside, right)

    @override
    def infix(self, left: str, sign: str, right: str) -> str:
        return _tag("mrow", left, _mo(SIGNS[sign]), right)

    @override
    def prefixed(self, sign: str, inside: str) -> str:
        if sign == "change":
            return _tag("mrow", _tag("mi", SIGNS[sign], mathvariant="normal"), inside)
        return _tag("mrow", _mo(SIGNS[sign], form="prefix"), inside)

    @override
    def fraction(self, above: str, below: str) -> str:
        return _tag("mfrac", _tag("mrow", above), _tag("mrow", below))

    @override
    def power(self, base: str, exponent: str) -> str:
        return _tag("msup", _tag("mrow", base), _tag("mrow", exponent))

    @override
    def root(self, inside: str) -> str:
        return _tag("msqrt", inside)

    @override
    def called(self, function: str, arguments: Sequence[str], *, inverse: bool = False) -> str:
        named = _tag("mi", function, mathvariant="normal")
        if inverse:
            named = _tag("msup", named, _tag("mrow", _mo(SIGNS["-"]), _tag("mn", "1")))
        return _tag("mrow", named, _mo("\u2061"), self.bracketed(_mo(",").join(arguments)))

    @override
    def over(self, sign: str, index: str, body: str) -> str:
        mark = _mo(SIGNS["sum"]) if sign == "sum" else _mo(sign, movablelimits="false", form="prefix")
        return _tag("mrow", _tag("munder", mark, index), body)

    @override
    def condition(self, test: str) -> str:
        return _tag("mrow", _tag("mtext", "if\u00a0"), test)

    @override
    def cases(self, rows: Sequence[tuple[str, str]]) -> str:
        table = _tag("mtable", *(_tag("mtr", _cell(value), _cell(test)) for value, test in rows), **{"class": "cases"})
        return _tag("mrow", _mo("{", fence="true", form="prefix"), table)

    @override
    def lines(self, rows: Sequence[tuple[str, str]]) -> str:
        def line(left: str, right: str) -> str:
            return _tag("mtr", _cell(left), _cell(_mo("="), right))

        return _tag("mtable", *(line(*row) for row in rows), **{"class": "equation"})


def _cell(*inside: str) -> str:
    return _tag("mtd", _tag("mstyle", *inside, displaystyle="true"))


def _plain(words: str) -> str:
    """Words that stay on one line."""
    words = words.replace(" ", "\u00a0")
    return html.escape(NOT_IN_XML.sub("�", words))
