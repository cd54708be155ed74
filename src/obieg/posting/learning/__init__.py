"""The engine that learns: what a client's own decisions, and the office's, say about a line."""
