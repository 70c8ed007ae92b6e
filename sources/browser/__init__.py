"""A browser: from a `Get` to the page as Chromium renders it.

Only this package imports playwright, and only once a page is to be rendered.

fetcher     chooses for each source between `sources.http` and the browser: what a cycle uses
session     one check's visits: each in a context of its own, with the cookies of the one before; a rendered document
            as a Page, or the error that it is
chromium    the browser that all sources share: found, started, kept while it is used, ended; its folder and memory
gateway     the proxy that all traffic of one visit goes through: addresses, bytes, reasons
visit       one visit: go there, do the steps, wait, take the document and a screenshot; its requests: which are under
            way or broke off, and the responses for evidence
steps       what is done on a page before it is read, also again and again until a list ends
"""
