"""The demo office: an invented world, and the way it is put into an empty Obieg."""
