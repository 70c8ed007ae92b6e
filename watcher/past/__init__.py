"""The past before day one: captures that others kept of a source, read as its own pages are.

offers     what a witness offers: captures with their times, each with what answers a request of the source; which of
           them are read; the witnesses at hand: a folder of dated files, and a file in a git repository
warcs      WARC files, of crawlers and archives
wayback    a web archive
reading    reads captures in the order of time by the options for it, believes or skips each, and writes what it said
command    `watch past`: one witness of one source, or a web archive for each; and what is printed of it:
           of a dry run also how captures of another layout can be read
"""
