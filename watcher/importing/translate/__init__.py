"""From what other programs call a thing to what it is called here.

targets     which kind reads what the filters of a job select
xpath       XPath as CSS
json_paths  JSONPath and jq as JMESPath
wire        headers, cookies, proxies and time limits
"""
