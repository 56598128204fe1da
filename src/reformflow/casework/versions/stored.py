"""Which definitions a book's cases follow, and making another than the book's ready for work."""

from __future__ import annotations

from reformflow.casework.practice import Practice
from reformflow.casework.units import Units
from reformflow.errors import RequestError, StoreError, UnknownName
from reformflow.formats import fingerprint
from reformflow.model import Reform
from reformflow.store import Connection, definitions


def practice_of(units: Units, practice: Practice, definition: Reform | str) -> Practice:
    """Return a definition made ready for the tables of a practice.

    A text is the hash of a stored one, or enough of its beginning: UnknownName if there is none.
    DefinitionError if a reform does not hold up.
    """
    if isinstance(definition, str):
        return units.read(lambda connection: stored_practice(connection, practice, definition))
    return _ready(practice, definition)


def stored_practice(connection: Connection, practice: Practice, digest: str) -> Practice:
    """Return a stored definition, by its hash or the beginning of that, made ready likewise."""
    tables = practice.schema.shared
    known = definitions.every(connection, tables)
    fitting = [other for other in known if other.startswith(digest)]
    if len(fitting) != 1 or not digest:
        raise UnknownName.of("definition", digest, known)
    return _ready(practice, definitions.load(connection, tables, fitting[0]))


def predecessor(units: Units, practice: Practice, after: Practice) -> Practice:
    """Return the one definition, other than `after`, that cases follow.

    RequestError if there is none, or more than one.
    """
    pinned = units.read(lambda connection: definitions.pinned(connection, practice.schema))
    others = {digest: count for digest, count in pinned.items() if digest != after.definition}
    if len(others) == 1:
        try:
            return practice_of(units, practice, next(iter(others)))
        except UnknownName as error:
            raise StoreError(error.message, "restore the last backup") from error
    if not others:
        message = "every case follows this definition already"
        raise RequestError(message, "there is nothing to migrate")
    told = ", ".join(f"{count} {digest}" for digest, count in others.items())
    raise RequestError(f"cases follow several definitions: {told}", "say which one is meant")


# ---------------------------------------------------------------------------------------------


def _ready(practice: Practice, reform: Reform) -> Practice:
    if fingerprint(reform) == practice.definition:
        return practice
    schema = practice.schema
    return Practice.of(reform, prefix=schema.prefix, schema=schema.name)
