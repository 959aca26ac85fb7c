"""The one style sheet: type face, colours and number formats of everything the product draws."""

from __future__ import annotations

from typing import Any, Final

FONT: Final = "Calibri"

COLOURS: Final = {
    "ink": "#262626",
    "muted": "#6B6B6B",
    "rule": "#D0D3D6",
    "band": "#F4F5F6",
    "accent": "#1F5F7F",
    "accent light": "#7FB2C6",
    "accent pale": "#E6F0F4",
    "bar": "#B9C9D3",
    "warm": "#B7791F",
    "grey": "#A6A6A6",
    "head": "#E9ECEE",
    "entry": "#FFF8DC",
    "act": "#B3261E",
    "good": "#2F6B3A",
    "white": "#FFFFFF",
}
"""One accent colour; red ("act") only for what needs action, always beside a word."""

AGING_RAMP: Final = ("#0F5C7A", "#7FB2C6", "#E9C46A", "#E08E45", "#B42318", "#7A1C12", "#4A0E08")
"""Current, then the past-due buckets from young to old; where there are more, the oldest share the last colour."""

NUMBER_FORMATS: Final = {
    "money": '#,##0.00_);(#,##0.00);"–"_)',
    "money in base": '#,##0.00_);(#,##0.00);"–"_)',
    "money0": '#,##0_);(#,##0);"–"_)',
    "count": "#,##0",
    "days": "0.0_);(0.0);0.0_)",
    "day count": "0_);(0);0_)",
    "percent": "0.0 %",
    "fine percent": "0.00 %",
    "ratio": "0.00",
    "rate": "0.000000",
    "date": "dd mmm yyyy",
    "month": "mmm yyyy",
    "stamp": "@",
    "text": "@",
    "wrap": "@",
    "small": "@",
    "word": "@",
    "link": "@",
    "general": "General",
}
"""A style names what a value is; this says how it reads. Text styles keep text as text."""

WIDTHS: Final = {
    "money": 14.0, "money in base": 14.0, "money0": 12.0, "count": 9.0, "days": 9.5, "day count": 9.0, "percent": 10.0, "fine percent": 10.0, "ratio": 9.0,
    "rate": 12.0, "date": 12.5, "month": 10.5, "stamp": 20.0, "text": 16.0, "wrap": 48.0, "small": 30.0, "word": 11.0, "link": 13.0, "general": 12.0,
}  # fmt: skip

DIGITS: Final = 2
"""Decimals of most currencies, in which the formats above are written."""
EXACT_STYLES: Final = frozenset({"money", "money in base"})
"""Money to the smallest unit: "money" in the currency of its row where the row names one, else in the base currency."""
TEXT_STYLES: Final = frozenset({"text", "wrap", "small", "word", "stamp", "link"})
WRAPPED_STYLES: Final = frozenset({"wrap", "small"})
DATE_STYLES: Final = frozenset({"date", "month"})


def number_format(style: str, *, formula: bool = False, digits: int = DIGITS) -> str:
    """Return the number format of a value's style, money with that many decimals; of text that a formula gives, none.

    In a cell of text format Excel takes a formula that is entered again for text.
    """
    shown = NUMBER_FORMATS["general" if formula and style in TEXT_STYLES else style]
    return shown.replace(".00", f".{'0' * digits}".rstrip(".")) if style in EXACT_STYLES else shown


def cell(
    style: str, *, entry: bool = False, ruled: bool = True, formula: bool = False, digits: int = DIGITS
) -> dict[str, Any]:
    """Return the look of a data cell as XlsxWriter format properties."""
    look: dict[str, Any] = {
        "font_name": FONT,
        "font_size": 10,
        "font_color": COLOURS["ink"],
        "num_format": number_format(style, formula=formula, digits=digits),
        "valign": "vcenter",
    }
    if style in TEXT_STYLES:
        look |= {"align": "left", "text_wrap": style in WRAPPED_STYLES, "indent": int(ruled)}
    elif style in DATE_STYLES:
        look["align"] = "center"
    else:
        look["align"] = "right"
    if style == "small":
        look["font_size"] = 9
    if style == "link":
        look |= {"font_color": COLOURS["accent"], "underline": 1}
    if ruled:
        look |= {"bottom": 1, "bottom_color": COLOURS["rule"]}
    if entry:
        look |= {"bg_color": COLOURS["entry"], "border": 1, "border_color": COLOURS["rule"], "locked": False}
    return look


def _text(size: float, colour: str, **more: Any) -> dict[str, Any]:
    return {"font_name": FONT, "font_size": size, "font_color": COLOURS[colour], "valign": "vcenter"} | more


NAMED: Final = {
    "title": _text(20, "accent", bold=True),
    "subtitle": _text(10, "muted"),
    "purpose": _text(10, "ink", italic=True),
    "verdict": _text(15, "ink", bold=True, num_format="@"),
    "heading": _text(13, "accent", bold=True, bottom=2, bottom_color=COLOURS["accent"]),
    "heading rule": _text(13, "accent", bottom=2, bottom_color=COLOURS["accent"]),
    "intro": _text(10, "muted", text_wrap=False),
    "paragraph": _text(10, "ink", text_wrap=True, valign="top"),
    "column heading": _text(9, "ink", bold=True, bg_color=COLOURS["head"], text_wrap=True, top=1, bottom=1,
                            top_color=COLOURS["grey"], bottom_color=COLOURS["grey"], align="center"),
    "column heading text": _text(9, "ink", bold=True, bg_color=COLOURS["head"], text_wrap=True, top=1, bottom=1,
                                 top_color=COLOURS["grey"], bottom_color=COLOURS["grey"], align="left", indent=1),
    "label": _text(10, "ink", bottom=1, bottom_color=COLOURS["rule"]),
    "note": _text(9, "muted", indent=1),
    "link": _text(10, "accent", underline=1),
    "card label": _text(10, "muted", bold=True, bg_color=COLOURS["accent pale"], top=2, top_color=COLOURS["accent"], indent=1),
    "card fill": _text(10, "muted", bg_color=COLOURS["accent pale"], top=2, top_color=COLOURS["accent"], right=5, right_color=COLOURS["white"]),
    "card line": _text(9, "muted", bg_color=COLOURS["accent pale"], indent=1),
    "card edge": _text(9, "muted", bg_color=COLOURS["accent pale"], right=5, right_color=COLOURS["white"]),
    "total label": _text(10, "ink", bold=True, top=1, top_color=COLOURS["ink"], bottom=6, bottom_color=COLOURS["ink"]),
    "hidden": {"font_color": COLOURS["white"]},
    "act": {"font_color": COLOURS["act"], "bold": True},
    "look": {"font_color": COLOURS["warm"], "bold": True},
    "good": {"font_color": COLOURS["good"], "bold": True},
    "again": {"font_color": COLOURS["grey"]},
    "first": {"bold": True},
}  # fmt: skip
"""Looks that are not tied to a kind of value."""


def total(style: str, digits: int = DIGITS) -> dict[str, Any]:
    """Return the look of a total beneath a column of `style`."""
    return cell(style, ruled=False, digits=digits) | {
        "bold": True,
        "top": 1,
        "top_color": COLOURS["ink"],
        "bottom": 6,
        "bottom_color": COLOURS["ink"],
    }


def card_value(style: str) -> dict[str, Any]:
    """Return the look of a headline figure."""
    return cell(style, ruled=False) | {
        "font_size": 18, "bold": True, "font_color": COLOURS["accent"], "align": "left", "indent": 1,
        "bg_color": COLOURS["accent pale"],
    }  # fmt: skip


def card_line_value(style: str, *, delta: bool = False) -> dict[str, Any]:
    """Return the look of a figure beneath a headline; a `delta` shows which way it went by a sign."""
    look = cell(style, ruled=False) | {
        "font_size": 9, "font_color": COLOURS["muted"], "bg_color": COLOURS["accent pale"],
        "right": 5, "right_color": COLOURS["white"],
    }  # fmt: skip
    if delta:
        number = NUMBER_FORMATS[style].split("_)")[0]
        look["num_format"] = f'"▲ "{number};"▼ "{number};"="'
    return look
