"""Reports: a folder with ``report.yaml`` and a template notebook becomes one self-contained page per call.

Read in this order: `declaration` (what a report declares), `notebooks` (templates and parameters), `jobs` (what
engines are asked), `zygote` and `inprocess` (the fast engine), `exporter` (the page), `batch` (many pages).
"""
