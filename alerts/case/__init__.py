"""An entity's case: the changes that mention it, over all sources. Pure.

story       the events in order of time, grouped
view        the case as a page, by templates/case.html.j2, and the values that it shows
"""
