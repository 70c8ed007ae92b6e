"""For plugin writers: `Columns`, which makes `Rows` of a table's records as the options key, title and fields say.

`Names` is the type of those options; `unique_names` makes all headings of a table different.
"""

from sources.extract.columns import Columns, Names
from sources.formats.tabular.column_names import unique_names

__all__ = ["Columns", "Names", "unique_names"]
