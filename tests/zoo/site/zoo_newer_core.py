"""It uses a module that this volresearch does not have."""

from volresearch.teleport import go  # noqa: F401
