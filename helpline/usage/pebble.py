"""The stage text that a visit carries through the forms of a path: opaque, of one length, no visit's name."""

import base64
import binascii
import secrets
import struct

from helpline.crypto.digest import is_same, keyed_digest, subkey
from helpline.usage.counting import Counters, Pebble

BODY = struct.Struct(">QHB6s")
"""Epoch, place, path, and six random bytes, so that no two texts are alike."""

MARK = struct.Struct(">Q")
"""By what the counters know a visit's first form again, until their next flush but one."""

MARK_BYTES = 16
TEXT_LENGTH = 4 * (BODY.size + MARK_BYTES) // 3
"""44 characters of URL-safe base 64, without padding."""


def first_step(path: str, *, form: str, counters: Counters, key: bytes) -> str:
    """Count a visit on the first stage of *path*, and return the stage text for its next form.

    *form* is the token of the form that it begins with: sent again, from a second tab or by a reload, it is the same
    visit. Without one (the form is older than the counters remember) no visit begins. Where the visit is not counted
    (a flood has used up all places) the text looks the same and moves nothing.
    """
    if not form:
        return _dead_text()
    mark = keyed_digest(f"{path} {form}".encode(), key=subkey(key, label="pebble form"))[: MARK.size]
    pebble = counters.place_pebble(path, mark=MARK.unpack(mark)[0])
    return _dead_text() if pebble is None else _written(pebble, counters=counters, key=key)


def form_mark(form: str, *, key: bytes) -> int:
    """Return by what the counters know the form with the token *form* again, if it is counted: 64 bits."""
    return int(MARK.unpack(keyed_digest(form.encode(), key=subkey(key, label="counted form"))[: MARK.size])[0])


def next_step(text: str, *, stage: str, counters: Counters, key: bytes) -> str:
    """Move the visit that *text* came from on to *stage*, and return a fresh stage text.

    Nothing moves for a step back, a step that was made before, a text of before the last flush or of another
    host, and a text that is not ours; the text that comes back then looks like every other.
    """
    pebble = _read(text, counters=counters, key=key)
    if pebble is None:
        return _dead_text()
    counters.move_pebble(pebble, stage=stage)
    return _written(pebble, counters=counters, key=key)


def _written(pebble: Pebble, *, counters: Counters, key: bytes) -> str:
    """Return *pebble* encrypted: nobody shall read how many places are taken, or that one is not counted."""
    path = counters.paths.index(pebble.path)
    body = BODY.pack(pebble.epoch, pebble.place, path, secrets.token_bytes(6))
    mark = _mark(body, key=key)
    return base64.urlsafe_b64encode(mark + _hidden(body, mark=mark, key=key)).decode()


def _read(text: str, *, counters: Counters, key: bytes) -> Pebble | None:
    """Return the pebble in *text*, or None where it is not one of ours."""
    try:
        raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    mark, hidden = raw[:MARK_BYTES], raw[MARK_BYTES:]
    body = _hidden(hidden, mark=mark, key=key)
    if len(raw) != MARK_BYTES + BODY.size or not is_same(mark, _mark(body, key=key)):
        return None
    epoch, place, path, _ = BODY.unpack(body)
    return Pebble(path=counters.paths[path], place=place, epoch=epoch) if path < len(counters.paths) else None


def _mark(body: bytes, *, key: bytes) -> bytes:
    return keyed_digest(body, key=subkey(key, label="pebble mark"))[:MARK_BYTES]


def _hidden(body: bytes, *, mark: bytes, key: bytes) -> bytes:
    """Return *body* under a stream that belongs to *mark*; done twice it is *body* again (a synthetic IV)."""
    stream = keyed_digest(mark, key=subkey(key, label="pebble stream"))
    return bytes(one ^ other for one, other in zip(body, stream, strict=False))


def _dead_text() -> str:
    """Return a text that moves nothing and that nobody can tell from one that does."""
    return base64.urlsafe_b64encode(secrets.token_bytes(MARK_BYTES + BODY.size)).decode()
