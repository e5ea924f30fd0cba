"""Disclosure control and the only exporters."""

from volresearch.release.control import PUBLISHED, Release, ReleaseRecord, release_result

__all__ = ["PUBLISHED", "Release", "ReleaseRecord", "release_result"]
