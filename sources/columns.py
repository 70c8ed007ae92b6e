"""For plugin writers: `Columns`, which makes `Rows` of a table's records as the options key, title and fields say.

`Names` is the type of those options; `unique_names` makes all headings of a table different.
"""

from sources.formats.delimited import unique_names
from sources.pagination.columns import Columns, Names

__all__ = ["Columns", "Names", "unique_names"]
