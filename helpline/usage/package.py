"""Released numbers as data: JSON in one zip, described as a Frictionless data package (specs.frictionlessdata.io)."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from helpline.usage.codebook import Table
from helpline.usage.released import Counted
from helpline.usage.rows import COLUMNS, Row, rows, totals
from helpline.usage.statement import decimal, statement

OLDEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip can say; the real one would make each file another one."""

NUMBERS = frozenset({"value", "margin95", "low", "high"})
DESCRIPTIONS: Mapping[str, str] = {
    "period": "ISO week, month, quarter or year; months and quarters are the weeks whose Thursday is in them",
    "value": "the count plus noise that was drawn once; it can lie below zero and should stay so",
    "margin95": "how far off the value is at most in 95 of 100 cases",
    "quality": "A: a margin of up to 10 percent of the value; B: up to 33; C: more; D: not to be told from zero",
    "epsilon": "what the table costs: one unit changes the probability of a file by at most e to the power of it",
    "unit": "what is counted",
}


def package_file(counted: Sequence[Counted], *, language: str) -> bytes:
    """Return a zip of datapackage.json, counts.json and totals.json.

    It is not compressed: what a compressor makes may change with its release.
    """
    files = {
        "datapackage.json": _description(counted, language=language),
        "counts.json": _objects(rows(counted, language=language)),
        "totals.json": _objects(totals(counted, language=language)),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, OLDEST), _text(content))
    return file.getvalue()


def _description(counted: Sequence[Counted], *, language: str) -> Mapping[str, object]:
    tables = {part.table.digest: part.table for part in counted}.values()
    names = "-".join(dict.fromkeys(table.id.replace("_", "-") for table in tables))
    return {
        "profile": "tabular-data-package",
        "name": f"counts-{names}",
        "title": "; ".join(dict.fromkeys(table.titles[table.language(language)] for table in tables)),
        "description": "\n".join(statement(counted, language=language)),
        "resources": [_resource(name) for name in ("counts", "totals")],
        "definitions": [_definition(table, language=language) for table in tables],
    }


def _resource(name: str) -> Mapping[str, object]:
    return {
        "name": name,
        "path": f"{name}.json",
        "profile": "tabular-data-resource",
        "format": "json",
        "mediatype": "application/json",
        "encoding": "utf-8",
        "schema": {"fields": [_field(column) for column in COLUMNS], "primaryKey": ["period", "table", "cell"]},
    }


def _field(column: str) -> Mapping[str, str]:
    kind = {"name": column, "type": "integer" if column in NUMBERS else "string"}
    return kind | ({"description": DESCRIPTIONS[column]} if column in DESCRIPTIONS else {})


def _definition(table: Table, *, language: str) -> Mapping[str, object]:
    spoken = table.language(language)
    return {
        "table": table.id,
        "title": table.titles[spoken],
        "definition": table.definitions[spoken],
        "unit": table.unit.value,
        "period": table.period.value,
        "sensitivity": table.sensitivity,
        "epsilon": decimal(table.epsilon),
        "codebook": table.digest,
        "cells": [{"cell": cell.id, "label": cell.labels[spoken]} for cell in table.cells],
    }


def _objects(written: Iterable[Row]) -> list[Mapping[str, object]]:
    return [row._asdict() for row in written]


def _text(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
