"""Statistics and designs that no runner covers yet. This file shrinks to nothing; a case that is neither run nor named here fails."""

STATISTICS: set[str] = set()
REPLICATES = False
