"""What machines ask for: whether we are there, whom to tell about a hole, whether pages may be fetched ahead."""

from datetime import timedelta

from flask import Blueprint, Response

from selfhelp.services import services

blueprint = Blueprint("doors", __name__)

SECURITY_TEXT_HOLDS = timedelta(days=180)
NO_PREFETCH = '[{"user_agent": "prefetch-proxy", "disallow": true}]\n'


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that this worker answers. It asks no database: content is served without one."""
    return _plain("ok\n")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let search engines in: people must find us. What they may keep, each page says in its header."""
    return _plain("User-agent: *\nDisallow:\n")


@blueprint.get("/.well-known/security.txt")
def security() -> Response:
    """Say whom to tell about a hole in this site (RFC 9116)."""
    settings = services().settings
    host, tongue = settings.allowed_hosts[0], settings.programme.languages[0]
    expires = (services().clock() + SECURITY_TEXT_HOLDS).replace(hour=0, minute=0, second=0, microsecond=0)
    return _plain(
        f"Contact: https://{host}/{tongue}/who\n"
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}\n"
        f"Preferred-Languages: {', '.join(settings.programme.languages)}\n"
    )


@blueprint.get("/.well-known/traffic-advice")
def traffic_advice() -> Response:
    """Refuse proxies that fetch pages before anybody asks for them."""
    return _plain(NO_PREFETCH, kind="application/trafficadvice+json")


def _plain(text: str, *, kind: str = "text/plain; charset=utf-8") -> Response:
    response = Response(text, content_type=kind)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
