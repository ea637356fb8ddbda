"""Remember which forms were sent, so that none counts twice and a second press shows the same answer."""

from datetime import datetime

from sqlalchemy.orm import Session

from helpline.callbacks.desk import Desk
from helpline.callbacks.form_token import FormToken
from helpline.callbacks.keeping import REPLAY_WINDOW, destroy_token_at
from helpline.callbacks.tables import SpentToken
from helpline.crypto.digest import Digest, keyed_digest
from helpline.store.writing import insert_free


def token_mark(token: FormToken, *, desk: Desk, answer: bytes = b"") -> Digest:
    """Return what is kept of *token*, or of it together with the *answer* that it got."""
    return keyed_digest(b"token" + token.bits + answer, key=desk.keys.digest)


def spend(session: Session, mark: Digest, *, now: datetime) -> bool:
    """Remember *mark* and return whether it is new."""
    row = {"digest": mark, "replay_until": now + REPLAY_WINDOW, "destroy_at": destroy_token_at(now)}
    return insert_free(session, SpentToken, rows=[row]) == 1


def is_recent(session: Session, mark: Digest, *, now: datetime) -> bool:
    """Return whether *mark* was remembered within the last two minutes."""
    spent = session.get(SpentToken, mark)
    return spent is not None and spent.replay_until is not None and now < spent.replay_until
