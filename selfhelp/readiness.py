"""What must be true before real visitors come."""

from datetime import datetime

from helpline.programme.signposts import unconfirmed
from helpline.settings.environment import VisitorsSettings
from helpline.settings.faults import Faults
from selfhelp.library import Library

NEVER_UNSIGNED = "12/1"
"""The first screen for whom the police came. Besides it: every page where somebody may be suicidal (crisis, safety
plans), where a wrong word can cost a life, and the pages without a number (confidentiality, what we keep), which every
other page leads to. Any other page that is not signed leads to the talk page instead."""


def check_ready(settings: VisitorsSettings, *, library: Library, now: datetime) -> None:
    """Go on if this is a demo, or if its numbers were rung of late and its weightiest words are signed.

    Raises:
        SettingsError: with everything that is missing.
    """
    if settings.is_demo:
        return
    faults = Faults()
    for name in unconfirmed(library.pack, now=now):
        faults.add(
            f"the number of {name} in the jurisdiction {library.pack.code} was not confirmed in the last 180 days"
        )
    if not library.pack.is_signed and not settings.programme.show_unsigned:
        faults.add(f"the lines on confidentiality in the jurisdiction {library.pack.code} are not signed")
    for (language, place), page in library.pages.items():
        weighs_most = page.is_quiet or place == NEVER_UNSIGNED or "/" not in place
        if weighs_most and not page.is_signed and not settings.programme.show_unsigned:
            faults.add(f"the page {place} in {language} is not signed")
    faults.finish()
