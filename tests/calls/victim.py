"""A worker that ends a cooperation and can be killed at any step of it."""

import os

from tests.inbox.victim import answer_orders


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "obieg.config.settings"
    import django

    django.setup()
    from obieg.calls import ending, revoking

    answer_orders({"ending": ending.carry, "revoking": revoking.carry})


if __name__ == "__main__":
    main()
