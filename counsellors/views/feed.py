"""Somebody's own calendar: an address that says when she is busy, as it stood at five, and nothing else."""

from flask import Blueprint, Response, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from counsellors.rendering import locale_of, see_other, show
from counsellors.services import now, services
from helpline.calendar_file import MIME_TYPE, Entry, calendar_file
from helpline.callbacks.busy_times import busy_blocks, forget_busy_blocks, frozen_at
from helpline.callbacks.tables import CounsellorId
from helpline.staff.audit import Deed, append
from helpline.staff.feeds import UnknownFeedError, switch_feed_off, switch_feed_on, whose_feed
from helpline.staff.permissions import Permission
from helpline.staff.tables import Act
from helpline.web.office_guard import needs, present

blueprint = Blueprint("feed", __name__)


@blueprint.get("/feed/<token>")
@needs(Permission.BY_ADDRESS)
def file(token: str) -> ResponseReturnValue:
    """Answer a calendar that asks with its address alone: no cookie is read, no session begins."""
    found = services()
    try:
        with found.office.read() as reading:
            member = whose_feed(reading, token, keys=found.door.keys)
    except UnknownFeedError:
        abort(404)
    with found.helpline.read() as reading:
        frozen = busy_blocks(reading, CounsellorId(member.id), now=now())
    stamp = frozen.frozen_at if frozen else frozen_at(now(), zone=found.programme.zone)
    with force_locale(locale_of(member.language)):
        words = gettext("Busy")
    entries = [Entry(starts_at, ends_at, words) for starts_at, ends_at in (frozen.blocks if frozen else ())]
    return Response(calendar_file(entries, stamp=stamp), content_type=f"{MIME_TYPE}; charset=utf-8")


@blueprint.post("/account/feed")
@needs(Permission.TAKE_TALKS)
def switch_on() -> ResponseReturnValue:
    """Make a new address and show it, once; the one before it leads nowhere from now on."""
    found, who = services(), present()
    with found.office.begin() as writing:
        token = switch_feed_on(writing, who.staff_id, keys=found.door.keys, now=now())
        append(writing, Deed(who.staff_id, Act.FEED_SWITCHED_ON), now=now(), zone=found.programme.zone)
    return show("account/feed.html", address=url_for("feed.file", token=token, _external=True))


@blueprint.post("/account/feed/off")
@needs(Permission.TAKE_TALKS)
def switch_off() -> ResponseReturnValue:
    """Take the address back, and forget what it would have said today."""
    found, who = services(), present()
    with found.office.begin() as writing:
        switch_feed_off(writing, who.staff_id)
        append(writing, Deed(who.staff_id, Act.FEED_SWITCHED_OFF), now=now(), zone=found.programme.zone)
    with found.helpline.begin() as writing:
        forget_busy_blocks(writing, CounsellorId(who.staff_id))
    return see_other(url_for("account.see"), say=gettext("The address of your calendar leads nowhere any more."))
