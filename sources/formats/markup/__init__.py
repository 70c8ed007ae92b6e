"""HTML and XML: trees, streams of elements, and the places in them that options name.

html         pages as lxml trees; the visible text of elements
xml_stream   XML as a stream of elements
xml_options  evaluates options on elements that are items
selectors    CSS and JMESPath, validated at load
css_places   CSS with an attribute: the place of a value
links        resolves links, which may be malformed
"""
