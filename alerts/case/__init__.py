"""An entity's case: what every source said of it. Pure.

story       the events in order of time, grouped
syndicated  reports that are one report published twice
html        the case as a page
style       the page's style sheet
"""
