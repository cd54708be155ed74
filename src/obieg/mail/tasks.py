"""Mail's work as the engine runs it."""

from procrastinate.contrib.django import app

from obieg.mail import outbox


@app.task(name=outbox.SEND_LETTER)
def send_letter(letter_id: int) -> None:
    """One try to send a letter; it queues its own repetition."""
    outbox.send_letter(letter_id)
