"""From a draft's content to the FA(3) record, and back: the doors of `composing`."""

from obieg.sales.composing.losses import lost_by_form
from obieg.sales.composing.reading import content_of
from obieg.sales.composing.record import compose

__all__ = ["compose", "content_of", "lost_by_form"]
