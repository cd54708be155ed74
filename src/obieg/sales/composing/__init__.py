"""From a draft's content to the FA(3) record, and back."""
