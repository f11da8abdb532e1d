"""What stands on every answer there is."""

from werkzeug.test import TestResponse

HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Referrer-Policy": "",
}


def carries_the_headers(answer: TestResponse, about: str) -> None:
    """SEC-13, SEC-23, SEC-24: what stands on every answer there is."""
    for name, begins in HEADERS.items():
        assert answer.headers[name].startswith(begins), f"{about} {name}"
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "form-action 'self';" in policy and "frame-ancestors 'none'" in policy
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie, about
        assert "Expires" not in cookie or cookie.split("=")[1].startswith(";"), about
    if "static" not in about:
        assert answer.headers["Cache-Control"] == "no-store", about
        assert "HX-Request" in answer.headers["Vary"], about
