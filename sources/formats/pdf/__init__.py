"""PDF files: their tables by pdfplumber, their text by PDFium. Both need the extra `pdf`.

document   opens a file, within limits; what cannot be read is a typed failure
tables     the rows of tables over all pages
text       the text of each page
direction  from the order in which Hebrew and Arabic are printed to that in which they are read
"""
