"""How far two texts begin alike. Pure."""

from __future__ import annotations


def common_prefix(one: str, other: str) -> int:
    """The length of the common prefix, by bisection: two slices are compared far faster than their characters."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low
