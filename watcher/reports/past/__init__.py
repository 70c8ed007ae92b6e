"""What a register said at an earlier time.

question    what is asked: a source, a time; and what can be answered
shapes      entries and answers as JSON
gap_words   what is not known, in words
printing    answers as text
tables      rows in a file: CSV and XLSX, in which no cell acts as a formula
entry_file  the entries of a time in such a file
"""
