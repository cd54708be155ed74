"""The nightly backup as the engine runs it."""

import os
from pathlib import Path

from django.conf import settings
from procrastinate.contrib.django import app

from obieg.backup.command import backups_folder, documents_folder
from obieg.backup.making import make_backup, prune


@app.periodic(cron="41 2 * * *")
@app.task(name="backup.nightly", queueing_lock="backup.nightly")
def nightly(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Each night: a backup, and the oldest beyond the last two weeks go."""
    folder = backups_folder()
    make_backup(
        folder,
        url=os.environ["DATABASE_URL"],
        data=Path(settings.DATA),
        documents=documents_folder(),
    )
    prune(folder)
