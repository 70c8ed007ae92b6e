"""From values to pages.

render     the templates, and what they may use
sparkline  lines of numbers as SVG: a source's entries and changes, and a week of its rhythm
"""
