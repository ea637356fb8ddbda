"""What editors ask of the texts: how they stand, and what is wrong with them."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from helpline.languages import CONTENT, languages_in
from helpline.programme.checking import Standing, content_faults, standings
from helpline.programme.packs import load_packs
from helpline.programme.pages import load_pages
from helpline.programme.reading import ContentError
from helpline.programme.rules import load_rules

JURISDICTIONS = Path(__file__).parents[2] / "jurisdictions"

texts = click.option("--texts", type=click.Path(path_type=Path, exists=True), default=CONTENT, help="Another folder.")
packs = click.option(
    "--packs", type=click.Path(path_type=Path, exists=True), default=JURISDICTIONS, help="Another folder."
)


@click.group()
def content() -> None:
    """Look after texts and signposts."""


@content.command()
@texts
@packs
def check(*, texts: Path, packs: Path) -> None:
    """Say everything that is wrong with texts and packs; exit 1 if anything is."""
    faults = content_faults(texts, jurisdictions=packs, languages=languages_in(texts), now=datetime.now(UTC))
    for fault in faults:
        click.echo(fault)
    click.echo(f"{len(faults)} faults")
    sys.exit(1 if faults else 0)


@content.command()
@texts
@packs
def status(*, texts: Path, packs: Path) -> None:
    """Print each page in each language, what has to be done for it, and the numbers that nobody confirmed."""
    now, languages = datetime.now(UTC), languages_in(texts)
    try:
        pages, rules = load_pages(texts, languages=languages), load_rules(texts, languages=languages)
        found = load_packs(packs, languages=languages)
    except ContentError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    lines = standings(pages, rules=rules, today=now.date())
    click.echo("page      lang  level  words  minutes  words/sentence  ease  fields  to do")
    for line in lines:
        click.echo(_line(line))
    for pack in found.values():
        waiting = [signpost.id for signpost in pack.signposts if not signpost.is_confirmed(now=now)]
        click.echo(f"jurisdiction {pack.code}: {len(waiting)} of {len(pack.signposts)} numbers to confirm")
    click.echo(_sum(lines))


def _line(line: Standing) -> str:
    to_do = [f"sign: {', '.join(line.unsigned)}"] if line.unsigned else []
    to_do += ["review"] if line.is_overdue else []
    to_do += ["compare the languages"] if line.is_out_of_step else []
    return (
        f"{line.place:<9} {line.language:<5} {line.level:<6} {line.words:>5}  {line.minutes:>7.1f}  "
        f"{line.mean:>14.1f}  {line.ease:>4.0f}  {line.fields:>6}  {'; '.join(to_do)}"
    )


def _sum(lines: list[Standing]) -> str:
    unsigned = sum(bool(line.unsigned) for line in lines)
    overdue = sum(line.is_overdue for line in lines)
    apart = sum(line.is_out_of_step for line in lines)
    return (
        f"{len(lines)} texts, {sum(line.words for line in lines)} words: "
        f"{unsigned} unsigned, {overdue} overdue for review, {apart} with languages out of step"
    )
