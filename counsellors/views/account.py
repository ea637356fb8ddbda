"""One's own account: the language, and a new passphrase."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from counsellors.forms.account import LanguageForm, PassphraseForm
from counsellors.rendering import FIELDS_TO_FILL, language, see_other, show, tongues
from counsellors.services import now, services
from counsellors.unlocking import PassphraseNeededError, keys_by_passphrase
from helpline.codes import words_of
from helpline.staff.accounts import draw_passphrase, find_member
from helpline.staff.audit import Deed, append
from helpline.staff.feeds import has_feed
from helpline.staff.permissions import Permission
from helpline.staff.sessions import close_others
from helpline.staff.tables import Act
from helpline.web.office_guard import needs, present

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@needs(Permission.OWN_ACCOUNT)
def see() -> ResponseReturnValue:
    """Show the account."""
    return _page(status=FIELDS_TO_FILL)


@blueprint.post("/account/language")
@needs(Permission.OWN_ACCOUNT)
def choose_language() -> ResponseReturnValue:
    """Show every page in another language from now on."""
    form, found = LanguageForm(), services()
    if form.language.data not in found.programme.languages:
        return _page(status=422)
    with found.office.begin() as writing:
        find_member(writing, present().staff_id).language = form.language.data
    return see_other(url_for("account.see"))


@blueprint.post("/account/passphrase")
@needs(Permission.OWN_ACCOUNT)
def draw() -> ResponseReturnValue:
    """Draw a new passphrase, show it once, and end every other session of the same person.

    The present one is always asked for: whoever finds a computer unlocked must not lock its person out.
    """
    form, found, who = PassphraseForm(), services(), present()
    try:
        private = keys_by_passphrase(form.passphrase.data)
    except PassphraseNeededError as needed:
        return _page(status=needed.status, fault=needed.why)
    with found.office.begin() as writing:
        member = find_member(writing, who.staff_id)
        passphrase = draw_passphrase(member, private, door=found.door, words=words_of(language()))
        close_others(writing, who)
        append(writing, Deed(who.staff_id, Act.LOGIN_RENEWED), now=now(), zone=found.programme.zone)
    return show("account/drawn.html", passphrase=passphrase)


def _page(*, status: int, fault: str | None = None) -> Response:
    with services().office.read() as reading:
        is_on = has_feed(reading, present().staff_id)
    return show(
        "account/account.html",
        status=status,
        form=PassphraseForm(formdata=None),
        languages=tongues(),
        has_feed=is_on,
        fault=fault,
    )
