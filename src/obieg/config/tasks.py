"""Housekeeping of the background work itself."""

import structlog
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from obieg.logins import pace

log = structlog.get_logger(__name__)

SILENCE = 30  # seconds without a heartbeat after which a worker counts as dead
ATTEMPTS = 10  # a job that was cut short this often probably kills its worker itself
KEPT = 90 * 24  # hours that jobs which ended badly stay to be looked at


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  passed by the engine
    """Give the jobs of dead workers back to the queue, with the locks that they hold."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENCE):
        if job.attempts < ATTEMPTS:
            log.warning("stalled_job_retried", job=job.id, task=job.task_name)
            await jobs.retry_job(job)
        else:
            log.error("stalled_job_given_up", job=job.id, task=job.task_name)
            await jobs.finish_job(job, status=Status.FAILED, delete_job=False)
    await jobs.prune_stalled_workers(SILENCE)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  passed by the engine
    """Forget jobs that failed long ago; those that succeeded are gone already."""
    await context.app.job_manager.delete_old_jobs(
        KEPT, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="23 3 * * *")
@app.task(queueing_lock="forget_paces")
def forget_paces(timestamp: int) -> None:  # noqa: ARG001  passed by the engine
    """Forget who asked fast long ago."""
    pace.forget_old()
