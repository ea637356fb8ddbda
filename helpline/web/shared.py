"""What both sites do to every request and to every answer, about no page."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Headers = list[tuple[str, str]]

DATABASE_GONE = (DBAPIError, PoolTimeoutError)
"""What a store raises when it cannot be reached or refuses: the sites answer 503 and know no SQL."""

RETRY_SECONDS = 60
"""What we say after how long to try again (Retry-After)."""

MOST_BYTES = 256 * 1024
"""The largest body of a request. Every form of ours is far smaller."""

FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

KNOWN_TO_A_VIEW = frozenset(
    {
        "CONTENT_LENGTH",
        "CONTENT_TYPE",
        "HTTP_ACCEPT_LANGUAGE",
        "HTTP_CACHE_CONTROL",
        "HTTP_HOST",
        "HTTP_SEC_FETCH_MODE",
        "HTTP_SEC_FETCH_SITE",
        "HTTP_SEC_FETCH_USER",
        "HTTP_SEC_PURPOSE",
        "PATH_INFO",
        "REQUEST_METHOD",
        "SERVER_NAME",
        "SERVER_PORT",
        "SERVER_PROTOCOL",
        "wsgi.errors",
        "wsgi.input",
        "wsgi.multiprocess",
        "wsgi.multithread",
        "wsgi.run_once",
        "wsgi.url_scheme",
        "wsgi.version",
    }
)
"""All that code of ours may know of a request. An allow-list: the server's own environment also holds the visitor's
address and port, the socket (whose peer is the visitor), the raw address, agent, referrer, and what a delivery network
adds tomorrow. QUERY_STRING is not here: our pages have none, and what others append is nobody's business."""

# fmt: off
UNUSED_FEATURES = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "clipboard-write", "compute-pressure",
    "display-capture", "encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid",
    "identity-credentials-get", "idle-detection", "keyboard-map", "local-fonts", "magnetometer", "microphone", "midi",
    "otp-credentials", "payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access", "sync-xhr",
    "usb", "window-management", "xr-spatial-tracking",
)
# fmt: on
PASSKEY_FEATURES = ("publickey-credentials-create", "publickey-credentials-get")


def permissions_policy(*, passkeys: bool) -> str:
    """Return a policy that switches every feature of the browser off, but passkeys where they sign staff in."""
    off = [f"{feature}=()" for feature in UNUSED_FEATURES]
    return ", ".join(off + [f"{feature}={'(self)' if passkeys else '()'}" for feature in PASSKEY_FEATURES])


def fixed_headers(*, policy: str, referrer: str, passkeys: bool) -> Headers:
    """Return the headers that stand on every answer of a site, whatever its status.

    *policy* is the site's Content-Security-Policy, *referrer* its Referrer-Policy.
    """
    return [
        ("Content-Security-Policy", policy),
        ("Cache-Control", "no-store"),
        ("Referrer-Policy", referrer),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Embedder-Policy", "require-corp"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Origin-Agent-Cluster", "?1"),
        ("X-DNS-Prefetch-Control", "off"),
        ("X-Permitted-Cross-Domain-Policies", "none"),
        ("Permissions-Policy", permissions_policy(passkeys=passkeys)),
    ]


def transport_headers(environ: "WSGIEnvironment") -> Headers:
    """Return the header that keeps a browser on HTTPS, where this request came by it and not to an onion address.

    Without includeSubDomains and preload: those bind a parent domain that is not ours to bind.
    """
    is_onion = _host_name(environ).endswith(".onion")
    if environ["wsgi.url_scheme"] != "https" or is_onion:
        return []
    return [("Strict-Transport-Security", "max-age=63072000")]


def rebuilt(environ: "WSGIEnvironment", *, also: Iterable[str] = ()) -> "WSGIEnvironment":
    """Return a new environment with what a view may know: KNOWN_TO_A_VIEW, and *also* (the back office's cookie)."""
    known = KNOWN_TO_A_VIEW.union(also)
    return {key: value for key, value in environ.items() if key in known} | {"SCRIPT_NAME": "", "QUERY_STRING": ""}


def is_own_host(environ: "WSGIEnvironment", *, hosts: Collection[str]) -> bool:
    """Return whether the request was meant for one of *hosts*, whatever its port."""
    return environ.get("HTTP_HOST") in hosts or _host_name(environ) in hosts


def refusal(environ: "WSGIEnvironment", *, hosts: Collection[str]) -> int | None:
    """Return the status of a request that no view may see, or None where one may.

    421 another host, 503 a prefetch (nobody has asked for the page yet), 403 a form on a foreign page,
    413 a body that is too large or of no stated size, 415 one of an unknown kind.
    """
    if not is_own_host(environ, hosts=hosts):
        return 421
    if "prefetch" in environ.get("HTTP_SEC_PURPOSE", ""):
        return 503
    return _refused_body(environ) if environ["REQUEST_METHOD"] == "POST" else None


def _refused_body(environ: "WSGIEnvironment") -> int | None:
    # Under no-referrer browsers send "Origin: null" with our own forms too, so the origin says nothing.
    # Old browsers send no Sec-Fetch-Site: there the form token decides.
    if environ.get("HTTP_SEC_FETCH_SITE", "same-origin") != "same-origin":
        return 403
    length = environ.get("CONTENT_LENGTH", "")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return 413
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    return None if kind in FORM_TYPES else 415


def _host_name(environ: "WSGIEnvironment") -> str:
    """Return the host that was asked for, without its port, in small letters."""
    host = str(environ.get("HTTP_HOST", "")).lower()
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host
