"""What makes a module whole: an aim, a question, exercises, one plan, an end; the harm named once."""

from collections.abc import Iterator
from functools import partial

from helpline.programme.fields import Kind
from helpline.programme.lint import names_harm
from helpline.programme.paths import Path, Paths
from helpline.programme.rules import Rules, RulesBook

ASK_WHAT_HAPPENED = (3, 4, 5)
"""These open with a line for people whom the police came for, and say it where something is written (content.md)."""

ENDS_WITH = ("talk", "now")
"""The last page leads to a person."""

PROMISES, POLICE = "{confidentiality}", "{police_involved}"


def path_faults(paths: Paths, *, rules: RulesBook) -> list[str]:
    """Return what breaks a rule in *paths*, one sentence each; nothing when all is well."""
    faults = (
        (language, number, fault)
        for (language, number), path in paths.items()
        for rule in (_form_faults, _module_faults, partial(_harm_faults, rules=rules.get(language)), _police_faults)
        for fault in rule(path)
    )
    return [f"{language}/{number}: {fault}" for language, number, fault in faults]


def _form_faults(path: Path) -> Iterator[str]:
    """Yield what is wrong with a path on which something is asked."""
    if not path.asks:
        return
    ids = [field.id for field in path.fields]
    if len(set(ids)) < len(ids):
        yield "two fields of the path have the same id"
    if path.beyond(path.last_asking) is None:
        yield "the path ends with a field: there is no page after it"
    if not any(PROMISES in path.pages[it].markdown for it in path.numbers if it <= path.first_asking):
        yield f"no {PROMISES} before the first field"
    for number in path.numbers[:-1]:
        page, onward = path.pages[number], path.beyond(number)
        if page.next is None or page.next.to != f"{path.number}/{onward}":
            yield f"page {number} does not lead to page {onward}"


def _module_faults(path: Path) -> Iterator[str]:
    """Yield what a module lacks."""
    pages = [path.pages[number] for number in path.numbers]
    if any(page.minutes is not None for page in pages[1:]):
        yield "minutes stand on the first page of a module only"
    if not path.is_module:
        return
    if pages[0].fields or not path.asks:
        yield "a module begins with a page without fields, and asks something later"
    plans = [number for number in path.numbers for field in path.pages[number].fields if field.kind is Kind.PLAN]
    if plans != [path.last_asking]:
        yield "a module has one field of the kind plan, on its last page with fields"
    if pages[-1].next is None or pages[-1].next.to not in ENDS_WITH:
        yield f"the last page does not lead to {' or '.join(ENDS_WITH)}"


def _harm_faults(path: Path, *, rules: Rules | None) -> Iterator[str]:
    """Yield what is wrong where a module says what harms a child; a language without *rules* is not read."""
    pages = [path.pages[number] for number in path.numbers]
    if rules is None or not path.is_module:
        return
    naming = [page.place for page in pages if names_harm(page, rules=rules)]
    if len(naming) != 1 and not path.is_quiet:
        yield f"{len(naming)} pages of the module name the child's harm, not one: {', '.join(naming)}"


def _police_faults(path: Path) -> Iterator[str]:
    if path.number not in ASK_WHAT_HAPPENED:
        return
    for number in path.numbers:
        page = path.pages[number]
        is_needed = number == path.numbers[0] or any(field.is_typed for field in page.fields)
        if is_needed and POLICE not in page.markdown:
            yield f"no {POLICE} on page {number}"
