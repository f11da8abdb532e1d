import pytest
from webapp.views import create_app
def test_smoke(settings):
    app=create_app(settings)
    c=app.test_client()
    for u in ["/","/healthz","/readyz","/metrics","/login","/password/forgot","/invitations/x","/outbox","/nowhere","/classes"]:
        r=c.get(u, base_url="http://localhost:8000")
        print(u,r.status_code,dict(r.headers) if u=="/login" else "")
    r=c.get("/login", base_url="http://evil.example"); print(r.status_code, r.text[:300])
