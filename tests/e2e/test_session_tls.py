"""TLS and log-in to a real mosquitto: what is wrong is refused, and said in words that name it."""

import pytest


def secure(broker, host="localhost"):
    return f"mqtts://{host}:{broker.port}"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_connects_with_the_right_authority_and_name(mosquitto, session, certificates, host):
    broker = mosquitto(tls=certificates.server)
    probe = session(None, uri=secure(broker, host), ca_file=str(certificates.ca))
    assert probe.wait_for("connected")["v5"]
    assert probe.publish("a", "1")["event"] == "acknowledged"


@pytest.mark.parametrize("server, authority, words", [
    ("elsewhere", "ca", 'certificate does not name "localhost"'),
    ("server", "other_ca", "certificate is not accepted: unknown CA"),
    ("server", None, "certificate is not accepted: unknown CA"),
])
def test_wrong_host_name_or_authority_is_refused(mosquitto, session, certificates, server,
                                                 authority, words):
    """Without an authority of ours the system's are asked, which do not know this one."""
    broker = mosquitto(tls=getattr(certificates, server))
    trust = {"ca_file": str(getattr(certificates, authority))} if authority else {}
    probe = session(None, uri=secure(broker), **trust)
    assert words in probe.wait_for("lost")["why"]
    probe.wait_for("lost", 3)
    assert probe.of("connected") == []


def test_missing_authority_file_is_named(session, tmp_path):
    missing = tmp_path / "no such ca.pem"
    refusal = session(None, uri="mqtts://localhost:8883", ca_file=str(missing)).refusal()
    assert "broker.ca_file" in refusal and str(missing) in refusal


def test_authority_file_that_vanishes_is_named(mosquitto, session, certificates, tmp_path):
    broker = mosquitto(tls=certificates.server)
    copy = tmp_path / "ca.pem"
    copy.write_bytes(certificates.ca.read_bytes())
    probe = session(None, uri=secure(broker), ca_file=str(copy))
    probe.wait_for("connected")
    copy.unlink()
    broker.kill()
    broker.start()
    probe.wait_for("lost", 2)
    assert str(copy) in probe.of("lost")[1]["why"]
    copy.write_bytes(certificates.ca.read_bytes())
    probe.wait_for("connected", 2)


def test_file_that_is_no_certificate_is_named(session, certificates):
    key = str(certificates.client.key)
    refusal = session(None, uri="mqtts://localhost:8883", ca_file=key).refusal()
    assert "broker.ca_file" in refusal and key in refusal and "CERTIFICATE" in refusal


def test_client_certificate_is_shown(mosquitto, session, certificates):
    broker = mosquitto(tls=certificates.server, client_ca=certificates.ca)
    client = {"certificate": str(certificates.client.certificate),
              "key": str(certificates.client.key)}
    with_it = session(None, uri=secure(broker), ca_file=str(certificates.ca), **client)
    with_it.wait_for("connected")
    without = session(None, uri=secure(broker), ca_file=str(certificates.ca), client_id="other")
    without.wait_for("lost", 2)
    assert without.of("connected") == []


def test_plain_connection_to_an_encrypted_port_fails(mosquitto, session, certificates):
    broker = mosquitto(tls=certificates.server)
    probe = session(broker)
    probe.wait_for("lost", 2)
    assert probe.of("connected") == []


@pytest.mark.parametrize("protocol, words", [("5", "Not authorized"), ("3.1.1", "not authorized")])
def test_wrong_password_is_said(mosquitto, session, tmp_path, protocol, words):
    broker = mosquitto(users={"fridge": "right"})
    password = tmp_path / "password"
    password.write_text("wrong\n")
    probe = session(broker, protocol=protocol, user="fridge", password_file=str(password))
    assert words in probe.wait_for("lost")["why"].replace("password", "not authorized")


def test_user_and_password_log_in(mosquitto, session, tmp_path):
    broker = mosquitto(users={"fridge": "right"})
    password = tmp_path / "password"
    password.write_text("right\n")
    for protocol in ("5", "3.1.1"):
        probe = session(broker, protocol=protocol, user="fridge", password_file=str(password),
                        client_id=f"p{protocol}")
        probe.wait_for("connected")
