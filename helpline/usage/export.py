"""Files for funders and parliaments: the released numbers of finished periods, with what can be said of them.

Each file is a pure function of released numbers and their definitions: the same request gives the same bytes for ever.
"""

import csv
import enum
import io
from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy.orm import Session

from helpline.usage.package import package_file
from helpline.usage.released import Counted, ReleasedPeriod, read_counted
from helpline.usage.rows import COLUMNS, rows
from helpline.usage.statement import statement
from helpline.usage.workbook import workbook_file


class FileKind(enum.StrEnum):
    """What a file can be, by the ending of its name."""

    CSV = "csv"
    XLSX = "xlsx"
    ZIP = "zip"


CONTENT_TYPES: Mapping[FileKind, str] = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.ZIP: "application/zip",
}


def file_of(
    session: Session, *, periods: Sequence[ReleasedPeriod], language: str, kind: FileKind = FileKind.CSV
) -> bytes:
    """Return the numbers of *periods* with what can be said of them.

    Words and prices come from the definition and the ledger of each period, never from today's codebook. Values can lie
    below zero: sums stay right.
    """
    return _WRITERS[kind](read_counted(session, periods), language=language)


def csv_file(counted: Sequence[Counted], *, language: str) -> bytes:
    """Return them in long form: UTF-8 with a byte order mark, commas, decimal points, lines that end in CRLF.

    The statement stands above the header, each line behind a "# " and without a comma: a spreadsheet shows it in the
    first column, readers of CSV skip it as a comment.
    """
    file = io.StringIO(newline="")
    for line in statement(counted, language=language):
        file.write(f"# {line}\r\n")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(counted, language=language))
    return file.getvalue().encode("utf-8-sig")


class _Writer(Protocol):
    def __call__(self, counted: Sequence[Counted], *, language: str) -> bytes: ...


_WRITERS: Mapping[FileKind, _Writer] = {
    FileKind.CSV: csv_file,
    FileKind.XLSX: workbook_file,
    FileKind.ZIP: package_file,
}
