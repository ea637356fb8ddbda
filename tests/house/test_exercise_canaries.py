"""What is typed into any exercise, or brought in a file, lies in no file, store, log or temporary folder."""

import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from helpline.programme.fields import Field, Kind
from helpline.programme.paths import Path as Walk
from helpline.usage.codebook_reading import read_codebook
from helpline.usage.counting import Counters
from selfhelp.counting import PebbleTrail
from selfhelp.views import reading
from tests.support.canaries import Ground
from tests.support.keys import FORM_KEY
from tests.support.pages import Pages
from tests.support.search import named
from tests.support.stores import copy_files, opened_stores
from tests.support.visitors import Served, serve, visitors_settings
from tests.support.world import make_world

CANARY = "kanarieqv"
"""Begins every word that is typed here; no text, catalogue or source of ours holds it."""

WORDS = {"answer": [CANARY]}
OURS, OTHER = "nl", "en"


@dataclass
class House:
    """A site whose every folder lies below one."""

    folder: Path
    served: Served
    answers: list[TestResponse] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take a token, as any page has one."""
        self._client = Client(self.served.site)
        self._token = Pages(self.served.site).get(f"/{OURS}/read/0/3").fields()["token"]

    def post(self, address: str, said: dict[str, object]) -> TestResponse:
        """Send a form of ours, and keep what came back."""
        kind = {"Content-Type": "multipart/form-data"} if "file" in said else {}
        data = {"k": "1", "token": self._token} | said
        answer = self._client.post(address, data=data, headers={"Sec-Fetch-Site": "same-origin"} | kind)
        self.answers.append(answer)
        return answer

    def lying(self) -> set[str]:
        """Return which words lie in a file."""
        return named(Ground(self.folder).hits(WORDS))


@pytest.fixture
def house(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """Give a site with real stores, real counters and a log, which writes its temporary files where we look."""
    copy_files(sqlite_template, to=tmp_path)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    log = logging.FileHandler(tmp_path / "log", encoding="utf-8")
    logging.getLogger().addHandler(log)
    with opened_stores(tmp_path, database_url=None) as stores:
        world = make_world(stores.helpline, tmp_path)
        served = serve(visitors_settings(world.programme, data_dir=tmp_path))
        counters = Counters.open(tmp_path / "run", read_codebook(world.programme))
        served.services().trail = PebbleTrail(counters, key=FORM_KEY)
        yield House(tmp_path, served)
        counters.close()
        served.services().sessions.engine.dispose()
    logging.getLogger().removeHandler(log)
    log.close()


def walks(house: House) -> list[Walk]:
    """Return every path that asks something, in one language."""
    return [path for (language, _), path in house.served.library.paths.items() if language == OURS and path.asks]


def typed(asked: Field) -> dict[str, str]:
    """Return a word for every input of a field in which people write, and a pick for the others."""
    if asked.kind is Kind.SCALE:
        return {asked.id: "7"}
    if asked.kind is Kind.CHOICE:
        return {asked.id: asked.options[-1].id}
    return {name: f"{CANARY} {name}"[: asked.max_length] for name in asked.names}


def walk(house: House, path: Walk) -> int:
    """Fill in every field of *path*, and press every button there is; return how many inputs were written in."""
    said: dict[str, str] = {}
    for number in path.numbers:
        page, beyond, before = path.pages[number], path.beyond(number), path.before(number)
        here = {**said, "at": str(number)}
        said |= {name: text for asked in page.fields for name, text in typed(asked).items()}
        filled = {**here, **said}
        if page.fields and beyond is not None:
            for more in ({}, {"lang": OTHER}, {"do": "more"}, {"token": CANARY}, {"stage": CANARY}, {CANARY: CANARY}):
                house.post(path.pages[beyond].address, {**filled, **more})
            wrong = {name: CANARY * 200 for asked in page.fields for name in asked.names}
            house.post(path.pages[beyond].address, {**filled, **wrong})
        if before is not None:
            house.post(path.pages[before].address, {**filled})
    look_at(house, path, said)
    return sum(1 for text in said.values() if CANARY in text)


def look_at(house: House, path: Walk, said: dict[str, str]) -> None:
    """Show all answers, keep them in every way, and bring the file back: whole, broken, and under odd names."""
    address = path.pages[path.last_asking].address
    at = {**said, "at": str(path.last_asking)}
    shown = house.post(address, {**at, "do": "show"})
    assert CANARY in shown.get_data(as_text=True)
    saved = house.post(address, {**at, "do": "save"}).get_data()
    assert CANARY.encode() in saved
    first = path.pages[path.first_asking].address
    here = {"at": str(path.first_asking), "do": "open"}
    opened = house.post(first, {**here, "file": (BytesIO(saved), f"{CANARY}.html")})
    assert CANARY in opened.get_data(as_text=True)
    for data in (
        saved.partition(b"</script>")[0],
        saved.replace(b"{", b"[", 1),
        CANARY.encode() * 10_000,
        CANARY.encode() * 40_000,
    ):
        house.post(first, {**at, **here, "file": (BytesIO(data), f"../{CANARY}\0")})
    for do in ("print", "nothing"):
        house.post(address, {**at, "do": do})


def test_no_answer_of_any_exercise_lies_anywhere(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    inputs = [walk(house, path) for path in walks(house)]

    assert len(inputs) >= 10
    assert min(inputs) > 0
    assert {answer.status_code for answer in house.answers} == {200, 203, 303, 400, 413, 422}
    assert house.lying() == set()
    assert CANARY not in "".join(capfd.readouterr())


def test_no_answer_lies_in_the_log_of_what_broke(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **answers: object) -> None:
        raise ValueError(answers)

    for name in ("in_words", "read_file"):
        monkeypatch.setattr(reading, name, broken)
    path = walks(house)[0]
    at = {name: text for asked in path.fields for name, text in typed(asked).items()}
    address = path.pages[path.last_asking].address

    shown = house.post(address, {**at, "at": str(path.last_asking), "do": "show"})
    brought = house.post(address, {"do": "open", "file": (BytesIO(CANARY.encode()), CANARY)})

    assert (shown.status_code, brought.status_code) == (500, 500)
    assert "builtins.ValueError" in (house.folder / "log").read_text(encoding="utf-8")
    assert house.lying() == set()


def test_an_answer_that_lay_there_would_be_found(house: House) -> None:
    for place in ("helpline/x", "counts/x", "log", "temporary/x", "run/shared/x"):
        before = (house.folder / place).read_bytes() if (house.folder / place).exists() else b""
        (house.folder / place).write_bytes(before + f"{CANARY} plan-if".encode("utf-16-le"))

        assert house.lying() == {"answer"}, place
        (house.folder / place).write_bytes(before)
    assert house.lying() == set()
