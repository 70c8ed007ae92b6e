"""HTML and XML: trees, streams of elements, and the places in them that options name.

html         pages as lxml trees; elements as a reader sees them
xml_stream   XML as a stream of elements
xml_options  what options find in elements that are items
selectors    CSS and JMESPath, checked when they are loaded
css_places   CSS with an attribute: where a value stands
links        links as pages write them
"""
