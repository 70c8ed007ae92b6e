"""For plugin writers: `Rows`, records of one table that are read many at a time."""

from sources.model.entry import Rows

__all__ = ["Rows"]
