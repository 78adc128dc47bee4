"""Excel workbooks written part by part, so that a test can write one that no spreadsheet would."""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs>'
    "</styleSheet>"
)
DAY, MOMENT = 1, 2
"""Styles of a cell that holds a day, and one that holds a day and a time."""


def text(value: str) -> str:
    """A cell's content: a text."""
    return f't="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is>'


def number(value: object, style: int = 0) -> str:
    """A cell's content: a number, which a style makes a day."""
    return f's="{style}"><v>{value}</v>'


def formula(value: str) -> str:
    """A cell's content: a formula and the text it last gave."""
    return f't="str"><f>A1</f><v>{escape(value)}</v>'


def flag(value: bool) -> str:
    """A cell's content: true or false."""
    return f't="b"><v>{int(value)}</v>'


def letters(column: int) -> str:
    """The name of a column, the first being 1."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def rows_of(rows: Iterable[Sequence[str]], first: int = 1) -> str:
    """Rows of cells as a sheet holds them; an empty content is a cell left out."""
    return "".join(
        f'<row r="{line}">'
        + "".join(f'<c r="{letters(place)}{line}" {cell}</c>' for place, cell in enumerate(cells, 1) if cell)
        + "</row>"
        for line, cells in enumerate(rows, first)
    )


def workbook(path: Path, sheets: Mapping[str, str], parts: Mapping[str, str | bytes] | None = None) -> Path:
    """Write a workbook of sheets, each given as its rows, and of further parts."""
    numbered = list(enumerate(sheets.items(), 1))
    names = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, (name, _) in numbered)
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n, _ in numbered
    )
    home = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    content: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{home}</Relationships>',
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{targets}</Relationships>',
        "xl/styles.xml": STYLES,
    }
    for n, (_, rows) in numbered:
        content[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**content, **(parts or {})}.items():
            archive.writestr(name, part)
    return path


def texts(rows: Iterable[Iterable[str]]) -> list[list[str]]:
    """Rows of plain texts as cells' contents."""
    return [[text(cell) if cell else "" for cell in cells] for cells in rows]
