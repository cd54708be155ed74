"""What is kept no longer than somebody may ask for it."""

from datetime import timedelta

from ksef_emulator.world import World

CHALLENGES_KEPT = timedelta(days=1)
EXPORTS_KEPT = timedelta(days=30)


def clean(world: World) -> None:
    """Remove old challenges, exports and packages; reference numbers begin with their day."""
    now = world.clock.now()
    packages = now - timedelta(days=1, seconds=world.settings.package_lifetime)
    with world.db.transaction():
        for kind, kept in (("challenge", CHALLENGES_KEPT), ("export", EXPORTS_KEPT)):
            world.db.execute(
                "DELETE FROM records WHERE kind = ? AND key < ?", (kind, f"{now - kept:%Y%m%d}")
            )
        world.db.execute(
            "DELETE FROM blobs WHERE key GLOB '[0-9]*-EH-*' AND key < ?", (f"{packages:%Y%m%d}",)
        )
