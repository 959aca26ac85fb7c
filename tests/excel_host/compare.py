"""Two workbooks cell by cell: values, formulas, number formats, tables, names."""

import math


def differences(left, right):
    """Return what differs between two states, a line a place."""
    found = []
    titles = [sheet.title for sheet in left.sheets], [sheet.title for sheet in right.sheets]
    if titles[0] != titles[1]:
        found.append(f"sheets: {titles[0]} and {titles[1]}")
    others = {sheet.title: sheet for sheet in right.sheets}
    for sheet in left.sheets:
        if sheet.title not in others:
            continue
        other = others[sheet.title]
        for place in sorted(sheet.cells.keys() | other.cells.keys()):
            a, b = _held(sheet.cells.get(place)), _held(other.cells.get(place))
            if not _same(a, b):
                found.append(f"{sheet.title} {place}: {a} and {b}")
        if sheet.tables != other.tables:
            found.append(f"{sheet.title} tables: {sheet.tables} and {other.tables}")
    for name in sorted(left.names.keys() | right.names.keys()):
        if left.names.get(name) != right.names.get(name):
            found.append(f"{name}: {left.names.get(name)} and {right.names.get(name)}")
    return found


def _held(cell):
    return None if cell is None or cell.value is None else (cell.value, cell.kind, cell.number_format)


def _same(a, b):
    if a is None or b is None:
        return a is b
    # XlsxWriter writes 16 digits of a number.
    numbers = type(a[0]) is float and type(b[0]) is float
    return a[1:] == b[1:] and (math.isclose(a[0], b[0], rel_tol=1e-15) if numbers else a[0] == b[0])
