"""The office: operators and their rights, clients, scoping of access, the trail of events."""
