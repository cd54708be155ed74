"""Measuring suggestions: a year of documents and decisions played in order."""
