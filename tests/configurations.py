"""Parts of configurations that many tests begin with."""

from __future__ import annotations

LOOPBACK = '[http]\nprivate_addresses = "allow"\nspacing = "0s"\n'
"""Sites on loopback, asked as often as a test likes."""

DESK = """
[channels.desk]
url = "{hook}/hook"
[[alerts]]
to = ["desk"]
"""
"""A desk that hears of every change; to be formatted with the address of its webhook's site as `hook`."""

LIST = f"""
{LOOPBACK}
[sources.list]
kind = "json"
url = "{{site}}/list"
items = "@"
key = "name"
"""
"""A register on a site on loopback, asked as often as a test likes; to be formatted with its address as `site`."""
