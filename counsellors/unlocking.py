"""Private keys for one request: those in hand, or those that a passphrase typed just now unwraps."""

from flask_babel import gettext

from counsellors.services import now, services
from helpline.staff.accounts import PrivateKeys
from helpline.staff.keys import NoSeatError
from helpline.staff.sessions import KeysDroppedError, SessionOverError, private_keys
from helpline.staff.sign_in import SignInRefusedError, regain_keys
from helpline.staff.tries import SlowedError
from helpline.web.office_guard import present, token


class PassphraseNeededError(Exception):
    """The keys are not in hand: show the form again with a field for the passphrase, and say ``why``."""

    def __init__(self, why: str, *, status: int) -> None:
        """Keep the words for the page and its *status*."""
        super().__init__("a passphrase is needed")
        self.why = why
        self.status = status


def keys_in_hand(passphrase: str | None) -> PrivateKeys:
    """Return the private keys of who is signed in, with *passphrase* where the session has dropped them.

    Raises:
        PassphraseNeededError: it has, and the passphrase is missing or wrong.
    """
    found = services()
    try:
        with found.office.read() as session:
            return private_keys(session, token(), keys=found.door.keys, now=now())
    except (KeysDroppedError, SessionOverError):
        return keys_by_passphrase(passphrase)


def keys_by_passphrase(passphrase: str | None) -> PrivateKeys:
    """Return the private keys of who is signed in, none where there are none, for *passphrase*, in hand or not.

    Raises:
        PassphraseNeededError: it is missing or wrong.
    """
    if not passphrase:
        raise PassphraseNeededError(gettext("Fill in your passphrase."), status=422)
    found = services()
    try:
        return regain_keys(found.office, present(), passphrase=passphrase, token=token(), door=found.door, now=now())
    except SignInRefusedError:
        raise PassphraseNeededError(gettext("This is not your passphrase."), status=422) from None
    except SlowedError as slowed:
        seconds = max(1, int(slowed.wait.total_seconds()))
        why = gettext("Wait %(seconds)s seconds, then try again.", seconds=seconds)
        raise PassphraseNeededError(why, status=429) from None
    except NoSeatError:
        why = gettext("Many people sign in at this moment. Try again in a minute.")
        raise PassphraseNeededError(why, status=503) from None
