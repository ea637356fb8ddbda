"""What the views of one process share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from flask import current_app, g, request

from helpline.callbacks.desk import Desk, DeskKeys
from helpline.callbacks.form_token import issue_token
from helpline.settings.environment import VisitorsSettings
from helpline.store.engine import Sessions
from helpline.usage.counting import Counter
from helpline.web.frozen import SENTINEL
from helpline.web.visitors import FREEZING
from selfhelp.counting import Trail
from selfhelp.layout import Layout
from selfhelp.library import Library
from selfhelp.snapshot import Snapshot

NAME = "selfhelp"


@dataclass(slots=True, kw_only=True)
class Services:
    """Settings, texts, the store, the clock, and the newest snapshot, which alone ever changes."""

    settings: VisitorsSettings
    library: Library
    layout: Layout
    sessions: Sessions
    clock: Callable[[], datetime]
    count: Counter
    trail: Trail
    snapshot: Snapshot
    keys: DeskKeys = field(repr=False)

    @property
    def desk(self) -> Desk:
        """Return what booking needs, with the roster of the newest snapshot."""
        return Desk(
            programme=self.settings.programme,
            keys=self.keys,
            words=self.library.call_words,
            roster=self.snapshot.offer.roster,
        )

    def new_token(self) -> str:
        """Return a token for one form."""
        return issue_token(key=self.settings.form_key, now=self.clock())


def services() -> Services:
    """Return the services of the running site."""
    return cast("Services", current_app.extensions[NAME])


def language() -> str:
    """Return the language of this page."""
    return str(g.language)


def locale() -> str:
    """Return the locale of this page."""
    return services().library.words[language()].locale


def form_token() -> str:
    """Return the token of this page's forms; a page that is being frozen leaves the hole for it."""
    if "token" not in g:
        g.token = SENTINEL if request.environ.get(FREEZING) else services().new_token()
    return str(g.token)
