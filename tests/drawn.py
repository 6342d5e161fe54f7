"""What is wrong with a figure that somebody looks at on a narrow screen."""

from collections.abc import Iterator
from typing import Any, cast

from matplotlib.figure import Figure
from matplotlib.text import Text

SHOWN, LEAST = 400, 9
"""Width of a narrow screen and height of the smallest letters on it, in pixels."""


def faults(figure: Figure) -> list[str]:
    """Texts that are too small, cut off by an end of the figure, or in a legend that lies on the note."""
    figure.draw_without_rendering()
    texts = list(texts_of(figure))
    assert texts
    small = [f"{px(figure, text):.1f} px: {text.get_text()!r}" for text in texts if px(figure, text) < LEAST]
    cut = [f"cut off: {text.get_text()!r}" for text in texts if is_cut(figure, text)]
    return [*small, *cut, *on_the_note(figure), *on_panels(figure)]


def px(figure: Figure, text: Text) -> float:
    return float(text.get_fontsize()) / 72 * SHOWN / figure.get_figwidth()


def is_cut(figure: Figure, text: Text) -> bool:
    inner, outer = text.get_window_extent(), figure.bbox
    return bool(
        inner.x0 < outer.x0 - 1 or inner.x1 > outer.x1 + 1 or inner.y0 < outer.y0 - 1 or inner.y1 > outer.y1 + 1
    )


def texts_of(figure: Figure) -> Iterator[Text]:
    """All texts that are drawn; ticks beyond the ends of an axis are not."""
    ticks, shown = set(), set()
    for axes in figure.axes:
        for axis in cast("tuple[Any, ...]", (axes.xaxis, axes.yaxis)):
            every = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
            ticks |= {id(label) for tick in every for label in (tick.label1, tick.label2)}
            shown |= {id(label) for tick in axis._update_ticks() for label in (tick.label1, tick.label2)}
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip() and (id(text) not in ticks or id(text) in shown):
            yield text


def on_panels(figure: Figure) -> list[str]:
    """Legends beside the panels that reach into one, or into what is written at its axes."""
    panels = [box for axes in figure.axes if (box := axes.get_tightbbox()) is not None]
    return [
        f"on a panel: {[text.get_text() for text in legend.get_texts()]}"
        for legend in figure.legends
        if any(legend.get_window_extent().overlaps(box.padded(-1)) for box in panels)
    ]


def on_the_note(figure: Figure) -> list[str]:
    """Legends below the figure that reach into the note."""
    note = next((text for text in figure.texts if text.get_text().strip() == figure.get_supxlabel().strip()), None)
    if note is None or not note.get_text().strip():
        return []
    every = note.get_text().split("\n")
    lines = len(note.get_text().strip().split("\n"))
    extent = note.get_window_extent()
    top = extent.y0 + extent.height * lines / len(every)
    return [f"on the note: {legend}" for legend in figure.legends if legend.get_window_extent().y0 < top - 2]
