"""Research environment for volunteering."""
