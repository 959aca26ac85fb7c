"""Write the sheets as a finished .xlsx with XlsxWriter: values cached, bytes reproducible, whole or not at all."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import repeat
from typing import TYPE_CHECKING, Any, assert_never

import numpy as np
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from udfs.errors import NA, excel_text
from udfs.serial_days import serial, serial_of
from xlwings_addin.ledger.values import NO_DATE
from xlwings_addin.month_end.month import own
from xlwings_addin.sheets import style
from xlwings_addin.sheets.blocks import (
    Beside,
    Card,
    Cards,
    Chart,
    Charts,
    Column,
    Field,
    Fields,
    Formula,
    Lines,
    Links,
    Sheet,
    Spill,
    Table,
)
from xlwings_addin.sheets.layout import (
    CARD_WIDTHS,
    CHART_ROWS,
    FIRST_COLUMN,
    ROW_PIXELS,
    VERDICT_ROW,
    Layout,
    Placed,
    TablePlace,
    behind,
    card_rows,
    charts_per_row,
    layout,
    widths,
)
from xlwings_addin.writing import WorkbookError, decimals, outputs
from xlwings_addin.writing.cells import ERROR_FORMULAS, ROW_LIMIT, is_blank
from xlwings_addin.writing.streamed import OurWorksheet, StreamedWorksheet, writable

if TYPE_CHECKING:
    from pathlib import Path

    from xlwings_addin.month_end import MonthEnd, TableData
    from xlwings_addin.writing.outputs import Outputs

# Excel 2021's. An Excel that finds an older calcId recalculates on opening, and without the
# add-in that turns every AR_ cell into #NAME?.
CALC_ID = 191029
DRAWING = 0.5
"""The part of the work that is done when the file is saved: then its rows are written."""
FOOTER_LIMIT = 200
"""Excel takes 255 characters, codes and page numbers included."""
TEMPLATE_DATE = "2026-01-01"
"""When the template says it was made: always the same, so that it can be built again to the byte."""

Progress = Callable[[str, float], None]


def write(
    path: Path,
    month: MonthEnd,
    *,
    files: Outputs | None = None,
    frozen: bool = False,
    progress: Progress = lambda *_: None,
) -> None:
    """Write `month` to `path`, which appears whole or not at all, with the other `files` of the run.

    Of a workbook already there a dated copy is kept; one that would not change is left as it is. `frozen` writes
    values in place of formulas, for readers without the add-in. `progress` is given the sheet in hand and the share of
    the work that is done. Raises `WorkbookError` where it cannot be written or a sheet cannot hold the ledger.
    """
    with outputs.joining(files) as run, run.file(path, workbook=True) as temporary:
        _Drawing(temporary, month, frozen=frozen, progress=progress).draw()


class _Drawing:
    """One workbook being drawn: its formats, its places, its data."""

    def __init__(self, path: Path, month: MonthEnd, *, frozen: bool, progress: Progress) -> None:
        self.month, self.frozen, self.progress = month, frozen, progress
        self.digits = decimals.of_base(month)
        self.caption = _one_line(month.caption)
        self.book = xlsxwriter.Workbook(
            path,
            {
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "nan_inf_to_errors": False,
                "tmpdir": str(path.parent),
            },
        )
        self.book.set_custom_property(outputs.PROPERTY, month.version)
        self.book.set_calc_mode("auto", CALC_ID)
        self.book.calc_on_load = False
        self.book.set_size(2400, 1400)
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.sheets = month.sheets
        self.places: Layout = layout(self.sheets, {name: table.rows for name, table in month.tables.items()})
        too_long = [name for name, place in self.places.tables.items() if place.last >= ROW_LIMIT]
        if too_long:
            raise WorkbookError(
                f"{too_long[0]} has more rows than a sheet holds ({ROW_LIMIT:,}); load fewer months or entities."
            )

    def draw(self) -> None:
        created = datetime.fromisoformat(self.month.refreshed or TEMPLATE_DATE).replace(tzinfo=UTC)
        self.book.set_properties(
            {
                "title": f"Receivables {self.month.as_of:%Y-%m}" if self.month.as_of else "Receivables",
                "subject": "Month-end receivables",
                "author": _one_line(self.month.settings.company),
                "comments": f"Receivables {self.month.version}",
                "created": created,
            }
        )
        worksheets = {
            sheet.name: self.book.add_worksheet(
                sheet.name, StreamedWorksheet if any(t.big for t in sheet.tables()) else OurWorksheet
            )
            for sheet in self.sheets
        }
        for name, (on, row, column) in sorted(self.places.fields.items()):
            self.book.define_name(name, f"='{on}'!{_absolute(row, column)}")
        for number, sheet in enumerate(self.sheets):
            self.progress(sheet.name, DRAWING * number / len(self.sheets))
            self._sheet(worksheets[sheet.name], sheet)
        self.progress("saving", DRAWING)
        try:
            self.book.close()
        except FileCreateError as error:
            raise error.args[0] from error

    def look(self, properties: dict[str, Any]) -> Any:
        """Return the XlsxWriter format of `properties`, one object a look."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(properties)
        return self.formats[key]

    def named(self, name: str) -> Any:
        return self.look(style.NAMED[name])

    # ---- a sheet

    def _sheet(self, ws: Any, sheet: Sheet) -> None:
        ws.hide_gridlines(2)
        ws.set_tab_color(style.COLOURS[{"work": "accent", "data": "grey", "help": "accent light"}[sheet.tab]])
        self._grid(ws, sheet)
        ws.set_row(0, 30)
        ws.write_string(0, FIRST_COLUMN, sheet.name, self.named("title"))
        ws.write_string(1, FIRST_COLUMN, self.caption, self.named("subtitle"))
        if sheet.verdict:
            ws.set_row(VERDICT_ROW, 24)
            said = self.month.fields.get(sheet.verdict.name)
            self._write(ws, VERDICT_ROW, FIRST_COLUMN, said, sheet.verdict.style, self.named("verdict"))
        else:
            ws.write_string(VERDICT_ROW, FIRST_COLUMN, sheet.purpose, self.named("purpose"))
        for placed in self.places.blocks[sheet.name]:
            self._heading(ws, placed)
            block, row = placed.block, placed.top + placed.block.rows_above
            match block:
                case Table():
                    self._table(ws, block)
                case Fields():
                    self._fields(ws, block)
                case Spill():
                    self._spill(ws, block)
                case Cards():
                    self._cards(ws, block, row)
                case Charts():
                    self._charts(ws, block, row, placed)
                case Lines():
                    for i, line in enumerate(block.lines):
                        ws.write_string(
                            row + i,
                            FIRST_COLUMN,
                            line,
                            self.look(style.cell("general", ruled=False) | {"align": "left"}),
                        )
                case Links():
                    for i, other in enumerate(self.sheets):
                        ws.write_url(
                            row + i, FIRST_COLUMN, f"internal:'{other.name}'!A1", self.named("link"), other.name
                        )
                        ws.write_string(row + i, FIRST_COLUMN + 1, other.purpose, self.named("intro"))
                case _:
                    assert_never(block)
        self._printing(ws, sheet)

    def _grid(self, ws: Any, sheet: Sheet) -> None:
        """Set the columns' widths and outline groups, each with its button to the left."""
        hidden = behind(sheet)
        if hidden:
            ws.outline_settings(True, True, False)
        unseen = {
            self.places.tables[table.name].column + at
            for table in sheet.tables()
            if decimals.in_base_only(self.month, table.name)
            for at, column in enumerate(table.columns)
            if column.of_currencies
        }
        for column, width in widths(sheet).items():
            group: dict[str, Any] = {"hidden": column in unseen, "collapsed": column + 1 in hidden}
            ws.set_column(column, column, width, None, {"level": 1, "hidden": True} if column in hidden else group)

    def _heading(self, ws: Any, placed: Placed) -> None:
        block, row, column = placed.block, placed.top, placed.column
        if block.title:
            ws.set_row(row, 22)
            ws.write_string(row, column, block.title, self.named("heading"))
            for more in range(1, len(placed.widths) or 2):
                ws.write_blank(row, column + more, None, self.named("heading rule"))
            row += 1
        if block.intro:
            ws.write_string(row, column, block.intro, self.named("intro"))
            row += 1
        for i, text in enumerate(block.headings):
            self._write(ws, row, column + i, text, "text", self.named(f"column heading{'' if i else ' text'}"))

    def _printing(self, ws: Any, sheet: Sheet) -> None:
        if sheet.landscape:
            ws.set_landscape()
        ws.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        ws.fit_to_pages(1, 0)
        ws.set_footer(f"&L&8{self.caption.replace('&', '&&')[:FOOTER_LIMIT]}&R&8&A  -  page &P of &N")
        tables = list(sheet.tables())
        for table in tables:
            if table.printed:
                place = self.places.tables[table.name]
                ws.print_area(0, 0, place.last + table.totals, place.column + table.printed - 1)
        placed = self.places.blocks[sheet.name]
        first = [block.left[0] for block in sheet.blocks if isinstance(block, Beside) and block.new_page]
        breaks = [one.top for one in placed if any(one.block is block for block in first)]
        if sheet.break_after_charts:
            after = next(i for i, one in enumerate(placed) if isinstance(one.block, Charts)) + 1
            breaks.append(placed[after].top)
        ws.set_h_pagebreaks(breaks)
        if sheet.freeze:
            place = self.places.tables[tables[0].name]
            ws.freeze_panes(place.first, FIRST_COLUMN + sheet.freeze)
            ws.repeat_rows(place.header)

    # ---- cells

    def _write(self, ws: Any, row: int, column: int, value: Any, kind: str, look: Any) -> None:
        """Write one value as what `kind` says it is; text always stays text."""
        if isinstance(value, Formula):
            self._write_formula(ws, row, column, value.text, value.value, kind, look)
        elif is_blank(value):
            ws.write_blank(row, column, None, look)
        elif isinstance(value, bool):
            ws.write_boolean(row, column, value, look)
        elif isinstance(value, date):
            ws.write_number(row, column, serial_of(value), self.look(style.cell("date", entry=True)))
        elif isinstance(value, str):
            ws.write_string(row, column, writable(value), look)
        elif isinstance(value, float) and not math.isfinite(value):
            error = excel_text(value)
            ws.write_formula(row, column, ERROR_FORMULAS[error], look, error)
        elif kind in style.DATE_STYLES:
            if value == NO_DATE:
                ws.write_blank(row, column, None, look)
            else:
                ws.write_number(row, column, serial(int(value)), look)
        else:
            ws.write_number(row, column, value, look)

    def _write_formula(self, ws: Any, row: int, column: int, text: str, value: Any, kind: str, look: Any) -> None:
        if self.frozen:
            self._write(ws, row, column, value, kind, look)
            return
        cached = value
        if is_blank(value):
            cached = ""
        elif isinstance(value, float) and not math.isfinite(value):
            cached = excel_text(value)
        elif isinstance(value, str):
            cached = _one_line(value)
        elif kind in style.DATE_STYLES:
            cached = serial(int(value))
        elif isinstance(value, float) and value.is_integer():
            # 30 read back from a workbook is 30.0: both must be written alike, or nothing is the same twice.
            cached = int(value)
        ws.write_formula(row, column, text, look, cached)

    # ---- blocks

    def _fields(self, ws: Any, block: Fields) -> None:
        for item in block.fields:
            _, row, column = self.places.fields[item.name]
            if not item.label:
                self._write_formula(
                    ws, row, column, item.formula, self.month.fields.get(item.name), "text", self.named("purpose")
                )
                continue
            ws.write_string(row, column - 1, item.label, self.named("label"))
            # Left, whatever the kind: labels and values of a form read as one line. Beneath headings they are columns.
            aligned: dict[str, Any] = {"align": "right"} if block.headings else {"align": "left", "indent": 1}
            self._field(ws, item, row, column, aligned)
            if item.beside:
                self._field(ws, item.beside, row, column + 1, aligned | {"font_color": style.COLOURS["muted"]})
            elif item.note:
                ws.write_string(row, column + 1, item.note, self.named("note"))
            elif block.headings:
                ws.write_blank(row, column + 1, None, self.named("label"))

    def _field(self, ws: Any, item: Field, row: int, column: int, more: dict[str, Any]) -> None:
        kind = style.cell(item.style, entry=item.entry, formula=bool(item.formula), digits=self.digits)
        look = self.look(kind | more)
        value = self.month.fields.get(item.name)
        if item.formula:
            self._write_formula(ws, row, column, item.formula, value, item.style, look)
        else:
            self._write(ws, row, column, value, item.style, look)
        if item.choices:
            ws.data_validation(row, column, row, column, {"validate": "list", "source": list(item.choices)})
        self._rule(ws, item.rule, row, column, row)

    def _spill(self, ws: Any, block: Spill) -> None:
        """Write the formula over all its room, so that no longer result is cut off where arrays cannot grow."""
        place = self.places.tables[block.name]
        top, left, right = place.header, place.column, place.column + len(block.columns) - 1
        found: Any = self.month.fields.get(block.name)
        grid: Any = found if isinstance(found, Sequence) else [[found]]
        looks = [
            self.named("column heading text" if column.style in style.TEXT_STYLES else "column heading")
            for column in block.columns
        ]
        cached = grid[0][0]
        if self.frozen:
            self._write(ws, top, left, cached, "text", looks[0])
        else:
            shown = excel_text(cached) if _is_error(cached) else cached
            ws.write_dynamic_array_formula(top, left, place.last, right, block.formula, looks[0], shown)
        for i in range(block.rows + 1):
            for j, column in enumerate(block.columns):
                if i or j:
                    value = grid[i][j] if i < len(grid) and j < len(grid[i]) else None
                    look = looks[j] if not i else self.look(style.cell(column.style, formula=True))
                    # A cell that another one's formula fills can hold no formula, and so no error of ours.
                    value = None if _is_error(value) and not self.frozen else value
                    self._write(ws, top + i, left + j, value, column.style, look)
        # An array that cannot shrink fills its rest with #N/A, or with the one error it has: nothing for a reader.
        ws.conditional_format(
            top + 1,
            left,
            place.last,
            right,
            {
                "type": "formula",
                "criteria": f"=ISERROR({_absolute(top + 1, left).replace('$', '')})",
                "format": self.named("hidden"),
            },
        )

    def _cards(self, ws: Any, block: Cards, top: int) -> None:
        height = card_rows(block)
        for i, card in enumerate(block.cards):
            self._card(ws, card, top + i // block.per_row * height, FIRST_COLUMN + i % block.per_row * 2, height - 1)

    def _card(self, ws: Any, card: Card, row: int, column: int, height: int) -> None:
        ws.write_string(row, column, card.label, self.named("card label"))
        ws.write_blank(row, column + 1, None, self.named("card fill"))
        ws.set_row(row + 1, 27)
        value = card.value
        self._write_formula(
            ws,
            row + 1,
            column,
            value.formula,
            self.month.fields.get(value.name),
            value.style,
            self.look(style.card_value(value.style)),
        )
        ws.write_blank(row + 1, column + 1, None, self.named("card edge"))
        for i in range(height - 2):
            if i >= len(card.lines):
                ws.write_blank(row + 2 + i, column, None, self.named("card line"))
                ws.write_blank(row + 2 + i, column + 1, None, self.named("card edge"))
                continue
            line = card.lines[i]
            ws.write_string(row + 2 + i, column, line.label, self.named("card line"))
            delta = bool(line.rule) or line.label.startswith("on ")
            look = self.look(style.card_line_value(line.style, delta=delta))
            self._write_formula(
                ws, row + 2 + i, column + 1, line.formula, self.month.fields.get(line.name), line.style, look
            )
            self._rule(ws, line.rule, row + 2 + i, column + 1, row + 2 + i)

    def _table(self, ws: Any, table: Table) -> None:
        place = self.places.tables[table.name]
        data = self.month.tables[table.name]
        formulas = self.month.own_formulas.get(table.name, {})
        columns = [
            *table.columns,
            *(
                Column(
                    own(heading),
                    heading,
                    "general",
                    formulas.get(heading, ""),
                    entry=heading not in formulas,
                    width=16,
                )
                for heading in data.extra
            ),
        ]
        ws.set_row(place.header, 32)
        options: dict[str, Any] = {
            "name": table.name,
            "style": "Table Style Light 1" if table.big else None,
            "autofilter": table.big or table.key != (),
            "total_row": table.totals,
            "columns": [self._table_column(table, column) for column in columns],
        }
        bottom = place.last + table.totals
        right = place.column + len(columns) - 1
        if table.big and data.rows:
            ws.add_streamed_table(place.header, place.column, data.rows, right, options)
        else:
            ws.add_table(place.header, place.column, bottom, right, options)
        digits = decimals.of_table(self.month, table.name)
        for i, column in enumerate(columns):
            shown = digits if column.style == "money" else self.digits
            self._table_cells(ws, table, column, data.column(column.key), place, place.column + i, shown)
        if table.row_pixels:
            for row in range(place.first, place.last + 1):
                ws.set_row_pixels(row, table.row_pixels)
        else:
            self._row_heights(ws, columns, data, place)
        if table.totals:
            for i, column in enumerate(columns):
                if not column.total:
                    ws.write_blank(bottom, place.column + i, None, self.named("total label"))
                elif column.total == "sum":
                    self._write_formula(
                        ws,
                        bottom,
                        place.column + i,
                        table.total_formula(column),
                        _total(data.column(column.key)),
                        column.style,
                        self.look(style.total(column.style, self.digits)),
                    )

    def _row_heights(self, ws: Any, columns: Sequence[Column], data: TableData, place: TablePlace) -> None:
        """Give rows of wrapped text the height they need: not every viewer works it out on opening."""
        wrapped = [
            (data.column(c.key), c.width or style.WIDTHS[c.style]) for c in columns if c.style in style.WRAPPED_STYLES
        ]
        for i in range(data.rows if wrapped else 0):
            lines = max(
                sum(-(-max(len(part), 1) // int(width)) for part in str(values[i] or "").split("\n"))
                for values, width in wrapped
            )
            if lines > 1:
                ws.set_row(place.first + i, 13.5 * lines + 3)

    def _table_column(self, table: Table, column: Column) -> dict[str, Any]:
        heading = "column heading text" if column.style in style.TEXT_STYLES else "column heading"
        described: dict[str, Any] = {"header": column.heading, "header_format": self.named(heading)}
        if column.formula and not self.frozen:
            described["formula"] = table.formula(column)
        if column.total == "sum":
            described["total_function"] = "sum"
        elif column.total == "label":
            described |= {"total_string": "Total", "format": self.named("total label")}
        return described

    def _table_cells(
        self,
        ws: Any,
        table: Table,
        column: Column,
        values: Sequence[Any],
        place: TablePlace,
        at: int,
        digits: tuple[int, ...] | int,
    ) -> None:
        looks = self._looks(table, column, {self.digits, *(digits if isinstance(digits, tuple) else (digits,))})
        look = looks[digits if isinstance(digits, int) else self.digits]
        of_rows = repeat(look) if isinstance(digits, int) else [looks[shown] for shown in digits]
        if column.note:
            ws.write_comment(
                place.header,
                at,
                column.note,
                {"x_scale": 1.6, "y_scale": 0.8, "font_size": 9, "color": style.COLOURS["band"]},
            )
        formula = table.formula(column)
        if formula and column.key == own(column.heading):
            self._own_formulas(ws, table, column, values, place, at, look)
            return
        if formula and len(values):
            for row, (value, own_look) in enumerate(zip(values, of_rows, strict=False), start=place.first):
                self._write_formula(ws, row, at, formula, value, column.style, own_look)
        elif table.big and len(values) and isinstance(digits, tuple):
            # Each amount is among those of its decimals, blank among the others.
            amounts, of = np.asarray(values, np.float64), np.array(digits)
            for shown, one in looks.items():
                ws.stream_numbers(at, np.where(of == shown, amounts, np.nan), one)
        elif table.big and len(values):
            _stream_column(ws, self.look(style.cell("date", entry=True)), column, values, at, look)
        else:
            for row, (value, own_look) in enumerate(zip(values, of_rows, strict=False), start=place.first):
                self._write(ws, row, at, value, column.style, own_look)
        if not table.big:
            for row in range(place.first + len(values), place.last + 1):
                ws.write_blank(row, at, None, look)
        if column.choices:
            ws.data_validation(place.first, at, place.last, at, {"validate": "list", "source": list(column.choices)})
        self._column_rule(ws, table, column, place, at)

    def _column_rule(self, ws: Any, table: Table, column: Column, place: TablePlace, at: int) -> None:
        if column.rule == "of account":
            account = place.column + table.columns.index(table.column("customer_id"))
            self._of_account(ws, place, at, account, bold=column.style != "small")
        else:
            self._rule(ws, column.rule, place.first, at, place.last)

    def _of_account(self, ws: Any, place: TablePlace, at: int, account: int, *, bold: bool) -> None:
        """Show an account's later rows in grey, and its first one in bold where that is legible."""
        this, above = (
            _absolute(row, account).replace("$" + str(row + 1), str(row + 1)) for row in (place.first, place.header)
        )
        for sign, name in (("=", "again"), ("<>", "first")) if bold else (("=", "again"),):
            ws.conditional_format(
                place.first,
                at,
                place.last,
                at,
                {"type": "formula", "criteria": f"={this}{sign}{above}", "format": self.named(name)},
            )

    def _looks(self, table: Table, column: Column, digits: set[int]) -> dict[int, Any]:
        """Return how a column's cells look with that many decimals."""
        calculated = bool(column.formula)
        return {
            shown: self.look(
                style.cell(column.style, entry=column.entry, ruled=not table.big, formula=calculated, digits=shown)
            )
            for shown in digits
        }

    def _own_formulas(
        self, ws: Any, table: Table, column: Column, values: Sequence[Any], place: TablePlace, at: int, look: Any
    ) -> None:
        """Write a clerk's own formula without a result, for Excel to calculate on opening; what was typed stays."""
        if table.big and len(values):
            if not self.frozen:
                ws.stream_formula(at, column.formula, [is_blank(value) for value in values], look)
            _stream_column(ws, self.look(style.cell("date", entry=True)), column, values, at, look)
            return
        # Rows offered for typing have it, too.
        offered = [None] * (place.last + 1 - place.first - len(values))
        for row, value in enumerate([*values, *offered], start=place.first):
            if is_blank(value):
                self._write_formula(ws, row, at, column.formula, None, column.style, look)
            else:
                self._write(ws, row, at, value, column.style, look)

    def _rule(self, ws: Any, rule: str, row: int, column: int, last: int) -> None:
        """Draw a conditional format; colour is always beside a word, a sign or a bar's length."""
        cell = _absolute(row, column).replace("$", "")
        area = (row, column, last, column)
        match rule:
            case "bar":
                ws.conditional_format(
                    *area,
                    {
                        "type": "data_bar",
                        "bar_color": style.COLOURS["bar"],
                        "bar_solid": True,
                        "data_bar_2010": True,
                        "min_type": "num",
                        "min_value": 0,
                    },
                )
            case "word":
                for words, name in (
                    (("Act", "error", "Absent", "Late"), "act"),
                    (("Look", "warning", "At risk", "Too expensive"), "look"),
                    (("OK", "Active", "Done"), "good"),
                ):
                    for word in words:
                        ws.conditional_format(
                            *area, {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": self.named(name)}
                        )
            case "broken":
                ws.conditional_format(
                    *area,
                    {"type": "text", "criteria": "containing", "value": "broken", "format": self.named("act")},
                )
            case "nonzero":
                ws.conditional_format(
                    *area,
                    {"type": "formula", "criteria": f"=AND(ISNUMBER({cell}),{cell}<>0)", "format": self.named("act")},
                )
            case "negative is better" | "positive is better":
                better = "<" if rule.startswith("negative") else ">"
                for criteria, name in ((better, "good"), (">" if better == "<" else "<", "look")):
                    ws.conditional_format(
                        *area,
                        {
                            "type": "formula",
                            "criteria": f"=AND(ISNUMBER({cell}),{cell}{criteria}0)",
                            "format": self.named(name),
                        },
                    )
            case _:
                pass

    # ---- charts

    def _charts(self, ws: Any, block: Charts, top: int, placed: Placed) -> None:
        grid = sum(map(_pixels, placed.widths or CARD_WIDTHS * 5))
        per_row = charts_per_row(placed.widths)
        width = (grid - 16 * (per_row - 1)) // per_row
        for i, chart in enumerate(block.charts):
            row = top + i // per_row * (CHART_ROWS + 1)
            drawn = self._chart(chart)
            drawn.set_size({"width": width, "height": CHART_ROWS * ROW_PIXELS})
            ws.insert_chart(
                row,
                placed.column,
                drawn,
                {"x_offset": (i % per_row) * (width + 16), "description": chart.alt, "object_position": 2},
            )

    def _chart(self, chart: Chart) -> Any:
        kinds = {
            "line": {"type": "line"},
            "column": {"type": "column"},
            "pareto": {"type": "column"},
            "stacked": {"type": "column", "subtype": "stacked"},
            "bar": {"type": "bar", "subtype": "stacked"},
        }
        drawn = self.book.add_chart(kinds[chart.kind])
        over: Any = self.book.add_chart({"type": "line"}) if any(s.second_axis for s in chart.series) else None
        for series in chart.series:
            (over if series.second_axis else drawn).add_series(self._series(chart, series))
        if over:
            over.set_y2_axis(
                {"num_format": "0%", "min": 0, "max": 1, "num_font": _chart_font(9), "line": {"none": True}}
            )
            drawn.combine(over)
        drawn.set_title({"name": chart.title, "name_font": _chart_font(11, bold=True), "overlay": False})
        drawn.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom", "font": _chart_font(9)})
        category: dict[str, Any] = {
            "num_font": _chart_font(9),
            "line": {"color": style.COLOURS["rule"]},
            "major_tick_mark": "none",
        }
        value: dict[str, Any] = {
            "num_format": chart.number_format, "num_font": _chart_font(9), "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": style.COLOURS["rule"], "width": 0.5}},
        }  # fmt: skip
        if chart.categories == "month_end":
            # A text axis: a date axis would stretch months that are missing.
            category |= {"num_format": "mmm yy", "text_axis": True, "interval_unit": 3, "label_position": "low"}
        if chart.categories and self._column(chart.table, chart.categories).style == "percent":
            category["num_format"] = "0%"
        if chart.number_format.endswith(","):
            value |= {"name": "thousands", "name_font": _chart_font(8)}
        if chart.kind == "bar":
            category["reverse"] = True  # the first row on top
        if chart.kind == "pareto":
            category["num_font"] = _chart_font(8, rotation=-45)
        value |= {name: limit for name, limit in (("min", chart.least), ("max", chart.most)) if limit is not None}
        drawn.set_x_axis(value if chart.kind == "bar" else category)
        drawn.set_y_axis(category if chart.kind == "bar" else value)
        drawn.set_chartarea({"border": {"color": style.COLOURS["rule"]}})
        return drawn

    def _series(self, chart: Chart, series: Any) -> dict[str, Any]:
        colour = style.COLOURS.get(series.colour, series.colour)
        described: dict[str, Any] = {
            "name": series.name,
            "values": self._column_range(chart.table, series.column),
        }
        if chart.categories:
            described["categories"] = self._column_range(chart.table, chart.categories)
        if series.cells:
            (on, first, column), (_, last, _) = (self.places.fields[name] for name in series.cells)
            described["values"] = [on, first, column, last, column]
        if chart.kind == "line" or series.second_axis:
            described["line"] = {"color": colour, "width": 2.0} | (
                {"dash_type": "dash", "width": 1.25} if series.dashed else {}
            )
        else:
            described |= {"fill": {"color": colour}, "border": {"none": True}, "gap": 60}
        if series.second_axis:
            described["y2_axis"] = True
        return described

    def _column_range(self, table: str, key: str) -> list[Any]:
        place = self.places.tables[table]
        at = place.column + self._columns(table).index(self._column(table, key))
        return [place.sheet, place.first, at, place.last, at]

    def _columns(self, table: str) -> tuple[Column, ...]:
        every = {block.name: block.columns for sheet in self.sheets for block in sheet.tables()}
        return (every | {block.name: block.columns for sheet in self.sheets for block in sheet.spills()})[table]

    def _column(self, table: str, key: str) -> Column:
        return next(column for column in self._columns(table) if column.key == key)


def _chart_font(size: int, *, bold: bool = False, rotation: int = 0) -> dict[str, Any]:
    font: dict[str, Any] = {
        "name": style.FONT,
        "size": size,
        "bold": bold,
        "color": style.COLOURS["ink" if bold else "muted"],
    }
    return font | ({"rotation": rotation} if rotation else {})


def _pixels(width: float) -> int:
    """Width of a column in pixels, as Excel calculates it for its default font."""
    return int(width * 7 + 5)


def _stream_column(
    ws: StreamedWorksheet, dated: Any, column: Column, values: Sequence[Any], at: int, look: Any
) -> None:
    if column.style == "general":
        # A clerk's own column holds what they typed: each cell is in one of the three, blank in the others.
        ws.stream_text(
            at,
            [str(v).upper() if isinstance(v, bool) else v if isinstance(v, str) else "" for v in values],
            look,
        )
        ws.stream_numbers(
            at, [float(v) if isinstance(v, int | float) and not isinstance(v, bool) else None for v in values], look
        )
        ws.stream_numbers(at, [serial_of(v) if isinstance(v, date) else None for v in values], dated)
    elif column.style in style.TEXT_STYLES:
        ws.stream_text(at, values, look)
    elif column.style in style.DATE_STYLES:
        days = np.asarray(values, np.float64)
        ws.stream_numbers(at, np.where(days == NO_DATE, np.nan, serial(days)), look)
    else:
        ws.stream_numbers(at, values, look)


def _is_error(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _one_line(text: str) -> str:
    """Return the text as headings, properties and cached results can hold it: only markup is escaped there."""
    return "".join(letter if letter.isprintable() else " " for letter in writable(text))


def _total(values: Sequence[Any]) -> float:
    return NA if any(is_blank(value) for value in values) else math.fsum(values)


def _absolute(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"${letters}${row + 1}"
