"""From values to pages.

render       the templates, and what they may use
sparkline    a line of numbers as SVG
source_view  a source's configuration, and a week of its rhythm
"""
