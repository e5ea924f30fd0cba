"""Models and tests on survey data: point fits, then design-based covariance from the scores.

statsmodels fits; this package takes the scores of the fit to the design and builds the sandwich around them.
"""
