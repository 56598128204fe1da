"""Database servers of a test's own, to be killed without a word; never one that others use.

Each keeps its data in a folder of the test. A server does not run as root: there it runs under
the account that its package has made.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import attrs
import pytest
import sqlalchemy as sa

_PATIENCE = 60
_POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_DURABLE = {
    "postgresql": ["fsync=on", "synchronous_commit=on", "full_page_writes=on"],
    "mariadb": ["--innodb-flush-log-at-trx-commit=1", "--skip-log-bin", "--skip-networking=0"],
}


@attrs.define
class Server:
    """One server, whose data outlive it."""

    kind: str
    folder: Path
    port: int
    account: str | None
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is found, whenever it runs."""
        if self.kind == "postgresql":
            return f"postgresql+psycopg://tester@127.0.0.1:{self.port}/postgres"
        return f"mysql+pymysql://tester@127.0.0.1:{self.port}/test"

    @property
    def conditions(self) -> dict[str, Any]:
        """How its programs run: under its account, with every file in its folder."""
        environment = {**os.environ, "TMPDIR": str(self.folder)}
        return {"user": self.account, "cwd": self.folder, "env": environment}

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command(), stdout=log, stderr=log, **self.conditions
            )
        end = time.monotonic() + _PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise AssertionError((self.folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def crash(self) -> None:
        """Kill it and all its children at once, in the middle of what they do."""
        if self._process is not None:
            for process in [*_children(self._process.pid), self._process.pid]:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            self._process.wait()
            self._process = None
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    def _command(self) -> list[str]:
        data = str(self.folder / "data")
        if self.kind == "postgresql":
            settings = [f"port={self.port}", "listen_addresses=127.0.0.1", *_DURABLE[self.kind]]
            settings += [f"unix_socket_directories={self.folder}"]
            return [_tool("postgres"), "-D", data, *(f"--{setting}" for setting in settings)]
        return [
            _tool("mariadbd"),
            "--no-defaults",
            f"--datadir={data}",
            f"--port={self.port}",
            "--bind-address=127.0.0.1",
            f"--socket={self.folder / 's'}",
            f"--pid-file={self.folder / 'pid'}",
            *_DURABLE[self.kind],
        ]

    def _answers(self) -> bool:
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        try:
            engine.connect().close()
        except sa.exc.OperationalError:
            return False
        return True


@contextmanager
def private(kind: str) -> Iterator[Server]:
    """Give a running server; the test is skipped, and says why, where none is installed."""
    account = _account(kind)
    folder = Path(tempfile.mkdtemp(prefix="reformflow-"))  # a path short enough for a socket
    try:
        if account is not None:
            shutil.chown(folder, account)
        server = Server(kind, folder, _free_port(), account)
        _make(server)
        server.start()
        try:
            yield server
        finally:
            server.crash()
    finally:
        shutil.rmtree(folder)


# ---------------------------------------------------------------------------------------------


def _make(server: Server) -> None:
    data = str(server.folder / "data")
    if server.kind == "postgresql":
        options = ["-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        _run(server, [_tool("initdb"), "-D", data, *options])
        return
    options = ["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]
    _run(server, [_tool("mariadb-install-db"), *options, f"--datadir={data}"])
    statements = "CREATE DATABASE test; CREATE USER tester@'%'; GRANT ALL ON *.* TO tester@'%';"
    boot = [_tool("mariadbd"), "--no-defaults", f"--datadir={data}", "--bootstrap"]
    _run(server, boot, f"FLUSH PRIVILEGES; {statements}".replace("; ", ";\n"))


def _run(server: Server, command: list[str], text: str = "") -> None:
    done = subprocess.run(
        command, input=text.encode(), capture_output=True, check=False, **server.conditions
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")


def _tool(name: str) -> str:
    """Return where a program of a server is; the test is skipped if it is nowhere."""
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *map(str, _POSTGRES)])
    found = shutil.which(name, path=places)
    if found is None:
        pytest.skip(f"no {name} here: run `.ci/servers`, or install the server's package")
    return found


def _account(kind: str) -> str | None:
    """Return the account to run under: our own, unless we are root."""
    if os.geteuid() != 0:
        return None
    name = {"postgresql": "postgres", "mariadb": "mysql"}[kind]
    try:
        return pwd.getpwnam(name).pw_name
    except KeyError:
        pytest.skip(f"no account {name} to run a server under: run `.ci/servers`")


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
