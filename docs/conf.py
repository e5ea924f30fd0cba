"""Sphinx: builds offline; a warning is an error (`make docs`)."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from volresearch import __version__

project = "volresearch"
author = "volresearch contributors"
copyright = author
release = version = __version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "volresearch_reference"]
exclude_patterns = ["_build", "jupyter_execute", "examples", "**/.ipynb_checkpoints"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

# Pages are executed while they are built, in a folder of their own; a failing cell fails the build.
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_execution_timeout = 180
nb_merge_streams = True
# The widget manager would come from a CDN; no page of ours shows a live widget.
nb_ipywidgets_js = {}

autodoc_typehints = "none"
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = f"volresearch {release}"
html_static_path = ["_static"]
html_show_sourcelink = False
html_copy_source = False
