"""The test kit for plugin authors: one import, no plugin of pytest, nothing global.

from volresearch.testing import PluginTests

class TestConformance(PluginTests):
    folder = Path(__file__).parents[1]
"""

from volresearch.testing.kit import PluginTests, catalog_of

__all__ = ["PluginTests", "catalog_of"]
