"""It wants to stand in for the built-in plugin."""

from volresearch.plugins import FolderPlugin

plugin = FolderPlugin("core", root="no-such-folder")
