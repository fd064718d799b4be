"""Who may post to the pages and what browsers may load in them."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
"""For files of the author's: a picture with a script inside stays a picture."""


def guarded(response: Response, policy: str = PAGE_POLICY) -> Response:
    """The response with the headers that every page carries."""
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def is_same_origin(request: Request, public_url: str) -> bool:
    """Whether the page that asks is ours: ``Sec-Fetch-Site``, else ``Origin``.

    Browsers leave the first out on plain http. A request with neither comes from no browser and so
    with nobody else's cookie.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return True
    host = urlsplit(origin).netloc
    return bool(host) and host in (request.headers.get("host"), urlsplit(public_url).netloc)


def is_secure(request: Request, public_url: str) -> bool:
    """Whether the visitor came by https, be it that a proxy unwrapped it."""
    public = urlsplit(public_url)
    ours = public.scheme == "https" and request.headers.get("host") == public.netloc
    return request.url.scheme == "https" or ours
