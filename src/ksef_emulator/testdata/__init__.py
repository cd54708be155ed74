"""Test data: subjects, persons, permissions, blocks, as the test environment offers them."""
