"""Logging in: passwords, second factor, sessions of browsers, and delays for who guesses."""
