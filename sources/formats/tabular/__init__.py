"""Tables of all formats as records with named columns.

tables        HTML tables as displayed: spans, nesting, repeated headings
which_table   the table of a page that is meant
long_tables   HTML tables of very many rows, without a tree
column_names  unique names of columns
delimited     CSV and fixed widths, line by line
workbooks     Excel workbooks
"""
