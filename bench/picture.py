"""This file draws what was measured, as SVG: answers a second beside floors and peers, and what is promised."""

import math
from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

from bench.calls import R1, R2, R3, SESSION, W1, W2
from bench.cells import BARE, NGINX, POSTGRES, SQLITE

WIDTH, MARGIN, LABELS = 1080, 40, 300
LINE, BAR = 30, 14
FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif"
INK, SOFT, RULE, PAPER = "#1b1f24", "#5b6672", "#e3e7ec", "#ffffff"
FLOOR, OURS, OURS_TOO, PEER, MISSED = "#9aa5b1", "#0b6e99", "#63b3d1", "#d9a441", "#c2412d"
OWN_ROWS = (R1, R2, R3, W1, SESSION, W2)
WORDS = {NGINX: "nginx, a static file", BARE: "uvicorn, bare application"}


class Bar(NamedTuple):
    """One line of a panel."""

    words: str
    value: float
    colour: str
    said: str


class Panel(NamedTuple):
    """Bars under each other; `mark` is a value that all are held against."""

    title: str
    below: str
    bars: Sequence[Bar]
    logarithmic: bool = False
    mark: float | None = None

    @property
    def height(self) -> int:
        """In pixels, with its title and what is below it."""
        return 78 + LINE * len(self.bars)


def drawn(found: dict[str, Any]) -> str:
    """The whole picture."""
    panels = [panel for panel in (_asked(found), _own(found), _promised(found)) if panel.bars]
    top, parts = 96, []
    for panel in panels:
        parts.append(_panel(panel, top))
        top += panel.height + 22
    form, machine = found["form"], found["machine"]
    turns = f"medians of {form['turns']} turns of {form['seconds']:g} s, back and forth, 64 connections"
    where = f"load and servers on the same {machine['cores']} cores, Python {machine['python']}"
    head = [
        _text(MARGIN, 46, "Admit One beside its floors and its peers", size=26, weight=700),
        _text(MARGIN, 72, f"{turns}; {where}", colour=SOFT),
    ]
    size = f'width="{WIDTH}" height="{top}" viewBox="0 0 {WIDTH} {top}"'
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="{escape(FONT)}" role="img">'
    title = f"<title>Admit One: {escape(turns)}</title>"
    paper = f'<rect width="{WIDTH}" height="{top}" fill="{PAPER}"/>'
    return "\n".join([opened, title, paper, *head, *parts, "</svg>"])


def _asked(found: dict[str, Any]) -> Panel:
    """R1 everywhere, the fastest first."""
    ours = {NGINX: "floors", BARE: "floors", R1.name: "ours"}
    rows = [
        row
        for row in found["rows"]
        if ours.get(row["name"]) == row["group"] or (row["group"] == "peers" and not row["name"].endswith("rating"))
    ]
    bars = [
        Bar(
            f"Admit One, {row['engine']}" if row["group"] == "ours" else WORDS.get(row["name"], row["name"]),
            row["per_second"],
            {"floors": FLOOR, "ours": OURS}.get(row["group"], PEER),
            f"{row['per_second']:,.0f}   {row['cpu_us']:,.0f} µs",
        )
        for row in sorted(rows, key=lambda row: -row["per_second"])
    ]
    below = "answers a second, one worker each (logarithmic)   ·   processor time for an answer"
    return Panel("Who is this? A credential, a person, 300 bytes of JSON", below, bars, logarithmic=True)


def _own(found: dict[str, Any]) -> Panel:
    """Every row of ours, on both engines."""
    own = {(row["name"], row["engine"]): row for row in found["rows"] if row["group"] == "ours"}
    bars = [
        Bar(
            f"{kind.name}, {engine}",
            own[kind.name, engine]["per_second"],
            OURS if engine == SQLITE else OURS_TOO,
            f"{own[kind.name, engine]['per_second']:,.0f}",
        )
        for kind in OWN_ROWS
        for engine in (SQLITE, POSTGRES)
        if (kind.name, engine) in own
    ]
    return Panel("What Admit One answers, one worker", "answers a second; every write is on disk first", bars)


def _promised(found: dict[str, Any]) -> Panel:
    """How far each promise is kept: 1 is just so, more is better."""
    bars = []
    for row in found["targets"]:
        kept = row["is"] / row["limit"] if row["at_least"] else row["limit"] / max(row["is"], 1e-9)
        said = f"{row['is']:.3g}   (promised {'≥' if row['at_least'] else '≤'} {row['limit']:g})"
        bars.append(Bar(row["words"], kept, OURS if row["met"] else MISSED, said))
    below = "what is, as a multiple of what is promised (logarithmic); right of the line it is kept"
    return Panel("What is promised", below, bars, logarithmic=True, mark=1.0)


def _panel(panel: Panel, top: int) -> str:
    values = [bar.value for bar in panel.bars if bar.value > 0]
    scale = _scale(panel, values)
    left, right = MARGIN + LABELS, WIDTH - MARGIN - 210
    parts = [
        _text(MARGIN, top + 18, panel.title, size=18, weight=600),
        _text(MARGIN, top + 38, panel.below, colour=SOFT),
    ]
    for number, bar in enumerate(panel.bars):
        middle = top + 66 + LINE * number
        length = (right - left) * (scale(bar.value) if bar.value > 0 else 0.0)
        parts += [
            _text(left - 12, middle + 5, bar.words, anchor="end"),
            _bar(left, middle, right - left, RULE),
            _bar(left, middle, max(length, 3.0), bar.colour),
            _text(right + 14, middle + 5, bar.said, colour=INK),
        ]
    if panel.mark is not None:
        x, bottom = left + (right - left) * scale(panel.mark), top + 66 + LINE * len(panel.bars) - LINE / 2
        parts.append(
            f'<line x1="{x:.1f}" y1="{top + 50}" x2="{x:.1f}" y2="{bottom:g}" stroke="{INK}" stroke-width="2"/>'
        )
    return "\n".join(parts)


def _bar(x: float, middle: float, width: float, colour: str) -> str:
    return f'<rect x="{x:g}" y="{middle - BAR / 2:g}" width="{width:.1f}" height="{BAR}" rx="3" fill="{colour}"/>'


def _scale(panel: Panel, values: Sequence[float]) -> Any:
    """From a value to a share of the width."""
    most = max([*values, panel.mark or 0.0])
    if not panel.logarithmic:
        return lambda value: value / most
    low = math.log10(min([*values, panel.mark or math.inf])) - 0.3
    span = math.log10(most) - low
    return lambda value: (math.log10(value) - low) / span


def _text(
    x: float, y: float, words: str, *, size: int = 14, weight: int = 400, colour: str = INK, anchor: str = "start"
) -> str:
    look = f'font-size="{size}" font-weight="{weight}" fill="{colour}" text-anchor="{anchor}"'
    return f'<text x="{x:g}" y="{y:g}" {look} xml:space="preserve">{escape(words)}</text>'
