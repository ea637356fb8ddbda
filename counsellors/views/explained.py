"""What is counted and what is not, and what figures could say of a programme of that size."""

import math

from flask import Blueprint
from flask.typing import ResponseReturnValue

from counsellors.counted import price_words
from counsellors.forms.volumes import VolumesForm
from counsellors.rendering import FIELDS_TO_FILL, show
from counsellors.services import services
from helpline.staff.permissions import Permission
from helpline.usage.codebook import Table
from helpline.usage.volumes import expected
from helpline.web.office_guard import needs

blueprint = Blueprint("explained", __name__)


@blueprint.get("/counts/definitions")
@needs(Permission.EXPORT_COUNTS)
def definitions() -> ResponseReturnValue:
    """Show every table with its cells, its price and its margin."""
    tables = [
        (table, expected(table, yearly=0), price_words(table.epsilon), _factor(table))
        for table in services().texts.codebook.tables
    ]
    return show("counts/definitions.html", tables=tables)


@blueprint.get("/counts/margins")
@needs(Permission.EXPORT_COUNTS)
def margins() -> ResponseReturnValue:
    """Show the form for yearly volumes."""
    return show("counts/margins.html", status=FIELDS_TO_FILL, form=VolumesForm(), expected=())


@blueprint.post("/counts/margins")
@needs(Permission.EXPORT_COUNTS)
def reckon() -> ResponseReturnValue:
    """Show what each table would say of such a year. Nothing is kept, so the answer is the page itself."""
    form = VolumesForm()
    volumes = form.volumes()
    if volumes is None:
        return show("counts/margins.html", status=422, form=form, expected=())
    found = [expected(table, yearly=volumes[table.unit.value]) for table in services().texts.codebook.tables]
    return show("counts/margins.html", status=FIELDS_TO_FILL, form=form, expected=found)


def _factor(table: Table) -> float:
    """Return by how much one unit more changes the chance of a table's figures, at most."""
    return math.exp(table.epsilon * table.sensitivity)
