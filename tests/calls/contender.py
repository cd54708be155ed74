"""A process of its own that calls KSeF as often as the limiter lets it; tells how it went."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def contend(client_id: int, reference: str, until: float) -> dict[str, int]:
    from django.db import connection

    from obieg.calls.gateways import open_gateway
    from obieg.core.errors import MustWait
    from obieg.ksef.errors import RateLimited
    from obieg.office.models import Client

    came = {"answered": 0, "waited": 0, "refused": 0}
    client = Client.objects.across_clients().get(pk=client_id)
    try:
        with open_gateway(client, purpose="wyścig") as gateway:
            while time.time() < until:
                try:
                    gateway.export_status(reference)
                    came["answered"] += 1
                except RateLimited:
                    came["refused"] += 1
                except MustWait:
                    came["waited"] += 1
                    time.sleep(0.02)
    finally:
        connection.close()
    return came


def main() -> None:
    import django

    django.setup()
    client_id, reference, seconds, threads = sys.argv[1:]
    print("ready", flush=True)
    sys.stdin.readline()
    until = time.time() + int(seconds)
    with ThreadPoolExecutor(int(threads)) as pool:
        runs = [pool.submit(contend, int(client_id), reference, until) for _ in range(int(threads))]
        json.dump([run.result() for run in runs], sys.stdout)


if __name__ == "__main__":
    main()
