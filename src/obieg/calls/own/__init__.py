"""An operator's own credentials: his page."""
