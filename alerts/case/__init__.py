"""An entity's case: what every source said of it. Pure.

story       the events in order of time, grouped
syndicated  reports that are one report published twice
html        the case as a page, by templates/case.html.j2
view        what the page shows
"""
