"""Its entry point names a thing that it does not have."""
