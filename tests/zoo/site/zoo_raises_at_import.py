"""It fails when it is imported."""

raise ValueError("no data today")
