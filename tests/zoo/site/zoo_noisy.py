"""A working plugin that prints when it is imported."""

from volresearch.plugins import FolderPlugin

print("welcome to the noisy plugin")
plugin = FolderPlugin("zoo_noisy", root="no-such-folder")
