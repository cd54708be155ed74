"""A faithful local KSeF 2.9: the Ministry's e-invoicing API for tests, training and demos."""

__version__ = "0.1.0"
