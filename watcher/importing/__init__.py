"""`watch import`: the jobs of another program, as sources; and a list of names, as entities.

run           the command: read, convert, look, show, ask, write
read_file     which format a file has, and its jobs
job           a job: what becomes a source, what of it has no counterpart, or why it was left out
targets       which kind reads what the filters of a job select
urlwatch      jobs.yaml of urlwatch and webchanges; urlwatch_filters: their filters
changedetection   the backup of changedetection.io; watch: one watch
opml          lists of feeds, read and written; export: the sources as such a list
url_list      a CSV file, or a plain list, of addresses
entities      a CSV file of names
xpath         XPath as CSS
json_paths    JSONPath and jq as JMESPath
wire          headers, cookies, proxies and time limits
bounded_yaml  YAML of limited size, depth and expansion
small_file    the bytes of a file, up to a limit
look          the kind that `watch add` would choose for an address
place         where the tables are written, after validation
"""
