"""The watch's work as the engine runs it."""

from procrastinate.contrib.django import app

from obieg.watch import alerts, webhook
from obieg.watch.completeness import comparing, nights
from obieg.watch.models import Post


@app.periodic(cron="*/5 * * * *")
@app.task(name="watch.look", queueing_lock="watch_look")
def look(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Every five minutes: look, raise and end alerts, tell of them."""
    alerts.watch()


@app.task(name=Post.JOB)
def send_post(post_id: int) -> None:
    """One try to call the webhook; it queues its own repetition."""
    webhook.send_post(post_id)


@app.periodic(cron="37 23 * * *")  # UTC: after midnight in Warsaw, all year
@app.task(name="watch.compare_all", queueing_lock="watch_compare_all")
def compare_all(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Each night: forget what is old, queue the comparisons with KSeF, spread until the morning."""
    webhook.forget_old()
    nights.plan_night()


@app.task(name=nights.COMPARE)
def compare(comparison_id: int) -> None:
    """The next steps of a comparison; it queues its own continuation."""
    comparing.carry_on(comparison_id)
