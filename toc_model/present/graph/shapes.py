"""What a figure of the graph is drawn with: boxes, curves with heads, and words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from toc_model.present.graph.parts import INK, colour_of, tint
from toc_model.present.signs import visible_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from toc_model.engine.story import Story
    from toc_model.present.graph.curves import Curve, Point

FONT = "DejaVu Sans"
BACKGROUNDS, LINES, LABELS, BOXES = range(4)
NECK = 0.07
"""Length of the straight end of a curve, in inches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a box is drawn."""

    outline: str
    inside: str = "#ffffff"
    width: float = 1.2
    rounding: float = 0.09
    is_bold: bool = False
    is_hatched: bool = False

    @property
    def ink(self) -> str:
        """Colour in which its words are legible."""
        return INK if self.inside == "#ffffff" else "#ffffff"


LEVER = Look(outline=INK, inside=INK, rounding=0.15)


def look_of(story: Story, name: str, main: str) -> Look:
    """How a lever or a node is drawn, the main outcome apart from all others."""
    if name in story.levers:
        return LEVER
    look = Look(outline=colour_of(story, name), is_hatched=story.nodes[name].is_held)
    if name in story.outcomes:
        look = outcome_look(look)
    return main_look(look) if name == main else look


def outcome_look(look: Look) -> Look:
    """The same as an outcome."""
    return replace(look, width=2.8, rounding=0.0, is_bold=True)


def main_look(look: Look) -> Look:
    """The same as the main outcome."""
    return look if look.is_hatched else replace(outcome_look(look), inside=look.outline)


def draw_box(ax: Axes, look: Look, corner: Point, size: Point) -> None:
    """Draw a box without its words."""
    from matplotlib.patches import FancyBboxPatch

    style = f"round,pad=0,rounding_size={look.rounding}" if look.rounding else "square,pad=0"
    ax.add_patch(FancyBboxPatch(corner, *size, style, fc=look.inside, ec=look.outline, lw=look.width, zorder=BOXES))
    if look.is_hatched:
        lines = tint(look.outline, 0.4)
        ax.add_patch(FancyBboxPatch(corner, *size, style, fc="none", ec=lines, lw=0, hatch="////", zorder=BOXES))


def draw_words_in_box(ax: Axes, look: Look, middle: Point, words: str, size: float) -> None:
    """Write in a box; over hatching the words have a plain background."""
    weight = "bold" if look.is_bold else "normal"
    behind = {"boxstyle": "square,pad=0.1", "fc": look.inside, "ec": "none"} if look.is_hatched else None
    write(ax, *middle, words, size, color=look.ink, ha="center", weight=weight, zorder=BOXES, bbox=behind)


def draw_curve(ax: Axes, curve: Curve, colour: str, width: float, *, head: bool = True) -> None:
    """Draw a curve, straight at its end."""
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    path = Path([*curve[:3], _neck(*curve[2:]), curve[3]], [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO])
    style = f"-|>,head_length={4 + width},head_width={1.6 + 0.5 * width}" if head else "-"
    patch = FancyArrowPatch(path=path, arrowstyle=style, mutation_scale=1, color=colour, lw=width, zorder=LINES)
    patch.set_capstyle("butt")
    patch.set_joinstyle("miter")
    ax.add_patch(patch)


def draw_named_line(ax: Axes, curve: Curve, name: str, colour: str, behind: str) -> None:
    """Draw a level line that bears a name in its middle."""
    (left, y), *_, (right, _) = curve
    draw_curve(ax, curve, colour, 1.0, head=False)
    box = {"boxstyle": "square,pad=0.12", "fc": behind, "ec": "none"}
    write(ax, (left + right) / 2, y, name, 7.0, color=colour, ha="center", style="italic", bbox=box)


def write(ax: Axes, x: float, y: float, text: str, size: float, **how: Any) -> None:
    """Write in the one font that comes with matplotlib, vertically centred."""
    how = {
        "parse_math": False,
        "color": INK,
        "va": "center",
        "family": FONT,
        "linespacing": 1.05,
        "zorder": LABELS,
        **how,
    }
    ax.text(x, y, visible_lines(text), fontsize=size, **how)


def _neck(towards: Point, end: Point) -> Point:
    (x0, y0), (x1, y1) = towards, end
    part = NECK / max(abs(x0 - x1), abs(y0 - y1))
    return x1 + part * (x0 - x1), y1 + part * (y0 - y1)
