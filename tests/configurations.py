"""Parts of configurations that many tests begin with."""

from __future__ import annotations

LIST = """
[http]
private_addresses = "allow"
spacing = "0s"

[sources.list]
kind = "json"
url = "{site}/list"
items = "@"
key = "name"
"""
"""A register on a site on loopback, asked as often as a test likes; to be formatted with its address as `site`."""
