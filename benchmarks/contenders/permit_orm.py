"""SQLAlchemy's ORM over the same tables: load, check, change attributes, add an entry, commit.

A session for each act, the mapping's own version counter for the revision. No state machine: the
guard is an `if`.
"""

from sqlalchemy import Engine, MetaData, Table, select
from sqlalchemy.orm import DeclarativeBase, Session

from contenders.permit import (
    CHANGES,
    DAY,
    DEFINITION,
    MOST_POSTS,
    ORM,
    Durable,
    Refused,
    changes,
    now,
)


def contender(engine: Engine, prefix: str) -> Durable:
    """Map the tables that are there."""
    metadata = MetaData()
    permits = Table(f"{prefix}permit", metadata, autoload_with=engine)
    entries = Table(f"{prefix}history", metadata, autoload_with=engine)

    class Base(DeclarativeBase):
        pass

    class Permit(Base):
        __table__ = permits
        __mapper_args__ = {"version_id_col": permits.c.revision}  # noqa: RUF012 - as mappers read it

    class Entry(Base):
        __table__ = entries

    utc = engine.dialect.name == "postgresql"

    def send(case: str) -> None:
        with Session(engine) as session:
            permit = session.get(Permit, case)
            known = vars(permit)
            held = known["posts"] is not None and known["posts"] <= MOST_POSTS and known["paid"]
            last = known["progress_last"]
            early = last is not None and str(last) > CHANGES["progress.last"]
            if known["progress_state"] != "draft" or early or not held:
                raise Refused
            permit.progress_state = "sent"
            permit.progress_since = permit.progress_last = DAY
            instant = now() if utc else now().replace(tzinfo=None)
            entry = Entry(case_id=case, seq=known["revision"] + 1, workflow="permit", kind="fired")
            entry.name, entry.actor, entry.happened_on = "send", "clerk", DAY
            entry.recorded_at, entry.changes, entry.definition = instant, changes(), DEFINITION
            session.add(entry)
            session.commit()

    def seen(case: str) -> tuple[str, int]:
        with engine.connect() as connection:
            state = select(permits.c.progress_state).where(permits.c.id == case)
            history = select(entries.c.seq).where(entries.c.case_id == case)
            return connection.scalars(state).one(), len(connection.scalars(history).all())

    return Durable(ORM, send, seen, engine.dispose)
