"""The front door: `gunicorn 'app:visitors()'`, `gunicorn 'app:back_office()'`, `python app.py <chore>`. Wiring only."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpline.web.office import OfficeSite
    from helpline.web.visitors import VisitorsSite

PRIVATE_FILES = 0o007
"""What a process makes is its user's and its group's, nobody else's."""


def visitors() -> "VisitorsSite":
    """Return the visitors' site, made in the worker that calls: its thread and its counters are this process's own.

    Raises:
        SettingsError: something that it needs is missing.
    """
    from helpline.settings.environment import visitors_settings
    from helpline.usage.codebook_reading import read_codebook
    from helpline.usage.counting import Counters
    from selfhelp.counting import PebbleTrail
    from selfhelp.site import create_app

    os.umask(PRIVATE_FILES)
    settings = visitors_settings()
    counters = Counters.open(settings.run_dir, read_codebook(settings.programme))
    site = create_app(settings, count=counters.count, trail=PebbleTrail(counters, key=settings.form_key))
    site.keep_fresh()
    return site


def back_office() -> "OfficeSite":
    """Return the back office, made in the worker that calls.

    Raises:
        SettingsError: something that it needs is missing.
    """
    from counsellors.site import create_app
    from helpline.settings.environment import office_settings
    from helpline.usage.codebook_reading import read_codebook
    from helpline.usage.counting import Counters

    os.umask(PRIVATE_FILES)
    settings = office_settings()
    counters = Counters.open(settings.run_dir, read_codebook(settings.programme))
    return create_app(settings, count=counters.count)


if __name__ == "__main__":
    from helpline.chores import main

    main()
