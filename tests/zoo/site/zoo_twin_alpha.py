"""One of two distributions that bring a plugin of one name."""

from volresearch.plugins import FolderPlugin

plugin = FolderPlugin("zoo_twin", root="no-such-folder", title={"en": "Twin alpha"})
