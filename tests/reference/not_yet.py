"""Statistics and designs that no runner covers yet. This file shrinks to nothing; a case that is neither run nor named here fails."""

STATISTICS: set[str] = {
    "Rao-Scott / Wald test, Chisq",
    "Rao-Scott / Wald test, F",
    "Rao-Scott / Wald test, Wald",
    "Rao-Scott / Wald test, adjWald",
    "Rao-Scott / Wald test, lincom",
    "Rao-Scott / Wald test, saddlepoint",
    "Rubin combination",
    "Rubin combination with complete-data df",
    "Rubin combination, domain mean",
    "Rubin combination, domains",
    "Rubin combination, mean",
    "chisq",
    "design-based rank test KruskalWallis",
    "design-based rank test median",
    "design-based rank test vanderWaerden",
    "design-based rank test wilcoxon",
    "one-sample t test",
    "ttest",
    "two-group t test",
}
REPLICATES = False
