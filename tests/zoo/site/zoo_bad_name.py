"""Its name is not fit for a plugin."""
