"""html-validate over every page of both sites."""

import json
from collections.abc import Sequence
from pathlib import Path

from audit.line import Line
from audit.node import FOLDER, MODULES, said_by
from audit.pages import OFFICE, VISITORS, Page, every_page
from tests.support.running import House

TOOL = "html-validate"
SCRIPT = MODULES / "html-validate" / "bin" / "html-validate.mjs"
RULES = {VISITORS: FOLDER / "rules" / "visitors.mjs", OFFICE: FOLDER / "rules" / "both.mjs"}


def validated(house: House, *, home: Path) -> list[Line]:
    """Return a line for each site of *house*."""
    pages = every_page(house)
    return [_line(site, [page for page in pages if page.site == site], home=home) for site in RULES]


def _line(site: str, pages: Sequence[Page], *, home: Path) -> Line:
    names = _written(pages, to=home / "pages" / site.replace(" ", "-"))
    arguments = ["--config", str(RULES[site]), "--formatter", "json", *map(str, names)]
    places = dict[str, list[str]]()
    for file in json.loads(said_by(SCRIPT, arguments, home=home)):
        for it in file["messages"]:
            place = f"{names[Path(file['filePath'])]}, line {it['line']}"
            places.setdefault(f"{it['message']} ({it['ruleId']})", []).append(place)
    findings = tuple(f"{words}: {len(found)} times, first at {found[0]}" for words, found in places.items())
    reached = f"{sum(map(len, places.values()))} findings"
    return Line(TOOL, f"{site}, {len(pages)} pages", reached, "0 findings", bool(findings), findings)


def _written(pages: Sequence[Page], *, to: Path) -> dict[Path, str]:
    """Write *pages* to the folder *to*, and return what each file is."""
    to.mkdir(parents=True)
    names = {to / f"{number:03}.html": page for number, page in enumerate(pages)}
    for path, page in names.items():
        path.write_text(page.body, encoding="utf-8")
    return {path: page.name for path, page in names.items()}
