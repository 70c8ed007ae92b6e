"""Reports of what the state says: each is one object, which a command prints, `--json` dumps, the API returns, and a
page renders.

model       what the objects have in common, and how their times are written
status      how the sources fare
schedule    why a source is checked when it is; the budget of requests, and what another one would bring
past        a register at an earlier time, an entry's life, what changed between two times; what is not known
period      what changed in a period, by source and entity, and how closely that was watched
tables      files of rows: CSV and XLSX, in which no cell acts as a formula
case        an entity's story: as text, as JSON, and as a page in a file
deliveries  deliveries, and what people do about them
feeds       Atom feeds of changes, and the secrets in the addresses of feeds and hooks
"""
