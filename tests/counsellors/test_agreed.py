"""What a counsellor says word for word: the promises that a call begins with, and the agreed answers."""

from dataclasses import replace
from pathlib import Path

from counsellors.texts import read_texts
from helpline.programme.hours import Hours
from helpline.settings.programme import OpenHours
from tests.support.calls import opened
from tests.support.office import Office, Person
from tests.support.pages import words
from tests.support.world import NOW, programme

UNSAID = "We cannot answer that here. A lawyer can, in confidence;"
EASTER_MONDAY = NOW.replace(day=29)


def test_the_call_screen_has_the_promises_and_the_agreed_answers_in_the_language_of_the_caller(
    office: Office, counsellor: Person
) -> None:
    office.book(language="en")

    page = opened(office, counsellor)
    promises, answers, *_ = page.all("details")
    assert len([line for line in promises.iter("li") if words(line)]) == 5
    assert "we may give that number to the emergency number" in words(promises)
    assert [words(it) for it in answers.iter("dt")][2] == "Will the police come?"
    assert words(answers).count(UNSAID) == 6
    assert page.one("dl", lang="en") in list(answers.iter("dl"))


def test_a_signed_answer_is_the_same_as_on_the_site_and_dials_nothing(tmp_path: Path) -> None:
    texts = read_texts(programme(tmp_path, change=('jurisdiction = "nl"\n', 'jurisdiction = "xx"\n')))
    rung = replace(texts.pack, signposts=tuple(replace(it, confirmed=NOW.date()) for it in texts.pack.signposts))
    texts = replace(texts, pack=rung)

    said = {it.question: it.answer for it in texts.asked("en", now=NOW)}
    assert said["Will the police come?"] == "That is how Inventia agreed it. Ask a lawyer (lawyers.example)."
    assert str(said["Must my therapist report me?"]).startswith(UNSAID)
    assert "the Alarm line (555-0100)" in texts.promises("en", now=NOW)[4]


def test_in_a_language_that_we_do_not_speak_nothing_is_said(tmp_path: Path) -> None:
    texts = read_texts(programme(tmp_path))

    assert texts.asked("de", now=NOW) == ()
    assert texts.promises("de", now=NOW) == ()


def test_a_crisis_line_that_keeps_holidays_is_said_to_be_closed_on_them(tmp_path: Path) -> None:
    texts = read_texts(programme(tmp_path))
    weekly = (OpenHours(weekdays=tuple(range(7)), starts=9 * 60, ends=17 * 60),)
    hours = Hours(weekly=weekly, zone=texts.pack.zone, closed_on_holidays=True)
    pack = replace(texts.pack, signposts=tuple(replace(it, hours=hours) for it in texts.pack.signposts))
    texts = replace(texts, pack=pack)

    assert texts.crisis("en", now=NOW)[0].opening == "Open now, until 17:00"
    assert texts.crisis("en", now=EASTER_MONDAY)[0].opening == "Closed. Opens tomorrow 09:00"
