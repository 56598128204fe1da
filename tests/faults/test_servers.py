"""I13: what was acknowledged survives; a commit that nobody answered is settled by its key.

Connections are ended by the server, wires are cut at any byte, servers are killed.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from reformflow.casework import connect
from reformflow.model import Reform
from support.databases import NOW, checked
from support.private import private
from support.proxy import between
from support.servers import VARIABLES
from support.soak import SOAKING, amount, chance
from support.storm import Numbers, Storm, some
from support.wires import tapped

KEYS = amount(80, 2000)
CRASHES = amount(2, 25)
END = {"postgresql": "SELECT pg_terminate_backend({})", "mariadb": "KILL {}"}
_GONE = {"mariadb": "Unknown thread id"}

pytestmark = pytest.mark.parametrize("kind", VARIABLES)


def test_connections_that_the_server_ends(kind: str, tmp_path: Path, errands: Reform) -> None:
    rng = chance("ended", kind)
    with checked(kind, tmp_path) as place:
        book = place.open(errands)
        storm = Storm(book, KEYS, 2, rng)
        storm.begin()
        killer = place.engine(isolation_level="AUTOCOMMIT")
        numbers = Numbers()

        def end_some() -> None:
            time.sleep(rng.random() / 20)
            with killer.connect() as connection:
                for number in some(rng, numbers.known[-6:]):
                    try:
                        connection.exec_driver_sql(END[kind].format(number))
                    except sa.exc.OperationalError as error:
                        assert _GONE[kind] in str(error)  # noqa: PT017 - gone already

        with tapped(book, numbers):
            storm.rage_while(end_some)
        killer.dispose()
        assert len(numbers.known) > 2  # those that were ended have been made anew
        storm.check()


def test_wires_that_are_cut_at_any_byte(kind: str, tmp_path: Path, errands: Reform) -> None:
    rng = chance("cut", kind)
    with checked(kind, tmp_path) as place, between(place.url, rng) as proxy:
        storm = Storm(place.open(errands), KEYS, 2, rng)
        storm.begin()
        with connect(proxy.url, prefix=place.prefix, clock=lambda: NOW) as storm.book:

            def cut() -> None:
                storm.wait(rng.randrange(8))  # so that some get through on a busy machine
                proxy.light()

            storm.rage_while(cut)
            proxy.put_out()
            assert proxy.cuts > KEYS // 8
            storm.check()


@pytest.mark.skipif(not SOAKING, reason="recovery may take minutes: make soak")
def test_a_server_that_is_killed(kind: str, errands: Reform) -> None:
    rng = chance("crash", kind)
    with private(kind) as server, connect(server.url, errands, clock=lambda: NOW) as book:
        storm = Storm(book, KEYS, 2, rng)
        storm.begin()
        crashes: list[int] = []

        def crash() -> None:
            storm.wait(rng.randrange(2 * KEYS // CRASHES))
            if len(crashes) < CRASHES:
                server.crash()
                crashes.append(storm.answered)
                server.start()

        storm.rage_while(crash)
        assert len(crashes) == CRASHES
        storm.check()
        assert book.verify() == ()
