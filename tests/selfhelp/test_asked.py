"""What everybody asks, and what only signed words may say: on the site as the pack says it, or not at all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from helpline.programme.agreed import Answer, Reporting, Scheme
from helpline.programme.pages import Signature
from helpline.programme.signposts import HidingNumber, Pack
from helpline.settings.environment import Mode
from selfhelp.views.blocks import MAKERS, blocks_in
from tests.support.pages import Pages, words
from tests.support.visitors import Served
from tests.support.world import NOW

BOTH = tuple(Signature(role, "a name", signed_on="2027-01-01", version="1") for role in ("lawyer", "clinician"))
SAID = {"nl": "Zo is het: {lawyer} weet meer & <meer>.", "en": "So it is: {lawyer} knows more & <more>."}
UNSAID = "We cannot answer that here. A lawyer can, in confidence;"

Change = Callable[[Pack], Pack]
in_files = pytest.mark.parametrize("stores", ["sqlite"], indirect=True)


@pytest.fixture
def asked(served: Served) -> Callable[..., Pages]:
    """Give a visitor of a site whose pack a test has changed; in production nothing unsigned is shown."""

    def changed(change: Change, *, mode: Mode = Mode.DEMO, show_unsigned: bool = False) -> Pages:
        settings = served.services().settings
        own = replace(settings.programme, show_unsigned=show_unsigned)
        pack = served.library.pack
        rung = replace(pack, signposts=tuple(replace(it, confirmed=NOW.date()) for it in pack.signposts))
        library = replace(served.library, pack=change(rung))
        served.move(replace(settings, mode=mode, programme=own), library=library)
        return Pages(served.site)

    return changed


def answers(*, signed: tuple[Signature, ...]) -> Change:
    return lambda pack: replace(pack, answers=(Answer(id="police", said=SAID, signed=signed),))


def schemes(*, signed: tuple[Signature, ...]) -> Change:
    scheme = Scheme(names={"nl": "Proef", "en": "Trial"}, about=SAID, source="a test", signed=signed)
    return lambda pack: replace(pack, schemes=(scheme,))


def test_each_question_is_asked_and_that_we_cannot_answer_is_said_once(reader: Pages) -> None:
    page = reader.get("/en/asked")

    questions = [words(it) for it in page.one("main").iter("li")]
    assert sum(question.endswith("?") for question in questions) == 6
    assert page.text.count(UNSAID) == 1


@pytest.mark.parametrize("path", ["/en/who", "/en/private"])
def test_the_questions_are_one_tap_from_who_we_are_and_from_staying_private(reader: Pages, path: str) -> None:
    assert words(reader.get(path).one("a", href="/en/asked")) == "Questions that many people ask"


@in_files
def test_a_signed_answer_stands_under_its_question_word_for_word(asked: Callable[..., Pages]) -> None:
    page = asked(answers(signed=BOTH)).get("/en/asked")

    assert "Will the police come? So it is: a lawyer (advocatenorde.nl) knows more & <more>. " in page.text
    assert "Will the police come?" in [words(it) for it in page.all("h2")]
    assert page.text.count(UNSAID) == 1


@in_files
def test_an_answer_that_one_of_the_two_signed_is_not_shown_in_a_demo_either(asked: Callable[..., Pages]) -> None:
    page = asked(answers(signed=BOTH[:1]), show_unsigned=True).get("/en/asked")

    assert "So it is" not in page.text
    assert "Will the police come?" in page.text


@in_files
@pytest.mark.parametrize(
    ("mode", "show_unsigned", "signed", "is_shown", "is_marked"),
    [
        (Mode.PRODUCTION, False, (), False, False),
        (Mode.PRODUCTION, False, BOTH[1:], False, False),
        (Mode.PRODUCTION, False, BOTH, True, False),
        (Mode.PRODUCTION, True, (), True, True),
        (Mode.DEMO, False, (), True, True),
    ],
)
def test_a_scheme_that_is_not_signed_is_shown_only_where_all_is_and_marked(
    asked: Callable[..., Pages],
    mode: Mode,
    *,
    show_unsigned: bool,
    signed: tuple[Signature, ...],
    is_shown: bool,
    is_marked: bool,
) -> None:
    page = asked(schemes(signed=signed), mode=mode, show_unsigned=show_unsigned).get("/en/asked")

    assert ("Trial" in [words(it) for it in page.all("h2")]) is is_shown
    # The page itself is not signed either, and says so at its foot.
    assert page.text.count("has not been signed by experts") == 1 + is_marked


def test_the_dutch_scheme_promises_nothing(reader: Pages) -> None:
    assert "We cannot say for whom it is." in reader.get("/en/asked").text.partition("INDIGO")[2]


@in_files
def test_how_to_hide_a_number_is_said_once_somebody_tried_it(asked: Callable[..., Pages], served: Served) -> None:
    lines = {"nl": ("Toets een ster.",), "en": ("Key in a star.",)}
    hiding = HidingNumber(lines=lines, confirmed=NOW.date() - timedelta(days=100), source="a test")

    page = asked(lambda pack: replace(pack, hiding_number=hiding), mode=Mode.PRODUCTION).get("/en/private")
    assert "Your phone company can tell you how. Key in a star." in page.text

    served.clock.wait(days=81)
    served.site.refresh()
    page = Pages(served.site).get("/en/private")
    assert "Your phone company can tell you how. When you save or print" in page.text


@in_files
@pytest.mark.parametrize(
    ("signed", "wanted"),
    [
        (BOTH, "<li>Tell &lt;us&gt; and a lawyer.</li>"),
        (BOTH[:1], "<li>We cannot say here what you must or may report. A lawyer can.</li>"),
    ],
)
def test_duties_to_report_are_shown_when_signed_and_else_a_neutral_sentence(
    served: Served, asked: Callable[..., Pages], signed: tuple[Signature, ...], wanted: str
) -> None:
    line = ("Tell <us> and {lawyer}.",)
    asked(lambda pack: replace(pack, reporting=Reporting(lines={"nl": line, "en": line}, signed=signed)))

    with served.site.flask.test_request_context("/en/"):
        served.site.flask.preprocess_request()
        html = blocks_in("<p>{reporting}</p>", inline={"lawyer": "a lawyer"})

    assert wanted in html["reporting"]


def test_a_block_is_made_only_for_a_text_that_asks_for_it() -> None:
    assert blocks_in("<p>Nothing here, {lawyer}.</p>", inline={}) == {}
    assert "confidentiality" in MAKERS
