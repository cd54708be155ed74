"""Corrections: their contents by verb, from any invoice as it stands now, and their drafts."""

from obieg.sales.corrections.drafting import WAYS, draft_correction, keep_correction, wrong_buyer
from obieg.sales.corrections.rebates import Rebate, Sold, rebate, sold_on
from obieg.sales.corrections.state import Elsewhere, Original, Standing, standing_of
from obieg.sales.corrections.verbs import (
    again_for,
    by_hand,
    change_parties,
    collective,
    correction_of,
    to_zero,
)

__all__ = [
    "WAYS",
    "Elsewhere",
    "Original",
    "Rebate",
    "Sold",
    "Standing",
    "again_for",
    "by_hand",
    "change_parties",
    "collective",
    "correction_of",
    "draft_correction",
    "keep_correction",
    "rebate",
    "sold_on",
    "standing_of",
    "to_zero",
    "wrong_buyer",
]
