"""Texts that are not whole stop the start, with everything that is wrong."""

from pathlib import Path

import pytest

from helpline.programme.pages import Page, Pages, Signature, address, load_pages
from helpline.programme.reading import ContentError

FRONT = 'title = "{title}"\nheading = "Heading"\nlevel = "A2"\nsigned = []\nreview_due = "2027-05-01"\n'
SIGNATURE = 'role = "{role}"\nname = "a lawyer"\ndate = "2026-11-22"\nversion = "1"\n'


def write(root: Path, *, place: str, front: str = FRONT, body: str = "Read this.\n") -> None:
    path = root / f"{place}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"+++\n{front.replace('{title}', place)}+++\n{body}", encoding="utf-8")


def write_both(root: Path, *, place: str, front: str = FRONT, body: str = "Read this.\n") -> None:
    for language in ("en", "nl"):
        write(root / language, place=place, front=front, body=body)


def load(root: Path) -> Pages:
    return load_pages(root, languages=("en", "nl"))


def faults_of(root: Path) -> tuple[str, ...]:
    with pytest.raises(ContentError) as caught:
        load(root)
    return caught.value.faults


def test_a_file_becomes_a_page_under_its_numbers(tmp_path: Path) -> None:
    write_both(tmp_path, place="07-things/3-more", body="Ring {helpline}.\n")

    page = load(tmp_path)["en", "7/3"]

    assert page.address == "/en/read/7/3"
    assert page.html == "<p>Ring {helpline}.</p>\n"
    assert page.review_due is not None
    assert page.links == ()


@pytest.mark.parametrize(
    ("place", "wanted"),
    [("home", "/nl/"), ("talk", "/nl/talk/"), ("now", "/nl/now"), ("0/2", "/nl/read/0/2")],
)
def test_addresses_are_neutral_and_short(place: str, wanted: str) -> None:
    assert address(place, language="nl") == wanted


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path / "en", place="site/only")
    write_both(tmp_path, place="site/level", front=FRONT.replace("A2", "C1"))
    write_both(tmp_path, place="site/braces", body="Ring {nobody}.\n")

    faults = faults_of(tmp_path)

    assert "only does not exist in every language" in faults
    assert "en/site/level.md.level must be A2 or B1" in faults
    assert "nl/site/level.md.level must be A2 or B1" in faults
    assert "en/site/braces.md: {nobody} is not a placeholder here" in faults


@pytest.mark.parametrize(
    ("front", "wanted"),
    [
        ('[next]\nto = "9/9"\nlabel = "Go"\n', ".next.to must be a page that exists, not '9/9'"),
        ("mystery = 1\n", ".mystery must be left out: nothing reads it"),
        ('[snippets]\na = ["{nobody}"]\n', ": {nobody} is not a placeholder here"),
        ('[[after]]\nto = "a"\nlabel = "Ring {helpline}"\n', ": {helpline} is not a placeholder here"),
        ('[[signed]]\nrole = "somebody"\nname = "x"\ndate = "x"\nversion = "1"\n', "role must be one of clinician"),
        (
            2 * '[[field]]\nid = "a"\nkind = "text"\nlabel = "A"\n',
            ".field must be without an id twice",
        ),
        ("shows_today = 3\n", ".shows_today must be true or false"),
    ],
)
def test_front_matter_that_is_wrong_is_a_fault(tmp_path: Path, front: str, wanted: str) -> None:
    write_both(tmp_path, place="site/a", front=FRONT.replace("signed = []\n", "") + front)

    assert any(f"en/site/a.md{wanted}" in fault or wanted in fault for fault in faults_of(tmp_path))


@pytest.mark.parametrize("text", ["", "+++\ntitle = 1\n", "Words first\n+++\n+++\n"])
def test_a_text_without_front_matter_is_a_fault(tmp_path: Path, text: str) -> None:
    write_both(tmp_path, place="site/a")
    (tmp_path / "en/site/a.md").write_text(text, encoding="utf-8")

    assert "en/site/a.md must begin with front matter between two lines of +++" in faults_of(tmp_path)


def test_a_file_that_is_no_text_or_no_toml_is_a_fault(tmp_path: Path) -> None:
    write_both(tmp_path, place="site/a")
    (tmp_path / "en/site/a.md").write_bytes(b"\xff")
    write_both(tmp_path, place="site/b", front="= =\n")

    faults = faults_of(tmp_path)

    assert "en/site/a.md cannot be read: UnicodeDecodeError" in faults
    assert any(fault.startswith("nl/site/b.md cannot be read: ") for fault in faults)


@pytest.mark.parametrize("date", ["soon", "2027-13-01"])
def test_a_date_that_is_none_is_a_fault(tmp_path: Path, date: str) -> None:
    write_both(tmp_path, place="site/a", front=FRONT.replace("2027-05-01", date))

    assert 'en/site/a.md.review_due must be a date as "2026-01-31"' in faults_of(tmp_path)


def test_a_name_that_gives_no_place_is_a_fault(tmp_path: Path) -> None:
    write_both(tmp_path, place="7-things/3-more")
    write_both(tmp_path, place="08-things/3-more")
    write_both(tmp_path, place="08-other/3-more")

    faults = faults_of(tmp_path)

    assert "en/7-things/3-more.md has a name that gives no place of its own" in faults
    assert "en/08-things/3-more.md has a name that gives no place of its own" in faults


def test_languages_that_differ_in_placeholders_or_fields_are_a_fault(tmp_path: Path) -> None:
    field = '[[field]]\nid = "a"\nkind = "text"\nlabel = "A"\n'
    write(tmp_path / "en", place="site/a", body="Ring {helpline}.\n")
    write(tmp_path / "nl", place="site/a", body="Bel {emergency}.\n")
    write(tmp_path / "en", place="site/b", front=FRONT + field)
    write(tmp_path / "nl", place="site/b", front=FRONT + field.replace('"a"', '"b"'))

    differs = "differs between the languages in fields, links, placeholders, snippets or signposts"
    assert faults_of(tmp_path) == (f"a {differs}", f"b {differs}")


def test_two_pages_with_one_title_are_a_fault(tmp_path: Path) -> None:
    write_both(tmp_path, place="site/a", front=FRONT.replace("{title}", "Same"))
    write_both(tmp_path, place="site/b", front=FRONT.replace("{title}", "Same"))

    assert faults_of(tmp_path) == ("2 pages in en have the title 'Same'", "2 pages in nl have the title 'Same'")


def test_a_page_is_whole_when_all_four_signed(tmp_path: Path) -> None:
    roles = ("clinician", "survivors", "lawyer", "experience")
    signatures = "".join("[[signed]]\n" + SIGNATURE.replace("{role}", role) for role in roles)
    write_both(tmp_path, place="site/a", front=FRONT.replace("signed = []\n", "") + signatures)

    page = load(tmp_path)["en", "a"]

    assert page.is_signed
    assert page.signed[0] == Signature("clinician", "a lawyer", signed_on="2026-11-22", version="1")


def test_every_link_of_a_page_is_listed(pages: Pages) -> None:
    home: Page = pages["en", "home"]

    assert [link.to for link in home.links][:2] == ["11/1", "20/1"]
    assert all(link.address.startswith("/en/") for link in home.links)


def test_sources_come_with_who_they_are_about(pages: Pages) -> None:
    (source,) = pages["en", "0/2"].sources

    assert source.claim in pages["en", "0/2"].markdown
    assert source.population
