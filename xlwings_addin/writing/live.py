"""Fill the workbook that is open in Excel: the same tables and named cells that `file` writes, one block a table.

Everything is found by its name, wherever the clerk moved it. What they added is kept: columns on their rows, their
sheets and charts untouched. Formulas and formats are handed over in Excel's own invariant form, dates as the serial
numbers of the workbook's own calendar, text so that it stays text.
"""

from __future__ import annotations

from itertools import groupby, takewhile
from typing import TYPE_CHECKING, Any

from xlwings_addin.month_end.month import TableData, own
from xlwings_addin.month_end.placing import place_entries
from xlwings_addin.sheets import style
from xlwings_addin.sheets.blocks import Column, Links, Sheet, Spill, Table
from xlwings_addin.sheets.layout import FIRST_COLUMN, behind, layout, widths
from xlwings_addin.writing import WorkbookError, decimals, live_cells, live_native
from xlwings_addin.writing.cells import ROW_LIMIT
from xlwings_addin.writing.live_read import Opened, box, by_sheet, places_of, rows_of
from xlwings_addin.writing.texts import block_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from xlwings import Book  # noqa: TID251 - this is the writer of open workbooks
    from xlwings import Sheet as ExcelSheet  # noqa: TID251 - this is the writer of open workbooks

    from xlwings_addin.entries import Entries
    from xlwings_addin.month_end import MonthEnd
    from xlwings_addin.settings import Settings
    from xlwings_addin.sheets.blocks import Field
    from xlwings_addin.writing.live_cells import Written
    from xlwings_addin.writing.live_read import LiveTable, Place
    from xlwings_addin.writing.texts import Texts

POINTS_PER_PIXEL = 0.75

__all__ = ["Opened", "fill", "read_back_live"]


def read_back_live(book: Book, *, force: bool = False) -> tuple[Settings, Entries]:
    """Return the settings and entries of an open workbook, as `carry_over.read_back` does of a file."""
    return Opened(book).read_back(force=force)


def fill(
    book: Book,
    month: MonthEnd,
    *,
    opened: Opened | None = None,
    only: Container[str] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Show `month` in the open workbook.

    `opened` is the workbook as it was read for the entries, so that no table is read twice; `only` names the
    sheets to fill. Raises `WorkbookError`, one sentence, before anything is written.
    """
    merge = opened is None
    opened = opened or Opened(book)
    sheets = [sheet for sheet in month.sheets if only is None or sheet.name in only]
    opened.check(sheets)
    too_long = [
        table.name for sheet in sheets for table in sheet.tables() if month.tables[table.name].rows > ROW_LIMIT - 100
    ]
    if too_long:
        raise WorkbookError(f"{too_long[0]} has more rows than a sheet holds; load fewer months or entities.")
    with book.app.properties(calculation="manual", screen_updating=False, enable_events=False):
        _Filling(opened, month, sheets, merge=merge).run(progress)


class _Filling:
    """One month on its way into one open workbook."""

    def __init__(self, opened: Opened, month: MonthEnd, sheets: Sequence[Sheet], *, merge: bool) -> None:
        self.opened, self.month, self.sheets, self.book = opened, month, sheets, opened.book
        self.digits = decimals.of_base(month)
        self.merge = merge
        """Whether the month was made without the entries of the workbook."""
        self.made: set[str] = set()

    def run(self, progress: Callable[[str], None]) -> None:
        for table in (table for sheet in self.sheets for table in sheet.tables()):
            if table.name in self.opened.table_names:
                self._refuse_neighbours(table)
        for sheet in self.sheets:
            if self.opened.sheet_of(sheet) is None:
                progress(f"adding {sheet.name}")
                self.made.add(sheet.name)
                self._add(sheet)
        if self.made:
            made, self.opened = self.made, Opened(self.book)
            self.made = made
        tables = self._tables()
        for sheet in self.sheets:
            progress(f"writing {sheet.name}")
            found = [(self.opened.get_table_by_name(table.name), table) for table in sheet.tables()]
            # From the bottom up: a table that grows moves only what is written already.
            for live, table in sorted(found, key=lambda pair: -pair[0].table.range.row):
                self._table(live, table, tables[table.name])
        for sheet in self.sheets:
            self._fields(sheet)
            self._texts(sheet)

    def _tables(self) -> dict[str, TableData]:
        """The month's tables with the entries of the workbook, whichever way the month was made."""
        tables = dict(self.month.tables)
        known = [table for sheet in self.sheets for table in sheet.tables()]
        left = [note for table in known if not table.key for note in self._beside(table, tables[table.name].rows)]
        if self.merge:
            placed, more = place_entries(self.sheets, tables, self.opened.read_back()[1])
            tables.update(placed)
            left += more
        if "tblNotPlaced" in tables:
            told = _rows_of(tables["tblNotPlaced"])
            fresh = [note for note in left if note not in told]
            if fresh:
                tables["tblNotPlaced"] = TableData.of([*told, *fresh])
        return tables

    def _beside(self, table: Table, rows: int) -> Iterable[dict[str, Any]]:
        """What the clerk put beside rows that a table without keys will no longer have."""
        live = self.opened.get_table_by_name(table.name)
        declared = {column.heading for column in table.columns}
        own_columns = [
            (i, h) for i, h in enumerate(live.columns) if h not in declared and h in self.opened.headings(table)
        ]
        for number, row in enumerate(live.to_python()[rows:], start=rows + 1):
            for at, heading in own_columns:
                if row[at] is not None:
                    yield {"table": table.name, "row": f"row {number}", "heading": heading, "value": str(row[at])}

    # ---- tables

    def _table(self, live: LiveTable, table: Table, data: TableData) -> None:
        wanted = self.opened.headings(table)
        rows = max(data.rows + table.spare_rows, 1)  # Excel keeps no table without a row
        renamed = wanted != live.columns
        self._reshape(live, rows, len(wanted))
        area = live.table.range
        top, left = area.row, area.column
        declared = {column.heading: column for column in table.columns}
        columns = [declared.get(heading) or Column(own(heading), heading, "general") for heading in wanted]
        cells = [self._column(live, table, column, data, rows) for column in columns]
        self._formats(live.sheet, columns, declared, top + 1, left, rows, decimals.of_table(self.month, table.name))
        self._grid(live, table, columns, rows)
        self._date_runs(live.sheet, [c for c in columns if c.heading not in declared], columns, data, top + 1, left)
        block = [list(row) for row in zip(*cells, strict=True)]
        if live.totals is not None:
            block.append([self._total(live, table, column) for column in columns])
            self._total_formats(live.sheet, columns, top + 1 + rows, left)
        if renamed:
            block.insert(0, [f"'{heading}" for heading in wanted])
        first = top + (not renamed)
        live.sheet.range((first, left), (first + len(block) - 1, left + len(wanted) - 1)).options("raw").formula = block

    def _grid(self, live: LiveTable, table: Table, columns: Sequence[Column], rows: int) -> None:
        """Give rows their height; hide what tells currencies apart where there is one only."""
        area = live.table.range
        unseen = decimals.in_base_only(self.month, table.name)
        for at, column in enumerate(columns):
            if column.of_currencies:
                live_native.hide_column(area[0, at], hidden=unseen)
        if table.row_pixels:
            live_native.set_height(area[1 : rows + 1, 0], table.row_pixels * POINTS_PER_PIXEL)

    def _column(self, live: LiveTable, table: Table, column: Column, data: TableData, rows: int) -> list[Written]:
        # A column that the clerk added beside a recreated table holds nothing of ours.
        values: Sequence[Any] = data.columns.get(column.key, [None] * data.rows)
        formula = table.formula(column)
        if formula and data.rows:
            cells: list[Written] = [formula] * data.rows
        elif column.heading in live.formulas and column.key == own(column.heading):
            cells = _own_formulas(live.formulas[column.heading][: len(live.rows)], data.rows)
            typed = live_cells.column(column, values, shift=self.opened.shift) if column.key in data.columns else []
            cells = [typed[i] if i < len(typed) and typed[i] != "" else cell for i, cell in enumerate(cells)]
        elif column.key == own(column.heading) and column.key not in data.columns:
            # A table whose rows have no key: what the clerk put beside a row stays beside it.
            at = live.columns.index(column.heading)
            kept = [live_cells.read(row[at]) for row in live.rows[: data.rows]]
            cells = live_cells.column(column, kept, shift=self.opened.shift)
        else:
            cells = live_cells.column(column, values, shift=self.opened.shift)
        return cells + [""] * (rows - len(cells))

    def _total(self, live: LiveTable, table: Table, column: Column) -> Written:
        if column.key == own(column.heading):
            formulas = live.formulas.get(column.heading)
            if formulas and formulas[-1]:
                return formulas[-1]
            found = live_cells.read((live.totals or ())[live.columns.index(column.heading)])
            return live_cells.written(found, "general", "General", shift=self.opened.shift)
        if column.total == "label":
            return "'Total"
        if column.total == "sum":
            return table.total_formula(column)
        return ""

    def _reshape(self, live: LiveTable, rows: int, width: int) -> None:
        """Give the table this many rows and columns; whole sheet rows come and go beneath it."""
        sheet, table, totals = live.sheet, live.table, live.totals is not None
        area = table.range
        now = area.shape[0] - 1 - totals
        last = area.row + now
        if rows > now:
            sheet.range(f"{last + 1}:{last + rows - now}").insert("down")
            if not totals:
                table.resize(sheet.range((area.row, area.column), (last + rows - now, area.column + area.shape[1] - 1)))
        elif rows < now:
            first = area.row + rows + 1
            sheet.range(f"{first}:{last}").delete("up")
        if width != area.shape[1]:
            if totals:
                table.show_totals = False
            bottom = area.row + rows
            if width < area.shape[1]:
                cut = sheet.range((area.row, area.column + width), (bottom, area.column + area.shape[1] - 1))
                table.resize(sheet.range((area.row, area.column), (bottom, area.column + width - 1)))
                cut.clear()
            else:
                table.resize(sheet.range((area.row, area.column), (bottom, area.column + width - 1)))
            if totals:
                table.show_totals = True

    def _refuse_neighbours(self, table: Table) -> None:
        """Rows go whole: what somebody put beside the table must not go with them."""
        live = self.opened.get_table_by_name(table.name)
        used, area = live.sheet.used_range, live.table.range
        first = area.row + max(self.month.tables[table.name].rows + table.spare_rows, 1) + 1
        last = area.row + len(live.rows)
        if last < first:
            return
        left, right = area.column, area.column + area.shape[1] - 1
        for start, end in ((1, left - 1), (right + 1, used.column + used.shape[1] - 1)):
            if end < start:
                continue
            beside = live.sheet.range((first, start), (last, end)).formula
            if any(cell for row in rows_of(beside) for cell in row):
                raise WorkbookError(
                    f"{live.table.name} gets shorter and something of yours is next to its rows {first} to {last}"
                    f" on the sheet {live.sheet.name}; move that elsewhere and press again."
                )

    # ---- formats

    def _formats(
        self,
        sheet: ExcelSheet,
        columns: Sequence[Column],
        declared: Container[str],
        top: int,
        left: int,
        rows: int,
        digits: tuple[int, ...] | int,
    ) -> None:
        """Set the number formats of our columns, money by its currency; those of the clerk's own are theirs."""
        base = self.digits
        of_all = base if isinstance(digits, tuple) else digits
        shown = [
            style.number_format(c.style, formula=bool(c.formula), digits=of_all if c.style == "money" else base)
            if c.heading in declared
            else ""
            for c in columns
        ]
        for at, count, number_format in _runs(shown):
            if number_format:
                area = sheet.range((top, left + at), (top + rows - 1, left + at + count - 1))
                area.number_format = number_format
        mixed = [at for at, c in enumerate(columns) if c.style == "money" and c.heading in declared]
        for at in mixed if isinstance(digits, tuple) else ():
            for first, count, of_run in _runs(digits if isinstance(digits, tuple) else ()):
                area = sheet.range((top + first, left + at), (top + first + count - 1, left + at))
                area.number_format = style.number_format("money", digits=of_run)

    def _total_formats(self, sheet: ExcelSheet, columns: Sequence[Column], row: int, left: int) -> None:
        shown = [style.number_format(c.style, digits=self.digits) if c.total == "sum" else "" for c in columns]
        for at, count, number_format in _runs(shown):
            if number_format:
                sheet.range((row, left + at), (row, left + at + count - 1)).number_format = number_format

    def _date_runs(
        self,
        sheet: ExcelSheet,
        extra: Iterable[Column],
        columns: Sequence[Column],
        data: TableData,
        top: int,
        left: int,
    ) -> None:
        """Show as dates the dates in a clerk's own column: on other rows than before, their cells may be plain."""
        for column in extra:
            if column.key not in data.columns:
                continue
            at = left + list(columns).index(column)
            dated = [hasattr(value, "year") for value in data.columns[column.key]]
            for first, count, yes in _runs(dated):
                if yes:
                    area = sheet.range((top + first, at), (top + first + count - 1, at))
                    area.number_format = style.NUMBER_FORMATS["date"]

    # ---- named cells and texts

    def _fields(self, sheet: Sheet) -> None:
        places = places_of(self.book)
        for form in sheet.forms():
            self._form(sheet, {field.name: field for field in form}, places)

    def _form(self, sheet: Sheet, fields: Mapping[str, Field], places: Mapping[str, Place]) -> None:
        spills = {spill.name: spill for spill in sheet.spills()}
        for on, names in by_sheet(places, fields).items():
            ordered = sorted(names, key=lambda name: (places[name][2], places[name][1]))
            top, left, cells = box(self.opened.sheets[on], [places[name] for name in names])
            grid = rows_of(cells.formula)
            changed: list[tuple[int, int, Written, str]] = []
            for name in ordered:
                _, row, column = places[name]
                number_format, wanted = self._field(fields[name])
                # The template's amounts have two decimals.
                unlike = self.digits != style.DIGITS and fields[name].style in style.EXACT_STYLES
                if on not in self.made and not unlike and live_cells.same(grid[row - top][column - left], wanted):
                    continue
                if name in spills:
                    self._spill(self.opened.sheets[on], spills[name], row, column)
                else:
                    changed.append((row, column, wanted, number_format))
            self._write_runs(self.opened.sheets[on], changed)

    def _spill(self, sheet: ExcelSheet, spill: Spill, row: int, column: int) -> None:
        """Write a formula that fills its area; the formats go on all of its room."""
        last, right = row + spill.rows, column + len(spill.columns) - 1
        for at, one in enumerate(spill.columns, start=column):
            shown = style.number_format(one.style, formula=True, digits=self.digits)
            sheet.range((row + 1, at), (last, at)).number_format = shown
        live_native.fill_area(sheet.range((row, column), (last, right)), spill.formula)

    def _field(self, field: Field) -> tuple[str, Written]:
        number_format = style.number_format(field.style, formula=bool(field.formula), digits=self.digits)
        if field.formula:
            return number_format, field.formula
        value = self.month.fields.get(field.name)
        return number_format, live_cells.written(value, field.style, number_format, shift=self.opened.shift)

    def _write_runs(self, sheet: ExcelSheet, changed: Sequence[tuple[int, int, Written, str]]) -> None:
        """Write named cells that stand beneath each other in one go."""
        run: list[tuple[int, int, Written, str]] = []
        for cell in [*changed, None]:
            if run and (cell is None or (cell[0], cell[1], cell[3]) != (run[-1][0] + 1, run[-1][1], run[-1][3])):
                area = sheet.range((run[0][0], run[0][1]), (run[-1][0], run[0][1]))
                unlike = self.digits != style.DIGITS or run[0][3] == live_cells.TEXT_FORMAT
                if self.opened.shift or sheet.name in self.made or unlike:
                    area.number_format = run[0][3]
                area.options("raw").formula = [[one[2]] for one in run]
                run = []
            if cell is not None:
                run.append(cell)

    def _texts(self, sheet: Sheet) -> None:
        """Bring up to date what the sheet says of itself, where it still says it."""
        on = self.opened.sheet_of(sheet)
        if on is None:
            return
        wanted = self._head(sheet)
        head = on.range((1, FIRST_COLUMN + 1), (len(wanted), FIRST_COLUMN + 1))
        shown = [row[0] for row in head.formula]
        if shown[0] == sheet.name and shown != wanted:
            head.options("raw").formula = [[live_cells.text(text, "General")] for text in wanted]
        for table in sheet.tables():
            texts = [text for text in (table.title, table.intro) if text]
            live = self.opened.get_table_by_name(table.name)
            area = live.table.range
            if texts and area.row > len(texts):
                above = live.sheet.range((area.row - len(texts), area.column), (area.row - 1, area.column))
                self._bring_up_to_date(live.sheet, area.row - len(texts), area.column, rows_of(above.formula), texts)
        if any(isinstance(block, Links) for block in sheet.blocks):
            areas = [table.range for table in on.tables]
            first = max((area.row + area.shape[0] for area in areas), default=1)
            last = max(on.used_range.last_cell.row, first + 1)
            purposes = {other.name: other.purpose for other in self.month.sheets}
            lines = on.range((first, FIRST_COLUMN + 1), (last, FIRST_COLUMN + 2)).formula
            for row, (name, said) in enumerate(rows_of(lines), start=first):
                if name in purposes:
                    self._bring_up_to_date(on, row, FIRST_COLUMN + 2, [[said]], [purposes[name]])

    def _head(self, sheet: Sheet) -> list[str]:
        return [sheet.name, self.month.caption, *([] if sheet.verdict else [sheet.purpose])]

    def _bring_up_to_date(
        self, sheet: ExcelSheet, row: int, column: int, shown: Sequence[Sequence[Any]], texts: Sequence[str]
    ) -> None:
        """Write texts over earlier ones of ours, which start with the same word: "Top 20 customers", "Aged by ..."."""
        said = [str(line[0]) for line in shown]
        if said != texts and all(a.split(" ")[0] == b.split(" ")[0] for a, b in zip(said, texts, strict=True)):
            area = sheet.range((row, column), (row + len(texts) - 1, column))
            area.options("raw").formula = [[live_cells.text(text, "General")] for text in texts]

    # ---- sheets that are missing

    def _add(self, sheet: Sheet) -> None:
        """Add a sheet with its texts, names and empty tables, where the order of the tabs has it."""
        earlier = takewhile(lambda one: one.name != sheet.name, self.month.sheets)
        before = [self.opened.sheets[one.name] for one in earlier if one.name in self.opened.sheets]
        on = self.book.sheets.add(sheet.name, after=(before or list(self.book.sheets))[-1])
        self.opened.sheets[sheet.name] = on
        # At their full size: a table that grows later pushes down what is next to it.
        places = layout([sheet], {table.name: self.month.tables[table.name].rows for table in sheet.tables()})
        texts: Texts = {(i, FIRST_COLUMN): text for i, text in enumerate(self._head(sheet))}
        for placed in places.blocks[sheet.name]:
            texts |= block_texts(placed, places, self.month.sheets)
        height, width = max(row for row, _ in texts) + 1, max(column for _, column in texts) + 1
        on.range((1, 1), (height, width)).options("raw").formula = [
            [live_cells.text(texts.get((row, column), ""), "General") for column in range(width)]
            for row in range(height)
        ]
        for column, wide in widths(sheet).items():
            live_native.set_width(on.range((1, column + 1)), wide, behind=column in behind(sheet))
        for named in sheet.fields():
            _, row, column = places.fields[named.name]
            self.book.names.add(named.name, f"='{sheet.name}'!{on.range((row + 1, column + 1)).address}")
        for table in sheet.tables():
            place = places.tables[table.name]
            area = on.range((place.header + 1, place.column + 1), (place.last + 1, place.column + len(table.columns)))
            made = on.tables.add(area, name=table.name, table_style_name="TableStyleLight1")
            if table.totals:
                made.show_totals = True


def _own_formulas(found: Sequence[str], rows: int) -> list[Written]:
    """A clerk's column of formulas: the one it was filled with on every row; different ones where they stand."""
    if len(set(found)) == 1:
        return [found[0]] * rows
    return [*found[:rows], *[""] * (rows - len(found))]


def _rows_of(data: TableData) -> list[dict[str, Any]]:
    return [{key: values[i] for key, values in data.columns.items()} for i in range(data.rows)]


def _runs(values: Iterable[Any]) -> Iterable[tuple[int, int, Any]]:
    """Yield each run of equal values: where it starts, how long it is, the value."""
    at = 0
    for value, run in groupby(values):
        count = len(list(run))
        yield at, count, value
        at += count
