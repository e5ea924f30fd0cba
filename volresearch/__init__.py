"""Research environment for volunteering."""

__version__ = "0.1.0"
