"""Help now, what everybody asks, and the pages about us: what we keep, staying private, who we are, accessibility."""

from flask import Blueprint, Response

from helpline.programme.signposts import Way
from selfhelp.kept_words import kept_tables
from selfhelp.services import language, services
from selfhelp.views.rendering import show, text_of

blueprint = Blueprint("about", __name__)

WITHOUT_A_VOICE = {Way.CHAT, Way.RELAY}
"""Ways for somebody who cannot speak out loud and needs an answer now."""


@blueprint.get("/<lang:lang>/now")
def now() -> Response:
    """Show who can be reached at this hour, and when somebody can talk today."""
    snapshot = services().snapshot
    times = snapshot.times(language())
    others = snapshot.others(language())
    return show(
        "about/now.html",
        text=text_of("now"),
        today=snapshot.times_today(language()),
        next_time=times[0] if times else None,
        open_now=[place for place in others if place.is_open],
        rest=[place for place in others if not place.is_open],
        quiet=[place for place in snapshot.places[language()] if not WITHOUT_A_VOICE.isdisjoint(place.signpost.ways)],
        elsewhere=[(names[language()], it[language()]) for names, it in snapshot.elsewhere],
    )


@blueprint.get("/<lang:lang>/kept")
def kept() -> Response:
    """Show what we keep, in a few words."""
    return show("about/kept.html", text=text_of("kept"))


@blueprint.get("/<lang:lang>/kept/2")
def kept_list() -> Response:
    """Show all that we keep, as the columns of the stores declare it: a page of its own, for pages have a size."""
    return show("about/kept_list.html", text=text_of("kept"), tables=kept_tables(services().library.kept))


@blueprint.get("/<lang:lang>/private")
def private() -> Response:
    """Show how to stay private on this device, and what we cannot erase."""
    return show("about/text.html", text=text_of("private"))


@blueprint.get("/<lang:lang>/asked")
def asked() -> Response:
    """Show what everybody asks, with the agreed answers where there are any."""
    return show("about/text.html", text=text_of("asked"))


@blueprint.get("/<lang:lang>/who")
def who() -> Response:
    """Show who is behind the helpline."""
    return show("about/who.html", text=text_of("who"), about=services().settings.programme.about)


@blueprint.get("/<lang:lang>/why")
def why() -> Response:
    """Show why we keep so little, for the public and for parliament: each figure with its source."""
    return show("about/text.html", text=text_of("why"))


@blueprint.get("/<lang:lang>/access")
def access() -> Response:
    """Show the accessibility statement."""
    return show("about/text.html", text=text_of("access"))
