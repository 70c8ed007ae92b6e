"""Lists of other programs, read within limits: their jobs.

read_file     the bytes of a file, up to a limit, which format it has, and its jobs
urlwatch      jobs.yaml of urlwatch and webchanges; urlwatch_filters: their filters
changedetection   the backup of changedetection.io; watch: one watch; backup_settings: what holds for all
opml          lists of feeds
url_list      a CSV file, or a plain list, of addresses
bounded_yaml  YAML of limited size, depth and expansion
"""
