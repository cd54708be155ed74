"""Sales: drafts, numbering, checking, sending to KSeF, UPO, corrections, offline modes."""
