"""What the lists of call words promise: enough of them, easy to hear, and about nothing."""

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import helpline.words
from helpline.codes import LANGUAGES

FOLDER = Path(helpline.words.__file__).parent
LISTS = {path.stem: path.read_text(encoding="ascii").splitlines() for path in sorted(FOLDER.glob("*.txt"))}

FROZEN = {
    "en": "7cc9ef3476b4c968c8a0ed0930af02437dd1bb3e29dfbdd0cc3ca9f991ea6984",
    "nl": "82f429f8a9c7685a758a7998895fcc5b1d1ba0eec7b87fd7f11032b162a1db00",
}

ENOUGH = 1024
"""Ten bits for each half: a guess at both halves is right once in a million."""

MUFFLED = str.maketrans("bdgvzn", "ptkfsm")
"""A telephone carries 300 to 3,400 Hz: voiced and voiceless twins, and m and n, arrive alike."""

SOUNDS = {
    "nl": (
        ("ij|y", "ei"),
        ("ou", "au"),
        ("c(?=[ei])", "s"),
        ("ch", "g"),
        ("c|q", "k"),
        ("x", "ks"),
        ("ph", "f"),
        ("th", "t"),
        ("ie", "i"),
    ),
    "en": (
        ("ph", "f"),
        ("sch", "sk"),
        ("ck|q", "k"),
        ("c(?=[eiy])", "s"),
        ("ch", "j"),
        ("c", "k"),
        ("x", "ks"),
        ("^kn", "n"),
        ("^wr", "r"),
        ("wh", "w"),
        ("ght", "t"),
        ("[ae]$", ""),
        ("([aeiouy])[aeiouy]*", r"\1"),
    ),
}
"""Spelling to sound, roughly: letters that are said alike in the language become one."""

TELLING_PARTS = re.compile(
    "baby|boy|cock|dood|erot|fuck|girl|hoer|jong|knuff|kut|lief|lolita|meid|meisj|paedo|pedo|penis|piem|porn|puber"
    "|rape|sex|slet|snoep|vagin|virgin|wapen|zelfmoord"
)

TELLING_WORDS = """
Each is innocent alone, and not on a telephone of this helpline. Children, family and school:
cradle doll domino kid kind kitten lamb larva minor nursery orphan playground puppy school sprout swing teddy toy twin
big buidel kalf kleuter klas knikker kuiken lam luier moeder pop puppet schommel spel spelen vader veulen wieg zus
bodies and closeness:
bare bath bone breast bush cuddle finger groom hand heart kiss lap lick lover moist mouth naked nut oral organ oyster
petal pipe pole rod rope rubber satin screw shaft soft stiff stroke suck swallow tender thong tight tongue touch velvet
warm wet bal ballen bed billen bol bout eikel gemaal hart hart kers knap kruis kussen mossel muts naad naakt nat noot
paal pijp pik poes pomp pot potlood pruim roede rukwind spleet stijf stok strak tepel tong verkeer vinger vlinder vogel
wortel zacht zak zoen
what a predator says or hides:
candid cellar charm dungeon gentle harmless hidden innocent private quiet secret shame silent special trust
braaf geheim grens kelder onschuld rustig schaamte stil trouw zolder
sweets and what stands for images in some circles:
banana butterfly candy cheese cherry chocolate cupcake honey jelly lollipop map melon pasta pizza popcorn spiral
syrup toffee triangle trade vanilla walnut banaan bonbon driehoek koekje lolly pannetje spiraal stroop taart vlaai
pictures and machines that hold them:
album camera cinema collection film frame image lens photo picture portrait screen shutter video
beeld bioscoop collectie foto portret prent scherm
violence, weapons and the police:
arrow badge belt blade bolt bomb bullet cage cell chain copper court crown cuff gun hammer hook knife mask noose poison
rocket siren spear switch sword torpedo trap whip witness
bijl boei cel ketting klap lont mes moord parket pijl rechtbank riem schop slag tralie zwaard
illness, drink and drugs:
acid bar beer coke crack crystal grass hemp heroin joint needle pill plaster powder tablet virus weed whisky wine
beer bier drank drugs gif gips naald pil poeder recept spuit tabak wiet wijn
belief and politics:
altar angel cross devil heaven hell mass parade party priest saint temple
altaar duivel engel hemel hel kamer kapel kerk links paus rechts zetel
what could be an answer instead of a word:
exact fine help hello right sure thanks wrong akkoord goed hallo help juist precies
"""
TAKEN_OUT = frozenset(re.findall("[a-z]+", TELLING_WORDS))


@pytest.fixture(params=sorted(LISTS))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def words(language: str) -> list[str]:
    return LISTS[language]


def test_every_language_that_a_code_can_name_has_its_words() -> None:
    assert sorted(LISTS) == sorted(LANGUAGES.values())


def test_the_lists_are_the_ones_that_codes_were_given_under(words: list[str], language: str) -> None:
    """A code names its words by where they stand: after any change its page says others than the envelope does.

    Who changes a list says so in the changelog, releases it when no talk stands, and writes the new digest here.
    """
    assert hashlib.sha256("\n".join(words).encode()).hexdigest() == FROZEN[language]


def test_a_stranger_cannot_guess_a_word(words: list[str]) -> None:
    assert len(words) >= ENOUGH


def test_every_word_is_short_lower_case_and_plain(words: list[str]) -> None:
    assert [word for word in words if not re.fullmatch("[a-z]{3,9}", word)] == []


def test_the_words_are_in_order_and_stand_there_once(words: list[str]) -> None:
    assert words == sorted(set(words))


def test_no_word_is_the_beginning_of_another(words: list[str]) -> None:
    assert [pair for pair in itertools.pairwise(sorted(words)) if pair[1].startswith(pair[0])] == []


def test_one_wrong_letter_never_makes_another_word(words: list[str]) -> None:
    assert list(near_pairs(words)) == []


def test_one_wrong_sound_on_a_bad_line_never_makes_another_word(words: list[str], language: str) -> None:
    assert list(near_pairs(heard(word, language=language) for word in words)) == []


def test_no_word_tells_what_the_talk_is_about(words: list[str]) -> None:
    assert [word for word in words if TELLING_PARTS.search(word) or word in TAKEN_OUT] == []


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [("metal", "medal", "en"), ("sail", "sale", "en"), ("peil", "pijl", "nl"), ("rauw", "rouw", "nl")],
)
def test_words_that_sound_alike_are_seen_as_alike(one: str, other: str, language: str) -> None:
    assert heard(one, language=language) == heard(other, language=language)


@pytest.mark.parametrize(("one", "other"), [("oak", "oar"), ("oak", "soak"), ("oak", "ok"), ("oak", "oak")])
def test_words_one_letter_apart_are_seen_as_near(one: str, other: str) -> None:
    assert list(near_pairs([one, other])) != []


def test_words_two_letters_apart_are_not_seen_as_near() -> None:
    assert list(near_pairs(["oak", "elm", "oaken"])) == []


def heard(word: str, *, language: str) -> str:
    """Return roughly what arrives of *word* over a bad telephone line."""
    for spelling, sound in SOUNDS[language]:
        word = re.sub(spelling, sound, word)
    return re.sub(r"(.)\1", r"\1", word.translate(MUFFLED))


def near_pairs(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each two of *words* that one letter changed, added or left out makes the same."""
    seen: dict[str, str] = {}
    for word in words:
        changed = {f"{word[:place]}?{word[place + 1 :]}" for place in range(len(word))}
        added = {f"{word[:place]}?{word[place:]}" for place in range(len(word) + 1)}
        for shape in changed | added:
            if shape in seen:
                yield seen[shape], word
            seen[shape] = word
