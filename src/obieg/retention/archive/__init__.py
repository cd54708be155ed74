"""The file with a client's data: what is in it, and how it is written without holding it."""
