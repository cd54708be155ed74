"""What decisions taught, in the form in which any process learns it again without reading XML."""

from typing import ClassVar

from django.db import models

from obieg.inbox.models import Direction
from obieg.office.models import Client
from obieg.office.scope import ScopedQuerySet
from obieg.posting.models.dekrets import Dekret


class Lesson(models.Model):
    """What one approved dekret taught; withdrawn when the approval is taken back."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_index=False)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    dekret = models.ForeignKey(Dekret, on_delete=models.CASCADE, related_name="+", db_index=False)
    taught = models.JSONField()  # posting.learning.lessons.Lesson
    withdrawn = models.BooleanField(default=False)
    # pg_current_xact_id() of the last change: tells what a process has not seen yet
    changed_in = models.BigIntegerField(db_index=True)

    objects = ScopedQuerySet["Lesson"].as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["client", "direction", "-id"],
                condition=models.Q(withdrawn=False),
                name="lesson_of_client",
            )
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["dekret"], condition=models.Q(withdrawn=False), name="lesson_once"
            )
        ]
