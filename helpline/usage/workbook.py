"""Released numbers as a spreadsheet: the statement, the numbers, their sums. The one door to XlsxWriter."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from helpline.usage.released import Counted
from helpline.usage.rows import COLUMNS, Row, rows, totals
from helpline.usage.statement import statement

SHEETS: Mapping[str, tuple[str, str, str]] = {
    "nl": ("Lees mij", "Tellingen", "Totalen"),
    "en": ("Read me", "Counts", "Totals"),
}
MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""The day on which every workbook says that it was made: the real one would make each file another one."""

READ_ME_WIDTH = 110
WIDTHS: Mapping[str, int] = {"period": 12, "table": 16, "cell": 22, "label": 44}


def workbook_file(counted: Sequence[Counted], *, language: str) -> bytes:
    """Return a workbook of three sheets. Texts are written as texts, whatever they begin with, so none is a formula."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": MADE})
        read_me, counts, sums = (book.add_worksheet(name) for name in SHEETS.get(language, SHEETS["en"]))
        wrapped, bold = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"bold": True})
        read_me.set_column(0, 0, READ_ME_WIDTH, wrapped)
        for number, line in enumerate(statement(counted, language=language)):
            read_me.write_string(number, 0, line, wrapped)
        _write_rows(counts, rows(counted, language=language), head=bold)
        _write_rows(sums, totals(counted, language=language), head=bold)
    return file.getvalue()


def _write_rows(sheet: Worksheet, written: Iterable[Row], *, head: Format) -> None:
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, head)
        sheet.set_column(column, column, WIDTHS.get(name, 10))
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(written, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            elif isinstance(value, int):
                sheet.write_number(number, column, value)
