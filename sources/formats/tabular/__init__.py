"""Tables of every format as records with named columns.

tables        HTML tables as people see them: spans, nesting, repeats
long_tables   HTML tables of very many rows, without a tree
column_names  columns' names, all different
delimited     CSV and fixed widths, line by line
workbooks     Excel workbooks
"""
