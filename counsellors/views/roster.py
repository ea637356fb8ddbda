"""Who may open envelopes: how the roster stands, what would change, and the button that signs it."""

import base64

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from werkzeug.wrappers import Response

from counsellors.forms.account import PassphraseForm
from counsellors.leaving import forget_leavers
from counsellors.rendering import FIELDS_TO_FILL, moment_words, see_other, show
from counsellors.services import now, services
from counsellors.unlocking import PassphraseNeededError, keys_in_hand
from helpline.staff.accounts import find_member, fingerprint, members
from helpline.staff.permissions import Permission
from helpline.staff.roster_keeping import Signer, sign_roster, standing
from helpline.staff.signing import CannotSignError
from helpline.web.office_guard import needs, present

blueprint = Blueprint("roster", __name__)


@blueprint.get("/roster")
@needs(Permission.SIGN_ROSTER)
def see() -> ResponseReturnValue:
    """Show who may open, until when, and what signing would change."""
    return _page(status=FIELDS_TO_FILL)


@blueprint.post("/roster")
@needs(Permission.SIGN_ROSTER)
def sign() -> ResponseReturnValue:
    """Sign the roster as the page showed it."""
    try:
        private = keys_in_hand(PassphraseForm().passphrase.data)
        roster = sign_roster(services().registry, signer=Signer(present().staff_id, private), now=now())
    except PassphraseNeededError as needed:
        return _page(status=needed.status, fault=needed.why)
    except CannotSignError:
        why = gettext("The visitors' site does not know your key yet. The administrator must add it first.")
        return _page(status=422, fault=why)
    forget_leavers()
    until = moment_words(roster.valid_until)
    return see_other(url_for("roster.see"), say=gettext("The roster is signed until %(until)s.", until=until))


def _page(*, status: int, fault: str | None = None) -> Response:
    found = services()
    stands = standing(found.registry, now=now())
    with found.office.read() as reading:
        names = {member.id: member.shown_name for member in members(reading)}
        verify_key = find_member(reading, present().staff_id).verify_key or b""
    readers = stands.in_force.readers if stands.in_force else ()
    return show(
        "roster/roster.html",
        status=status,
        stands=stands,
        names=names,
        fingerprints={reader.counsellor_id: fingerprint(reader.public_key) for reader in readers},
        is_known=verify_key in found.settings.roster_verify_keys,
        verify_key=base64.b64encode(verify_key).decode(),
        form=PassphraseForm(formdata=None),
        fault=fault,
    )
