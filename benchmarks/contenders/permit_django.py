"""`django-fsm-2` on a saved model: read it, call the transition, save it and an entry, commit.

Django is set up by `settings.configure()` with one SQLite file and its documented `init_command`.
The entry is a row of a second model. `atomic()` makes one transaction of reading and writing;
`transaction_mode` IMMEDIATE is what its documentation advises for writers.
"""

from collections.abc import Sequence
from typing import Any

import django
from django.conf import settings

from contenders.permit import DAY, DEFINITION, DJANGO, MOST_POSTS, POSTS, Durable, changes, ids, now


def contender(file: str, pragmas: Sequence[str], count: int) -> Durable:
    """Declare the models, make their tables, and fill them."""
    if settings.configured:
        _point_at(file, pragmas)
    else:
        settings.configure(DATABASES={"default": _database(file, pragmas)}, USE_TZ=True)
        django.setup()
    from django.db import connection, transaction

    permit, entry = _models()
    with connection.schema_editor() as editor:
        editor.create_model(permit)
        editor.create_model(entry)
    permit.objects.bulk_create([permit(id=id_, posts=POSTS, paid=True) for id_ in ids(count)])

    def send(case: str) -> None:
        with transaction.atomic():
            found = permit.objects.get(pk=case)
            found.send()
            found.save()
            entry.objects.create(
                case_id=case,
                seq=found.revision,
                name="send",
                actor="clerk",
                happened_on=DAY,
                recorded_at=now(),
                changes=changes(),
                definition=DEFINITION,
            )

    def seen(case: str) -> tuple[str, int]:
        state = permit.objects.get(pk=case).state
        return state, entry.objects.filter(case_id=case).count() + 1  # its opening has none

    return Durable(DJANGO, send, seen, connection.close)


def _database(file: str, pragmas: Sequence[str]) -> dict[str, Any]:
    options = {"transaction_mode": "IMMEDIATE", "init_command": "; ".join(pragmas)}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": options}


def _point_at(file: str, pragmas: Sequence[str]) -> None:
    """Give Django another file: it is set up once in a process."""
    from django.db import connection

    connection.close()
    connection.settings_dict.update(_database(file, pragmas))


_declared: list[Any] = []


def _models() -> tuple[Any, Any]:
    if not _declared:
        from django.db import models
        from django_fsm import FSMField, transition

        def possible(case: Any) -> bool:  # noqa: ANN401 - a model, whose library has no types
            early = case.last is not None and case.last > DAY
            return bool(not early and case.posts <= MOST_POSTS and case.paid)

        class Permit(models.Model):  # noqa: DJ008 - nobody prints it
            id = models.CharField(max_length=200, primary_key=True)
            state = FSMField(default="draft")
            since = models.DateField(null=True)
            last = models.DateField(null=True)
            posts = models.IntegerField()
            paid = models.BooleanField()
            revision = models.IntegerField(default=1)

            class Meta:
                app_label = "benchmarks"

            @transition(field=state, source="draft", target="sent", conditions=[possible])  # type: ignore[untyped-decorator]
            def send(self) -> None:
                self.since = self.last = DAY
                self.revision += 1

        class Entry(models.Model):  # noqa: DJ008 - as above
            case_id = models.CharField(max_length=200)
            seq = models.IntegerField()
            name = models.CharField(max_length=100)
            actor = models.CharField(max_length=200)
            happened_on = models.DateField()
            recorded_at = models.DateTimeField()
            changes = models.TextField()
            definition = models.CharField(max_length=80)

            class Meta:
                app_label = "benchmarks"
                constraints = (models.UniqueConstraint(fields=["case_id", "seq"], name="once"),)

        _declared.extend((Permit, Entry))
    permit, entry = _declared
    return permit, entry
