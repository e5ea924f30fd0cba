"""It says who it is in the wrong way."""

from volresearch.plugins import hookimpl


@hookimpl
def volresearch_plugin():
    return "zoo_not_a_plugin_info"
