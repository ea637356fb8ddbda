"""The staff: who is here, somebody new, somebody who leaves."""

import base64

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from segno import make_qr
from werkzeug.wrappers import Response

from counsellors.forms.account import PassphraseForm
from counsellors.forms.staff import ROLES, MemberForm
from counsellors.leaving import forget_leavers
from counsellors.rendering import FIELDS_TO_FILL, language, see_other, show, tongues
from counsellors.services import now, services, today
from counsellors.talks import talks_that_need
from counsellors.unlocking import PassphraseNeededError, keys_in_hand
from helpline.callbacks.rota_keeping import AliasTakenError, add_counsellor, check_alias
from helpline.callbacks.tables import CounsellorId
from helpline.codes import words_of
from helpline.staff.accounts import (
    Issued,
    NameTakenError,
    NewMember,
    UnknownMemberError,
    add_member,
    deactivate,
    find_member,
    fingerprint,
    issue,
    members,
)
from helpline.staff.audit import Deed, append
from helpline.staff.factors import address_for_telephones
from helpline.staff.permissions import Permission, Role, opens_envelopes
from helpline.staff.roster_keeping import Signer, sign_roster
from helpline.staff.signing import CannotSignError
from helpline.staff.tables import Act, Member, StaffId
from helpline.web.office_guard import needs, present

blueprint = Blueprint("staff", __name__)


@blueprint.get("/staff")
@needs(Permission.KEEP_STAFF)
def see() -> ResponseReturnValue:
    """Show everybody who has or had an account."""
    with services().office.read() as reading:
        everybody = members(reading)
    return show("staff/staff.html", everybody=everybody, fingerprints=_fingerprints(everybody))


@blueprint.get("/staff/new")
@needs(Permission.KEEP_STAFF)
def ask() -> ResponseReturnValue:
    """Show the form for a new colleague."""
    form = MemberForm(language=language(), spoken=list(services().programme.languages))
    return _new(form, status=FIELDS_TO_FILL)


@blueprint.post("/staff")
@needs(Permission.KEEP_STAFF)
def add() -> ResponseReturnValue:
    """Make an account and show what it is given, once."""
    form = MemberForm()
    if not form.validate():
        return _new(form, status=422)
    issued = issue(_new_member(form), door=services().door, words=words_of(_language(form)), today=today())
    try:
        _store(issued, form)
    except NameTakenError:
        form.name.errors = [gettext("Somebody signs in with this name, or did. Choose another one.")]
        return _new(form, status=422)
    except AliasTakenError:
        form.alias.errors = [gettext("Visitors hear this name for somebody else. Choose another one.")]
        return _new(form, status=422)
    return _issued(issued)


@blueprint.get("/staff/<staff_id>/leave")
@needs(Permission.KEEP_STAFF)
def ask_to_leave(staff_id: str) -> ResponseReturnValue:
    """Show what ends when somebody leaves."""
    return _leaving(_colleague(staff_id), status=FIELDS_TO_FILL)


@blueprint.post("/staff/<staff_id>/leave")
@needs(Permission.KEEP_STAFF)
def leave(staff_id: str) -> ResponseReturnValue:
    """End an account, sign the roster without it and destroy the envelopes sealed to it: in this order, at once."""
    found, who, member = services(), present(), _colleague(staff_id)
    try:
        private = keys_in_hand(PassphraseForm().passphrase.data)
    except PassphraseNeededError as needed:
        return _leaving(member, status=needed.status, fault=needed.why)
    with found.office.begin() as writing:
        deactivate(writing, member.id, by=who.staff_id)
        deed = Deed(who.staff_id, Act.MEMBER_DEACTIVATED, about=member.id)
        append(writing, deed, now=now(), zone=found.programme.zone)
    forget_leavers()
    try:
        sign_roster(found.registry, signer=Signer(who.staff_id, private), now=now())
    except CannotSignError:
        said = gettext(
            "%(name)s can no longer sign in. Somebody else must sign the roster now.", name=member.shown_name
        )
    else:
        said = gettext("%(name)s can no longer sign in or open a talk.", name=member.shown_name)
    return see_other(url_for("staff.see"), say=said)


def _new(form: MemberForm, *, status: int) -> Response:
    return show("staff/new.html", status=status, form=form, roles=ROLES, languages=tongues())


def _new_member(form: MemberForm) -> NewMember:
    return NewMember(
        name=form.name.data or "",
        shown_name=(form.shown_name.data or "").strip(),
        role=_role(form),
        language=_language(form),
        stands_in=bool(form.stands_in.data),
    )


def _role(form: MemberForm) -> Role:
    return Role(form.role.data) if form.role.data in set(Role) else Role.COUNSELLOR


def _language(form: MemberForm) -> str:
    languages = services().programme.languages
    return str(form.language.data) if form.language.data in languages else languages[0]


def _store(issued: Issued, form: MemberForm) -> None:
    """Store the account, then the counsellor of the rota under the same id.

    Raises:
        NameTakenError: somebody signs in with that name.
        AliasTakenError: visitors hear that name for somebody else.
    """
    found, who = services(), present()
    talks = opens_envelopes(issued.member.role)
    alias = (form.alias.data or "").strip() or issued.member.shown_name
    if talks:
        with found.helpline.read() as reading:
            check_alias(reading, alias)
    with found.office.begin() as writing:
        add_member(writing, issued, door=found.door)
        deed = Deed(who.staff_id, Act.MEMBER_ADDED, about=issued.member.id)
        append(writing, deed, now=now(), zone=found.programme.zone)
    if talks:
        spoken = [it for it in found.programme.languages if it in (form.spoken.data or ())]
        with found.helpline.begin() as writing:
            add_counsellor(
                writing,
                CounsellorId(issued.member.id),
                alias=alias,
                languages=spoken or [issued.member.language],
                youth=bool(form.youth.data),
            )


def _issued(issued: Issued) -> Response:
    """Show what a new account is given: the only time that anybody sees it."""
    address = address_for_telephones(issued.factor, name=issued.member.name, issuer=services().programme.name)
    groups = [issued.factor[start : start + 4] for start in range(0, len(issued.factor), 4)]
    verify_key = issued.member.verify_key
    return show(
        "staff/issued.html",
        issued=issued,
        picture=make_qr(address).png_data_uri(scale=5, border=3),
        factor=" ".join(groups),
        fingerprint=fingerprint(issued.member.public_key) if issued.member.public_key else None,
        verify_key=base64.b64encode(verify_key).decode() if verify_key else None,
    )


def _colleague(staff_id: str) -> Member:
    """Return somebody else who has an account, or end the request: nobody ends her own."""
    with services().office.read() as reading:
        try:
            member = find_member(reading, staff_id)
        except UnknownMemberError:
            abort(404)
    if member.id == present().staff_id:
        abort(404)
    return member


def _leaving(member: Member, *, status: int, fault: str | None = None) -> Response:
    return show(
        "staff/leave.html",
        status=status,
        member=member,
        talks=talks_that_need(member.id),
        form=PassphraseForm(formdata=None),
        fault=fault,
    )


def _fingerprints(everybody: list[Member]) -> dict[StaffId, str]:
    return {member.id: fingerprint(member.public_key) for member in everybody if member.public_key}
