"""Small workbooks written byte by byte, of the kinds that no library here writes: .xlsb and .ods."""

import io
import struct
import zipfile

DATE_STYLE = 1
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PART = '<Override PartName="/xl/{}" ContentType="application/vnd.ms-excel.{}"/>'


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            # The kind of an .ods must be legible in its first bytes.
            package.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def record(kind, content=b""):
    """A record of [MS-XLSB] 2.1.4: its type and length in groups of seven bits, then what it holds."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(content), b""
    while True:
        size, low = size >> 7, size & 0x7F
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return head + length + content


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(rows, name="Items"):
    """A workbook of one sheet; a cell is a text, a number, or (serial number,) for a day."""
    sheet = record(0x81) + record(0x94, struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + record(0x91)
    for at, row in enumerate(rows):
        sheet += record(0x00, struct.pack("<IIHBBBI", at, 0, 300, 0, 0, 0, 0))
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet += record(0x06, struct.pack("<II", column, 0) + wide(cell))
            else:
                style, number = (DATE_STYLE, cell[0]) if isinstance(cell, tuple) else (0, cell)
                sheet += record(0x05, struct.pack("<IId", column, style, number))
    sheet += record(0x92) + record(0x82)
    book = record(0x83) + record(0x8F) + record(0x9C, struct.pack("<II", 0, 1) + wide("rId1") + wide(name))
    book += record(0x90) + record(0x84)
    formats = [struct.pack("<HHHHHBBH", 0, fmt, 0, 0, 0, 0, 0, 0) for fmt in (0, 14)]
    styles = record(0x116) + record(0x269, struct.pack("<I", 2)) + b"".join(record(0x2F, one) for one in formats)
    styles += record(0x26A) + record(0x117)
    kinds = {
        "workbook.bin": "sheet.binary.macroEnabled.main",
        "worksheets/sheet1.bin": "worksheet",
        "styles.bin": "styles",
    }
    target = '<Relationship Id="rId{}" Type="' + OFFICE + '/{}" Target="{}"/>'
    return zipped(
        {
            "[Content_Types].xml": TYPES.format("".join(PART.format(part, kind) for part, kind in kinds.items())),
            "_rels/.rels": RELATIONS.format(target.format(1, "officeDocument", "xl/workbook.bin")),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": RELATIONS.format(
                target.format(1, "worksheet", "worksheets/sheet1.bin") + target.format(2, "styles", "styles.bin")
            ),
            "xl/worksheets/sheet1.bin": sheet,
            "xl/styles.bin": styles,
        }
    )


def ods(rows, name="Items"):
    """A workbook of one sheet; a cell is a text, a number, or (ISO text,) for a day."""
    lines = ""
    for row in rows:
        cells = ""
        for cell in row:
            if isinstance(cell, tuple):
                cell, kind = cell[0], f'office:value-type="date" office:date-value="{cell[0]}"'
            elif isinstance(cell, str):
                kind = 'office:value-type="string"'
            else:
                kind = f'office:value-type="float" office:value="{cell}"'
            cells += f"<table:table-cell {kind}><text:p>{cell}</text:p></table:table-cell>"
        lines += f"<table:table-row>{cells}</table:table-row>"
    spaces = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="{name}">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    space = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    entry = '<manifest:file-entry manifest:full-path="/" manifest:media-type="{}"/>'
    manifest = f"<manifest:manifest {space}>{entry.format(kind)}</manifest:manifest>"
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})
