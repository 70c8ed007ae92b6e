"""From what other programs call a thing to what it is called here.

targets     which kind reads what the filters of a job select
json_paths  JSONPath and jq as JMESPath
wire        the address, headers, cookies, proxies and time limits
requests    methods, forms and documents to send, dates in them
browser_steps  what is done in a browser before the page is read
"""
