"""Reports of what the state says: each is one object, which a command prints, `--json` dumps, the API returns, and a
page renders.

model         what the objects have in common, and how their times are written
status        how the sources fare
why_due       why a source is checked when it is
schedule      the budget of requests, and what another one would bring
past          a register at an earlier time, an entry's life, what changed between two times; what is not known
past_text     the same as text
period        what changed in a period, by source and entity, and how closely that was watched
period_views  the same as text, as rows of a file, and as a page
tables        files of rows: CSV and XLSX, in which no cell acts as a formula
case          an entity's story: as text, as JSON, and as a page in a file
deliveries    deliveries, and what people do about them
feeds         Atom feeds of changes, and the secrets in the addresses of feeds and hooks
"""
