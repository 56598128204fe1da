"""Errors of a server's own making: it refuses to keep history, in the words of any trouble."""

from __future__ import annotations

from support.databases import Place


def plant(place: Place, code: str) -> None:
    """Let a server refuse every new entry of history with an error code of its own."""
    name = f"{place.prefix}refuses"
    on = f"BEFORE INSERT ON {place.prefix}history FOR EACH ROW"
    if place.kind == "mariadb":
        signal = f"SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {code}, MESSAGE_TEXT = 'planted'"
        statements = [f"CREATE TRIGGER {name} {on} {signal}"]
    else:
        body = f"BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '{code}'; END"
        statements = [
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
            f"CREATE TRIGGER {name} {on} EXECUTE FUNCTION {name}()",
        ]
    place.alter(lambda connection: [connection.exec_driver_sql(sql) for sql in statements])


def unplant(place: Place) -> None:
    """Let the server keep history again."""
    name = f"{place.prefix}refuses"
    drop = f"TRIGGER {name}" if place.kind == "mariadb" else f"FUNCTION {name} CASCADE"
    place.alter(lambda connection: connection.exec_driver_sql(f"DROP {drop}"))
