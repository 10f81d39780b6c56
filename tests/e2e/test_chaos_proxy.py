"""The proxy must do the harm that it claims, or the tests behind it prove nothing."""

import socket
import threading
import time

import pytest


@pytest.fixture
def echo():
    """An echo server; its port."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer(connection):
        with connection:
            try:
                while data := connection.recv(65536):
                    connection.sendall(data)
            except OSError:
                pass

    def serve():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1]
    server.close()


@pytest.fixture
def link(echo, proxy):
    """The proxy, and a function that connects through it."""
    chaos = proxy(echo)
    sockets = []

    def connect():
        sockets.append(socket.create_connection(("127.0.0.1", chaos.port), timeout=5))
        return sockets[-1]

    yield chaos, connect
    for one in sockets:
        one.close()


def round_trip(sock, data=b"ping"):
    sock.sendall(data)
    received = b""
    while len(received) < len(data):
        received += sock.recv(65536) or pytest.fail("the connection ended")
    return received


def ended(sock):
    try:
        return sock.recv(10) == b""
    except ConnectionResetError:
        return True


def test_passes_everything_unchanged(link):
    _, connect = link
    data = bytes(range(256)) * 4000
    sock = connect()
    threading.Thread(target=sock.sendall, args=(data,)).start()
    received = b""
    while len(received) < len(data):
        received += sock.recv(65536)
    assert received == data


def test_reset_is_a_reset_and_not_an_end(link):
    chaos, connect = link
    sock = connect()
    assert round_trip(sock) == b"ping"
    assert chaos.live == 1
    chaos.reset()
    with pytest.raises(ConnectionResetError):
        sock.recv(10)


def test_reset_after_bytes_passes_no_more_than_these(link):
    chaos, connect = link
    chaos.reset_after_bytes = 10
    sock = connect()
    assert round_trip(sock, b"123456") == b"123456"
    sock.sendall(b"7890abc")
    received = b""
    with pytest.raises(ConnectionResetError):
        while True:
            received += sock.recv(10) or pytest.fail("an end, not a reset")
    assert b"7890".startswith(received)


def test_refuse_refuses_new_connections_only_and_ends(link):
    chaos, connect = link
    old = connect()
    assert round_trip(old) == b"ping"
    chaos.refuse()
    with pytest.raises(ConnectionRefusedError):
        connect()
    assert round_trip(old) == b"ping"
    chaos.refuse(False)
    assert round_trip(connect()) == b"ping"


def test_black_hole_passes_neither_bytes_nor_the_end(link):
    chaos, connect = link
    sock = connect()
    assert round_trip(sock) == b"ping"
    chaos.black_hole()
    sock.sendall(b"lost?")
    sock.settimeout(0.3)
    with pytest.raises(TimeoutError):
        sock.recv(10)
    chaos.black_hole(False)
    sock.settimeout(5)
    assert sock.recv(10) == b"lost?"


def test_stall_delivers_late(link):
    chaos, connect = link
    sock = connect()
    assert round_trip(sock) == b"ping"
    chaos.stall(0.4)
    start = time.monotonic()
    assert round_trip(sock) == b"ping"
    assert 0.3 < time.monotonic() - start < 3


def test_half_close_ends_one_direction(link):
    chaos, connect = link
    sock = connect()
    assert round_trip(sock) == b"ping"
    chaos.half_close()
    assert sock.recv(10) == b""
    sock.sendall(b"still arrives")


def test_bandwidth_is_kept(link):
    chaos, connect = link
    chaos.bytes_per_second = 20_000
    start = time.monotonic()
    assert round_trip(connect(), b"x" * 10_000) == b"x" * 10_000
    assert time.monotonic() - start > 0.5


def test_turns_away_by_the_first_bytes(link):
    chaos, connect = link
    chaos.turn_away = lambda first: first.startswith(b"bad")
    bad = connect()
    bad.sendall(b"bad")
    assert ended(bad)
    assert round_trip(connect(), b"good") == b"good"
