"""What every page's frame needs."""

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, object]:
    """The places of the bar at the top, the current one marked."""
    match = request.resolver_match
    return {"place": match.url_name if match else ""}
