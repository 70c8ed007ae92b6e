"""A browser: from a `Get` to the page as Chromium renders it.

Only this package imports playwright, and only once a page is to be rendered.

fetcher     chooses for each source between `sources.http` and the browser: what a cycle uses
session     one check's visits: each in a context of its own, with the cookies of the one before
chromium    the browser that all sources share: found, started, kept while it is used, ended
home        the folder of a browser, which a program that was killed leaves to the next one
memory      the memory of a browser's processes, and who exceeds the limit
gateway     the proxy that all traffic of one visit goes through: addresses, bytes, reasons
forwarding  HTTP of that proxy: heads of requests and responses. Pure
visit       one visit: go there, do the steps, wait, take the document
steps       does the steps of a source, and waits for what they wait for
picture     the screenshot of a page, and the places on it
isolated_world  evaluates where the page's scripts have replaced nothing
traffic     the requests of a visit: which are under way or broke off, and the responses for evidence
document    a rendered document as a Page, or the error that it is
errors      what the browser reports as our errors. Pure
"""
