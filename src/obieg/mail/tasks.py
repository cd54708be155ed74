"""Mail's work as the engine runs it."""

from procrastinate.contrib.django import app

from obieg.mail import outbox
from obieg.mail.models import Letter


@app.task(name=Letter.JOB)
def send_letter(letter_id: int) -> None:
    """One try to send a letter; it queues its own repetition."""
    outbox.send_letter(letter_id)
