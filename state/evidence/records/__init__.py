"""What a capture consists of, as WARC records. Pure.

page_records      a page's request and response as records, without secrets
rendered_records  the same of a page that a browser rendered
marked_places     where its screenshot shows what has changed
capture_record    the description of a check, its pages and its changes
warc              records to bytes, and bytes to records
"""
