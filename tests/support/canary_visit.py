"""Two visitors who type words that can be told from all others, wherever something can be typed."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from helpline.callbacks.desk import DeskKeys
from helpline.callbacks.tables import Booking
from helpline.codes import code_digest, draw_code, grouped, read_code
from tests.support.caller import ABOUT_ME, ADDRESS, AGENT, FORWARDED, REFERER, Caller
from tests.support.demo import OpenedDemo
from tests.support.pages import Opened, words
from tests.support.running import House

PATIENCE_SECONDS: Final = 180
LOOK_SECONDS: Final = 0.2

EXERCISE, TALK, CODE = "/en/read/0/3", "/en/talk/", "/en/talk/code"
NUMBERS = ("+49 171 39200 77", "+49 171 39200 87")
"""The German regulator keeps them for films."""

ANSWER, CHOICE, NOISE, LOST = "answerqvcanary", "choiceqvcanary", "noiseqvcanary", "lostqvcanary"
UNKNOWN_CODE = grouped(draw_code(language="en"))
UNREADABLE_CODE = "E4NARY 777 QVQVQV"

Words = Mapping[str, list[str]]


@dataclass(frozen=True)
class Talk:
    """A talk that was booked: what its visitor holds in her hand, and what we know it by."""

    number: str
    code: str
    call_words: str
    id: str
    digest: bytes
    counsellor_id: str
    gone_at: datetime


def words_of_visitors(talks: Mapping[str, Talk]) -> Words:
    """Return all that must lie nowhere at any time, by name, in every spelling."""
    said = {"address": [ADDRESS], "forwarded": [FORWARDED], "agent": [AGENT], "referer": [REFERER, "canarypath"]}
    said |= {"answer": [ANSWER], "choice": [CHOICE], "noise": [NOISE], "lost": [LOST]}
    said |= {"unknown code": codes(UNKNOWN_CODE), "unreadable code": codes(UNREADABLE_CODE)}
    for name, talk in talks.items():
        digits = talk.number.replace(" ", "")
        said[f"number of {name}"] = [talk.number, digits, digits.removeprefix("+49"), digits.replace("+49", "0")]
        said[f"code of {name}"] = codes(talk.code)
        first, second = talk.call_words.split(" – ")
        said[f"call words of {name}"] = [f"{first}{by}{second}" for by in (" – ", " - ", "-", " ", "", ", ", "', '")]
    return said


def codes(code: str) -> list[str]:
    """Return *code* as it is shown, as it is typed, and what could be found again of it."""
    plain = code.replace(" ", "")
    return [code, plain, code.replace(" ", "-"), plain.lower(), code.lower(), plain[1:-1]]


def visit(house: House) -> tuple[Talk, Talk]:
    """Do all that can be done at the visitors' site, book two talks, and move the first."""
    caller = Caller(house.visitors)
    forms = caller.get(TALK), caller.get(TALK)
    do_the_exercise(caller)
    use_wrong_codes(caller)
    fill_in_wrongly(caller)
    lose_the_way(caller)
    for site in (house.visitors, house.office):
        talk_nonsense(Caller(site))
    slips = [
        book(caller, form, number=number, which=at)
        for at, (form, number) in enumerate(zip(forms, NUMBERS, strict=True))
    ]
    slips[0] = move(caller, slips[0], number=NUMBERS[0])
    first, second = (talk_of(house.demo, slip, number=number) for slip, number in zip(slips, NUMBERS, strict=True))
    meet_a_broken_store(house, caller, code=second.code)
    for talk in (first, second):
        assert talk.call_words in caller.send(caller.get(CODE), {"code": talk.code.lower()}).text
    return first, second


def do_the_exercise(caller: Caller) -> None:
    """Answer, keep the answers, go back, answer too much, and answer with a form that is not ours."""
    said = {"plan-if": ANSWER, "plan-then": ANSWER, "worry": "alone", "sure": "7"}
    page = caller.get(EXERCISE)
    for more in ({}, {"do": "show"}, {"do": "save"}, {"do": "more"}, {"do": "print"}, {"do": "nothing"}):
        assert caller.send(page, said | more).status in {200, 203, 303}
    for more in ({"worry": CHOICE}, {"plan-if": ANSWER * 500, "do": "show"}, {"token": ANSWER}, {"lang": "nl"}):
        assert caller.send(page, said | more).status in {200, 203, 400, 413, 422}
    bring_files(caller, page, saved=caller.send(page, said | {"do": "save"}).body.encode())


def bring_files(caller: Caller, page: Opened, *, saved: bytes) -> None:
    """Open what was saved, whole and broken, and what is too large, under names that tell of it."""
    assert ANSWER in caller.upload(page, {"do": "open"}, file=(saved, f"{ANSWER}.html")).body
    for data in (saved.partition(b"</script>")[0], saved.replace(b"{", b"[", 1), ANSWER.encode() * 12_000):
        assert caller.upload(page, {"do": "open", "plan-if": ANSWER}, file=(data, f"../{ANSWER}")).status == 422


def use_wrong_codes(caller: Caller) -> None:
    """Send codes that nobody was given."""
    page = caller.get(CODE)
    for do in ("see", "move", "cancel", "destroy"):
        for code in (UNKNOWN_CODE, UNREADABLE_CODE):
            assert caller.send(page, {"code": code, "do": do}).status == 422


def fill_in_wrongly(caller: Caller) -> None:
    """Send the form of a talk so that it comes back, with her number and what is on no list."""
    page = caller.get(TALK)
    said = {"way": "we_ring", "number": NUMBERS[0], "again": "y", "earlier": "y", "time": times(page)[0]}
    wrong = ({"time": CHOICE}, {"way": CHOICE}, {"about": CHOICE}, {"number": NUMBERS[0] + CHOICE})
    for more in (*wrong, {"token": CHOICE}, {"lang": "nl"}, {"opening": CHOICE, "caller": CHOICE, "time": ""}):
        assert caller.send(page, said | more).status in {200, 203, 400, 422}


def lose_the_way(caller: Caller) -> None:
    """Ask for what there is not."""
    assert caller.get(f"/en/{LOST}?{LOST}={NUMBERS[0].replace(' ', '')}").status == 404
    assert caller.post(f"/en/{LOST}", {LOST: NUMBERS[0]}).status >= 400
    assert caller.post("/en/", {LOST: NUMBERS[0]}).status >= 400


def talk_nonsense(caller: Caller) -> None:
    """Send what gunicorn complains about, and what stops in the middle."""
    about_me = "".join(f"{name}: {value}\r\n" for name, value in ABOUT_ME.items())
    post = f"POST {TALK} HTTP/1.1\r\nHost: localhost\r\n{about_me}Content-Type: application/x-www-form-urlencoded\r\n"
    get = f"GET /{NOISE} HTTP/1.1\r\nHost: localhost\r\n{about_me}"
    for raw in (
        f"{NOISE} {NUMBERS[0]}\r\n{about_me}\r\n",
        f"GET /{NOISE} HTTP/{NOISE}\r\n{about_me}\r\n",
        f"GET /{NOISE * 400} HTTP/1.1\r\nHost: localhost\r\n{about_me}\r\n",
        f"GET / HTTP/1.1\r\nHost: {NOISE}.example\r\n{about_me}\r\n",
        f"{get}X-Long: {NOISE * 3_000}\r\n\r\n",
        f"{get}X {NOISE}: {NOISE}\r\n\r\n",
        f"{get}X-Half: {NOISE}",
        f"{post}Content-Length: {NOISE}\r\n\r\n",
        f"{post}Transfer-Encoding: {NOISE}\r\n\r\n",
        f"{post}Transfer-Encoding: chunked\r\n\r\n{NOISE}\r\n{NUMBERS[0]}",
        f"{post}Content-Length: 5000\r\n\r\nnumber={NUMBERS[0]}&code={UNKNOWN_CODE}&plan-then={ANSWER}",
    ):
        caller.say(raw.encode())
    caller.say(f"{get}X-Odd: {NOISE}".encode() + b"\xff\xfe\r\n\r\n")


def book(caller: Caller, form: Opened, *, number: str, which: int) -> Opened:
    """Book a talk once the form is ripe, twice by the same form, and once more with other fields."""
    said = {"time": times(form)[which * 3], "way": "we_ring", "number": number, "about": "about_me", "opening": CHOICE}
    slip = send_when_ripe(caller, form, said)
    assert slip.heading == "Your talk is booked", slip.text
    assert caller.send(form, said).heading == slip.heading
    assert caller.send(form, said | {"again": "y"}).status == 409
    return slip


def move(caller: Caller, slip: Opened, *, number: str) -> Opened:
    """Move the talk of *slip* to the last time of the page, twice by the same form, once wrongly before."""
    code = words(slip.all("p", class_="code")[0])
    form = caller.send(caller.send(caller.get(CODE), {"code": code}), {"do": "move"})
    said = {"time": times(form)[-1], "way": "we_ring", "number": number, "about": "about_me", "opening": CHOICE}
    assert caller.send(form, said | {"number": number + CHOICE}).status == 422
    moved = send_when_ripe(caller, form, said)
    assert moved.heading == "Your talk has another time", moved.text
    assert caller.send(form, said).heading == moved.heading
    assert caller.send(form, said | {"again": "y"}).status == 409
    return moved


def send_when_ripe(caller: Caller, form: Opened, said: Mapping[str, str]) -> Opened:
    """Send *form* as soon as it is old enough to be taken."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    answer = caller.send(form, said)
    while "Please press once more" in answer.text:
        assert time.monotonic() < deadline, answer.text
        time.sleep(LOOK_SECONDS)
        answer = caller.send(form, said)
    return answer


def times(page: Opened) -> list[str]:
    """Return the times that are offered."""
    return [str(it.get("value")) for it in page.all("input", name="time")]


def talk_of(demo: OpenedDemo, slip: Opened, *, number: str) -> Talk:
    """Return the talk of a slip, looked up as its code is."""
    code, call_words = (words(it) for it in slip.all("p", class_="code"))
    digest = code_digest(read_code(code), key=DeskKeys.of(demo.folder.key("CODE_KEY")).digest)
    with demo.opened() as stores, stores.helpline.read() as session:
        booking = session.scalars(select(Booking).where(Booking.code_digest == digest)).one()
        return Talk(number, code, call_words, booking.id, digest, booking.counsellor_id, booking.destroy_at)


def meet_a_broken_store(house: House, caller: Caller, *, code: str) -> None:
    """Send a code and a number while the store cannot answer: the database's words hold what was asked of it."""
    form, page = caller.get(CODE), caller.get(TALK)
    with without_bookings(house.demo):
        for do in ("see", "cancel", "destroy"):
            assert caller.send(form, {"code": code, "do": do}).status >= 500
        asked = {"time": times(page)[-1], "way": "we_ring", "number": NUMBERS[1], "about": "about_me"}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (answer := caller.send(page, asked)).status == 422:
            assert time.monotonic() < deadline, answer.text
            time.sleep(LOOK_SECONDS)
        assert answer.status >= 500


@contextmanager
def without_bookings(demo: OpenedDemo) -> Iterator[None]:
    """Give the table of bookings another name until the end of the block."""
    with demo.opened() as stores:

        def rename(before: str, after: str) -> None:
            with stores.helpline.outside() as connection:
                if demo.database_url is None:
                    connection.exec_driver_sql("PRAGMA legacy_alter_table=ON")
                    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
                connection.exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")

        rename("booking", "elsewhere")
        yield
        rename("elsewhere", "booking")
