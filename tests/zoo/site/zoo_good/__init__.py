"""A working plugin made of a folder."""

from volresearch.plugins import FolderPlugin

plugin = FolderPlugin(
    "zoo_good", root=__path__[0], title={"en": "A good plugin"}, maintainer="The keeper <keeper@example.org>"
)
