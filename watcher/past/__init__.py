"""The past before day one: captures that others kept of a source, read as its own pages are.

offers     what a witness offers: captures with their times, each with what answers a request of the source; a
           folder of dated files
gits       a file in the commits of a git repository
warcs      WARC files, of crawlers and archives
wayback    a web archive
layouts    which options read the pages of a time
reading    reads captures in the order of time, believes or skips each, and writes what it said
command    `watch past`: one witness of one source, and what is printed of it
all        `watch past --all`: a web archive for each source, beside a daemon
table      what a dry run prints: the captures as a table, and how those of another layout can be read
"""
