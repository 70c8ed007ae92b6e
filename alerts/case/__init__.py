"""An entity's case: the changes that mention it, over all sources. Pure.

story       the events in order of time, grouped
syndicated  recognises one report published by several outlets
html        the case as a page, by templates/case.html.j2
view        the values that the page shows
"""
