"""The catalog: ids become records, records become opened objects."""

from volresearch.catalog.catalog import Catalog, default_catalog

__all__ = ["Catalog", "default_catalog"]
