"""The pages of personal data."""
