#!/usr/bin/python3
"""A TCP proxy that breaks connections in the ways that networks do.

As a class it runs in a thread of its own, and its methods may be called from any thread. As a
command it stands between a client and a server and takes its faults from standard input.
"""

import argparse
import asyncio
import socket
import struct
import sys
import threading

CHUNK_BYTES = 16 * 1024
CONNECT_TIMEOUT_S = 5
CALL_TIMEOUT_S = 10


class Link:
    """One client's connection and the one made to the server for it."""

    def __init__(self, client, server):
        self.client = client
        self.server = server
        self.sent_bytes = 0
        self.half_closed = False

    def reset(self):
        """Both sides see a RST: what is still buffered is gone."""
        for writer in (self.client, self.server):
            sock = writer.get_extra_info("socket")
            if sock is not None and sock.fileno() >= 0:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    def end_reading(self):
        """The client sees the end of the stream, while what it sends still arrives."""
        self.half_closed = True
        if not self.client.is_closing():
            self.client.write_eof()


class ChaosProxy:
    """Listens on `port` of the loopback interface (0: a free one) and forwards to the server."""

    def __init__(self, server_port, server_host="127.0.0.1", port=0):
        self.server = (server_host, server_port)
        self.port = port
        self.connections = 0  # accepted so far
        self.reset_after_bytes = None  # from the client on, for each connection
        self.bytes_per_second = None  # for each direction of each connection
        self.bytes_per_second_up = None  # from the client only
        self.turn_away = None  # function of a client's first bytes: true closes the connection
        self._links = set()
        self._tasks = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._call(self._open())

    # Faults.

    def refuse(self, on=True):
        """No longer listens, so that new connections are refused; what is connected stays."""
        self._call(self._close_listener() if on else self._listen())

    def reset(self):
        """Ends every connection with a RST, once."""
        self._call(self._each(Link.reset))

    def half_close(self):
        """Ends every connection in the direction to the client only, once."""
        self._call(self._each(Link.end_reading))

    def black_hole(self, on=True):
        """Connections stay open (new ones are accepted) but nothing passes, not even an end."""
        self._call(self._block(on))

    def stall(self, seconds):
        """Nothing passes for a time, then everything does, late. Does not wait for that."""
        self._call(self._block(True))
        self._loop.call_soon_threadsafe(self._loop.call_later, seconds, self._clear.set)

    @property
    def live(self):
        """How many connections are open now."""
        return len(self._links)

    def close(self):
        if self._loop.is_closed():
            return
        self._call(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CALL_TIMEOUT_S)
        self._loop.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # Everything below runs in the proxy's own thread.

    def _call(self, coroutine):
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(CALL_TIMEOUT_S)

    async def _open(self):
        self._clear = asyncio.Event()
        self._clear.set()
        await self._listen()

    async def _listen(self):
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _close_listener(self):
        self._listener.close()

    async def _each(self, fault):
        for link in list(self._links):
            fault(link)

    async def _block(self, on):
        self._clear.clear() if on else self._clear.set()

    async def _shut(self):
        self._listener.close()
        await self._each(Link.reset)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader, client):
        task = asyncio.current_task()
        self._tasks.add(task)
        self.connections += 1
        try:
            await self._join(reader, client)
        except (OSError, asyncio.TimeoutError, asyncio.CancelledError):
            pass
        finally:
            client.transport.abort()
            self._tasks.discard(task)

    async def _join(self, reader, client):
        first = b""
        if self.turn_away is not None:
            first = await reader.read(CHUNK_BYTES)
            if self.turn_away(first):
                return
        server_reader, server = await asyncio.wait_for(
            asyncio.open_connection(*self.server), CONNECT_TIMEOUT_S)
        link = Link(client, server)
        self._links.add(link)
        try:
            await asyncio.gather(self._pump(link, reader, server, first),
                                 self._pump(link, server_reader, client))
        finally:
            self._links.discard(link)
            server.transport.abort()

    async def _pump(self, link, reader, writer, data=b""):
        while True:
            data = data or await reader.read(CHUNK_BYTES)
            await self._clear.wait()
            if not data:
                if not writer.is_closing():
                    writer.write_eof()
                return
            if writer is link.server:
                data = self._up_to_reset(link, data)
            up = self.bytes_per_second_up if writer is link.server else None
            if speed := up or self.bytes_per_second:
                await asyncio.sleep(len(data) / speed)
            if data and not (writer is link.client and link.half_closed):
                writer.write(data)
                await writer.drain()
            data = b""

    def _up_to_reset(self, link, data):
        if self.reset_after_bytes is None:
            return data
        rest = max(0, self.reset_after_bytes - link.sent_bytes)
        link.sent_bytes += len(data)
        if len(data) >= rest:
            # The bytes before the fault are written first, and the reset comes behind them.
            self._loop.call_soon(link.reset)
        return data[:rest]


def obey(proxy, words):
    """Carries out one command line; raises ValueError where it is none."""
    verb, *arguments = words
    if verb in ("reset", "half_close") and not arguments:
        getattr(proxy, verb)()
    elif verb in ("refuse", "black_hole") and arguments in (["on"], ["off"]):
        getattr(proxy, verb)(arguments == ["on"])
    elif verb == "stall" and len(arguments) == 1:
        proxy.stall(float(arguments[0]))
    elif verb in ("reset_after_bytes", "bytes_per_second") and len(arguments) == 1:
        setattr(proxy, verb, int(arguments[0]) or None)
    else:
        raise ValueError


COMMANDS = """commands on standard input, one a line:
  reset | half_close | stall SECONDS | refuse on|off | black_hole on|off
  reset_after_bytes N | bytes_per_second N   (0 ends it)"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, epilog=COMMANDS,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listen", type=int, default=0, metavar="PORT")
    parser.add_argument("--server", required=True, metavar="HOST:PORT")
    options = parser.parse_args()
    host, _, port = options.server.rpartition(":")
    with ChaosProxy(int(port), host, options.listen) as proxy:
        print(f"listening on 127.0.0.1:{proxy.port}", flush=True)
        for line in sys.stdin:
            try:
                if line.strip():
                    obey(proxy, line.split())
            except ValueError:
                print(f"not a command: {line.strip()}\n{COMMANDS}", file=sys.stderr)


if __name__ == "__main__":
    main()
