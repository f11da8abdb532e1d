"""Over https only a certificate that is trusted, for the host that was asked, is talked to."""

import ipaddress
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.providers.conftest import TINY
from tests.providers.scripted import Scripted, doc, scripted_server
from webapp.providers.answers import decode
from webapp.providers.errors import Unreachable
from webapp.providers.wire import Wire


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "roster.example")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = builder.add_extension(here, critical=False).sign(key, hashes.SHA256())
    plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = tmp_path / "server.pem"
    path.write_bytes(key.private_bytes(*plain) + signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def script(certificate: Path) -> Iterator[Scripted]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with scripted_server(context) as script:
        script.on("/list", doc({"data": []}))
        yield script


def trust(monkeypatch: pytest.MonkeyPatch, certificate: Path) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr("webapp.providers.line.trust", lambda: context)


def test_a_trusted_certificate_is_talked_to(
    script: Scripted, wire: Wire, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(monkeypatch, certificate)
    for _ in range(3):
        assert decode(wire, wire.get(f"{script.url}/list", {}), dict[str, list[int]]) == {"data": []}
    assert script.connections == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(script: Scripted, wire: Wire) -> None:
    with pytest.raises(Unreachable):
        wire.get(f"{script.url}/list", {"Authorization": "Bearer secret"})
    assert script.asked == []


def test_a_certificate_for_another_host_is_refused(
    script: Scripted, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(monkeypatch, certificate)
    url = script.url.replace("127.0.0.1", "localhost")
    with pytest.raises(Unreachable):
        Wire("The service", [url], TINY).get(f"{url}/list", {})
    assert script.asked == []
