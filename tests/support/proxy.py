"""A wire between a program and its server that can be cut at any byte, in either direction."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random

import sqlalchemy as sa

_SIZE = 4096


class Proxy:
    """Hands on bytes between its port and a server, and cuts connections when told to."""

    def __init__(self, server: sa.URL, rng: Random) -> None:
        """Listen on a port of its own."""
        default = 5432 if server.get_backend_name() == "postgresql" else 3306
        self._server = (server.host or "127.0.0.1", server.port or default)
        self._rng = rng
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._lock = threading.Lock()
        self._fuse: int | None = None
        self.cuts = 0
        here = server.set(host="127.0.0.1", port=self._listener.getsockname()[1])
        self.url = here.render_as_string(hide_password=False)
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def light(self) -> None:
        """Let all connections be cut once so many more bytes have passed, few by chance."""
        with self._lock:
            self._fuse = self._rng.randrange(4000)

    def put_out(self) -> None:
        """Cut no more."""
        with self._lock:
            self._fuse = None

    def close(self) -> None:
        """Cut everything and listen no more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            self._cut()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                try:
                    far = socket.create_connection(self._server)
                except OSError:
                    near.close()
                    continue
                with self._lock:
                    self._pairs.append((near, far))
                for one, other in ((near, far), (far, near)):
                    thread = threading.Thread(target=self._hand_on, args=(one, other))
                    self._threads.append(thread)
                    thread.start()

    def _hand_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(_SIZE):
                burnt = False  # told here, as somebody may light the next fuse meanwhile
                with self._lock:
                    if self._fuse is not None:
                        data, rest = data[: self._fuse], len(data) - self._fuse
                        burnt = rest >= 0
                        self._fuse = None if burnt else -rest
                target.sendall(data)
                if burnt:
                    with self._lock:
                        self._cut()
                        self.cuts += 1
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _cut(self) -> None:
        for pair in self._pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
        self._pairs.clear()


@contextmanager
def between(server: str, rng: Random) -> Iterator[Proxy]:
    """Give a proxy before a server."""
    proxy = Proxy(sa.make_url(server), rng)
    try:
        yield proxy
    finally:
        proxy.close()
