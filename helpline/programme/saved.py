"""The file that a person may take along and bring back: a page that stands alone, read in memory and forgotten."""

import enum
import html
import json
import re
from collections.abc import Mapping, Sequence

from helpline.programme.exercises import Answers, Faulty, in_words, read_answers
from helpline.programme.fields import LONGEST, Field
from helpline.programme.words import Words
from helpline.signs import UNTYPED

BEGINS, ENDS = '<script type="application/json">', "</script>"
"""Where the answers stand in the file, once, as JSON. Nothing else of the file is ever looked at."""

LONGEST_FILE = 200_000
"""Characters. The largest file that we write has some 40,000."""

UNPRINTABLE = re.compile(f"{UNTYPED.pattern}|[\ud800-\udfff]")
"""What a form cannot bring, but JSON can: what nobody types, and halves of pairs."""


class FileFault(enum.StrEnum):
    """What can be wrong with a file that somebody brings; words.toml says it kindly."""

    NONE = "no_file"
    NOT_OURS = "not_our_file"
    DAMAGED = "damaged_file"
    OF_ANOTHER_PAGE = "file_of_another_page"


class UnreadableFileError(Exception):
    """A file cannot be opened; ``fault`` says why, and nothing of it is in here."""

    def __init__(self, fault: FileFault) -> None:
        """Keep the *fault* only."""
        super().__init__(fault.value)
        self.fault = fault


def saved_file(fields: Sequence[Field], *, answers: Answers, words: Words) -> str:
    """Return a page of HTML that stands alone, with *answers* in words and once as JSON.

    It names no service, module, path or date: whoever finds it learns what was typed and the questions, no more.
    """
    title = html.escape(words.exercise["file_title"])
    shown = "\n".join(_shown(field, answers=answers, words=words) for field in fields)
    return (
        f'<!doctype html>\n<html lang="{html.escape(words.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n</head>\n<body>\n<h1>{title}</h1>\n<dl>\n{shown}\n</dl>\n"
        f"{BEGINS}{_json(answers)}{ENDS}\n</body>\n</html>\n"
    )


def read_file(data: bytes, *, fields: Sequence[Field]) -> Answers:
    """Return the answers in the file *data*, for these *fields* alone.

    The file is searched for its one block of JSON and never parsed as HTML; what is in it goes through the same checks
    as a form.

    Raises:
        UnreadableFileError: it is no file of ours, damaged, or belongs to another page.
    """
    if not data:
        raise UnreadableFileError(FileFault.NONE)
    known = {field.id: field for field in fields}
    found = {name: value for name, value in _block(data).items() if name in known}
    if not found:
        raise UnreadableFileError(FileFault.OF_ANOTHER_PAGE)
    form = {name: text for key, value in found.items() for name, text in _inputs(known[key], value=value)}
    answers = read_answers(fields, form=form)
    if isinstance(answers, Faulty):
        raise UnreadableFileError(FileFault.DAMAGED)
    return answers


def _shown(field: Field, *, answers: Answers, words: Words) -> str:
    lines = in_words(field, answer=answers.values[field.id], words=words) or ("-",)
    said = "".join(f"<dd>{html.escape(line).replace(chr(10), '<br>')}</dd>" for line in lines)
    return f"<dt>{html.escape(field.label)}</dt>{said}"


def _json(answers: Answers) -> str:
    """Return *answers* as JSON that cannot end the element it stands in."""
    text = json.dumps({"answers": dict(answers.values)}, ensure_ascii=True, sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _block(data: bytes) -> Mapping[str, object]:
    """Return what stands below "answers" in the block of JSON."""
    text = data.decode("utf-8", errors="replace")
    _, begins, rest = text.partition(BEGINS)
    block, ends, _ = rest.partition(ENDS)
    if not begins or not ends or len(text) > LONGEST_FILE:
        raise UnreadableFileError(FileFault.NOT_OURS)
    try:
        answers = json.loads(block)["answers"]
    except (ValueError, KeyError, TypeError, RecursionError):
        # The cause would carry the file into a traceback.
        raise UnreadableFileError(FileFault.DAMAGED) from None
    if not isinstance(answers, dict):
        raise UnreadableFileError(FileFault.DAMAGED)
    return answers


def _inputs(field: Field, *, value: object) -> list[tuple[str, str]]:
    """Return the names and texts of *field* in the file, as a form would bring them."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or len(texts) > len(field.names):
        raise UnreadableFileError(FileFault.DAMAGED)
    if not all(isinstance(text, str) and len(text) <= LONGEST for text in texts):
        raise UnreadableFileError(FileFault.DAMAGED)
    return [(name, UNPRINTABLE.sub("", text)) for name, text in zip(field.names, texts, strict=False)]
