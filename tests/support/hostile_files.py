"""What somebody may bring in place of a file that was saved here: each with its name, and what it should come to."""

import gzip
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from helpline.programme.exercises import read_answers
from helpline.programme.fields import Field, Kind
from helpline.programme.saved import BEGINS, ENDS, FileFault, saved_file
from helpline.programme.words import Words

LIMIT = 250_000
"""Bytes: as much as goes into one request, with room for the form around it."""

NOT_OURS, DAMAGED, ELSEWHERE, NONE = FileFault.NOT_OURS, FileFault.DAMAGED, FileFault.OF_ANOTHER_PAGE, FileFault.NONE
EVIL = "<script>alert('qvcanary')</script><img src=x onerror=alert(1)>"
WRITTEN = "hello"


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file: its bytes, what the browser calls it, and the fault that is said, or None where it is opened."""

    name: str
    data: bytes
    fault: FileFault | None
    called: str = "note.html"


@dataclass(frozen=True, slots=True)
class Ground:
    """The fields of the page that a file is sent to, and the words of its language."""

    fields: Sequence[Field]
    words: Words

    @property
    def text(self) -> str:
        """The name of a field with one text."""
        return next(field.id for field in self.fields if field.kind is Kind.TEXT)

    @property
    def lines(self) -> Field:
        """A field with several lines."""
        return next(field for field in self.fields if field.kind is Kind.LIST)

    def good(self, text: str = WRITTEN) -> bytes:
        """Return a file of ours with *text* in it."""
        answers = read_answers(self.fields, form={self.text: text})
        return saved_file(self.fields, answers=answers, words=self.words).encode()

    def raw(self, json_text: str) -> bytes:
        """Return a file whose field of one text is what *json_text* says, be it JSON or not."""
        return block('{"answers": {"' + self.text + '": ' + json_text + "}}")

    def holding(self, answer: object) -> bytes:
        """Return a file whose field of one text is *answer*."""
        return holding({self.text: answer})


def block(text: str) -> bytes:
    """Return a file with *text* where the answers should be."""
    return f"<!doctype html>{BEGINS}{text}{ENDS}".encode("utf-8", "surrogatepass")


def holding(answers: object) -> bytes:
    """Return a file with *answers*."""
    return block(json.dumps({"answers": answers}))


def hostile_files(ground: Ground) -> list[Hostile]:
    """Return every file, whatever its kind."""
    kinds = (_no_texts, _no_blocks, _no_json, _no_answers, _no_answer, _odd_answers, _odd_pages, _changed, _odd_names)
    return [file for kind in kinds for file in kind(ground)]


def _no_texts(ground: Ground) -> Iterator[Hostile]:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("note.html", ground.good())
    yield Hostile("nothing", b"", NONE)
    yield Hostile("one zero byte", b"\0", NOT_OURS)
    yield Hostile("zero bytes", bytes(LIMIT), NOT_OURS)
    yield Hostile("every byte there is", bytes(range(256)) * (LIMIT // 256), NOT_OURS)
    yield Hostile("half a UTF-8 sign again and again", b"\xe2\x82" * (LIMIT // 2), NOT_OURS)
    yield Hostile("PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(LIMIT // 2), NOT_OURS)
    yield Hostile("ZIP with a file of ours", packed.getvalue(), NOT_OURS)
    yield Hostile("PDF", b"%PDF-1.7\n1 0 obj <</JS (app.alert(1))>> endobj", NOT_OURS)
    yield Hostile("gzip bomb", gzip.compress(bytes(100_000_000), 9), NOT_OURS)
    yield Hostile("UTF-16", ground.good().decode().encode("utf-16"), NOT_OURS)
    yield Hostile("UTF-32", ground.good().decode().encode("utf-32"), NOT_OURS)
    yield Hostile("UTF-7", BEGINS.encode("utf-7") + ENDS.encode("utf-7"), DAMAGED)
    yield Hostile("only a byte-order mark", b"\xef\xbb\xbf", NOT_OURS)


def _no_blocks(ground: Ground) -> Iterator[Hostile]:
    good = ground.good().decode()
    yield Hostile("some other page", b"<!doctype html><title>Note</title><p>hello", NOT_OURS)
    yield Hostile("a block that never ends", block("{}").removesuffix(ENDS.encode()), NOT_OURS)
    yield Hostile("many blocks that never end", BEGINS.encode() * (LIMIT // len(BEGINS) - 1), NOT_OURS)
    yield Hostile("an end before the beginning", f"{ENDS}{BEGINS}{{}}".encode(), NOT_OURS)
    yield Hostile("entities for the tags", good.replace("<", "&lt;").encode(), NOT_OURS)
    yield Hostile("numbers for the tags", good.replace("<script", "&#60;script").encode(), NOT_OURS)
    yield Hostile("a block of another spelling", good.replace("<script type", "<SCRIPT  type").encode(), NOT_OURS)
    yield Hostile("longer than any file of ours", ground.good() + b" " * (LIMIT - len(good)), NOT_OURS)


def _no_json(ground: Ground) -> Iterator[Hostile]:
    most = 199_000
    yield Hostile("an empty block", block(""), DAMAGED)
    yield Hostile("spaces", block(" " * most), DAMAGED)
    yield Hostile("brackets", block("[" * most), DAMAGED)
    yield Hostile("brackets, more than we look at", block("[" * LIMIT), NOT_OURS)
    yield Hostile("objects in objects", block('{"a":' * (most // 5)), DAMAGED)
    yield Hostile("answers in answers", block('{"answers":' * (most // 11)), DAMAGED)
    yield Hostile("lists in lists, all closed", block("[" * 900 + "]" * 900), DAMAGED)
    yield Hostile("a text that never ends", ground.raw('"' + "x" * (most - 100)), DAMAGED)
    yield Hostile("backslashes", ground.raw('"' + "\\" * (most - 100) + '"'), DAMAGED)
    yield Hostile("a zero byte in a text", ground.raw('"a\0b"'), DAMAGED)
    yield Hostile("a line end in a text", ground.raw('"a\nb"'), DAMAGED)
    yield Hostile("a comma too many", ground.raw('"a",'), DAMAGED)
    yield Hostile("two documents", block('{"answers": {}} {"answers": {}}'), DAMAGED)
    yield Hostile("a comment", ground.raw('/* x */ "a"'), DAMAGED)
    yield Hostile("an end inside an answer", ground.raw(f'"{ENDS}{EVIL}"'), DAMAGED)


def _no_answers(ground: Ground) -> Iterator[Hostile]:
    del ground
    for said in ("null", "true", "7", '"answers"', "[]", '["answers"]', "{}", '{"ANSWERS": {}}'):
        yield Hostile(f"a block of {said}", block(said), DAMAGED)
    for said in ("null", "true", "7", '"x"', "[]", '[["x"]]', "NaN", "1e400", "1" * 150_000):
        yield Hostile(f"answers of {said[:12]}", block(f'{{"answers": {said}}}'), DAMAGED)


def _no_answer(ground: Ground) -> Iterator[Hostile]:
    field = ground.lines
    for said in (None, True, 7, {"x": "y"}, ["x", "y"], [["x"]], [None], "x" * 100_000, EVIL * 100):
        yield Hostile(f"an answer of {str(said)[:16]}", ground.holding(said), DAMAGED)
    for written in ("NaN", "-Infinity", "1e400", "9" * 4_000):
        yield Hostile(
            f"an answer of the number {written[:9]}", block(f'{{"answers": {{"{ground.text}": {written}}}}}'), DAMAGED
        )
    yield Hostile("a line too many", holding({field.id: ["x"] * (len(field.names) + 1)}), DAMAGED)
    yield Hostile("very many lines", holding({field.id: ["x"] * 30_000}), DAMAGED)
    yield Hostile("lines that are lists", holding({field.id: [["x"]] * len(field.names)}), DAMAGED)
    yield Hostile("everything too long", holding({it.id: ["x" * 990] * len(it.names) for it in ground.fields}), DAMAGED)


def _odd_answers(ground: Ground) -> Iterator[Hostile]:
    text = ground.text
    strangers = {f"field{number}": "x" for number in range(10_000)}
    yield Hostile("no answers", holding({}), ELSEWHERE)
    yield Hostile("strangers only", holding({"elsewhere": {"deep": [1]}}), ELSEWHERE)
    yield Hostile("prototypes", holding({"__proto__": {text: "x"}, "constructor": "x", "__class__": "x"}), ELSEWHERE)
    yield Hostile("names of the form itself", holding({"token": "x", "lang": "nl", "do": "save", "at": "1"}), ELSEWHERE)
    yield Hostile("ten thousand strangers", holding(strangers), ELSEWHERE)
    yield Hostile("ten thousand strangers and one of ours", holding(strangers | {text: WRITTEN}), None)
    again = f'"{text}": [1],' * 9_000
    yield Hostile("one name again and again", block('{"answers": {' + again + f'"{text}": "x"}}}}'), None)
    yield Hostile("halves of pairs", ground.raw('"a\\ud800b\\udfffc"'), None)
    yield Hostile("halves of pairs, not written out", ground.raw('"a\ud800b"'), None)
    yield Hostile("control signs", ground.holding("a\0b\x1bc\x9fd\ufffe\U0001ffff"), None)
    yield Hostile("letters that turn the line round", ground.holding("\u202eolleh\u2066\u200b\u200d\ufeff"), None)
    yield Hostile("accents", ground.holding("a" + "\u0301\u0316" * 9), None)
    yield Hostile("a script", ground.holding("<script>"), None)
    yield Hostile("the end of an attribute", ground.holding('"><b onclick=x>'), None)
    yield Hostile("words of a template", ground.holding("{{7*7}}{%x%}${7}"), None)
    yield Hostile("a formula", ground.holding("=cmd|' /C calc'!A0"), None)


def _odd_pages(ground: Ground) -> Iterator[Hostile]:
    good = ground.good()
    yield Hostile("a byte-order mark before it", b"\xef\xbb\xbf" + good, None)
    yield Hostile("a comment around it", b"<!--" + good + b"-->", None)
    yield Hostile("two blocks", good + ground.holding(EVIL), None)
    yield Hostile("a script before it", EVIL.encode() + good, None)
    yield Hostile("broken bytes around it", b"\xff\xfe\xc0\x80" + good + b"\xff", None)
    yield Hostile("old line ends", good.replace(b"\n", b"\r\n"), None)
    yield Hostile("a page that loads things", good.replace(b"<body>", b"<body><iframe src=//x.example>" * 99), None)


def _changed(ground: Ground) -> Iterator[Hostile]:
    """Yield a file of ours in which one byte of what is read fell over."""
    good = ground.good()
    begin, end = good.index(BEGINS.encode()), good.rindex(ENDS.encode())
    told = {
        begin: NOT_OURS,
        begin + len(BEGINS): DAMAGED,
        begin + len(BEGINS) + 3: DAMAGED,
        end - 1: DAMAGED,
        end: NOT_OURS,
    }
    for place, fault in told.items():
        yield Hostile(f"byte {place - begin} of the block changed", good[:place] + b"?" + good[place + 1 :], fault)
    yield Hostile("a byte of its title changed", good.replace(b"<title>", b"<tItle>"), None)
    yield Hostile("its last byte lost", good[:end], NOT_OURS)


def _odd_names(ground: Ground) -> Iterator[Hostile]:
    names = ("../../../../etc/passwd", "..\\..\\note.html", "/dev/null", "note.html\0.exe", "n" * 5_000, " ", ".")
    more = (
        '"><script>alert(1)</script>.html',
        "\u202elmth.eton",
        "📄.html",
        "%2e%2e%2fnote.html",
        "C:\\fakepath\\note.html",
    )
    yield Hostile("called nothing, as where no file was chosen", ground.good(), NONE, "")
    for called in (*names, *more):
        yield Hostile(f"called {called[:24]!r}", ground.good(), None, called)
