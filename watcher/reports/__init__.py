"""Reports of what the state says: each is one value, which a command prints, `--json` dumps, and the desk shows.

status        how the sources fare
why_due       why a source is checked when it is
schedule      the budget of requests, and what another one would bring
past          a register at an earlier time, an entry's life, what changed between two times
period        what changed in a period, by source and entity, and how closely that was watched
case          an entity's story: as text, as JSON, and as a page in a file
deliveries    the list of deliveries, and what is done about them
decisions     what people decide: approve, reject, snooze
feeds         Atom feeds of changes, for the desk and for `watch feed`
address_keys  the secrets in addresses of the desk: of feeds, and of hooks
status_json   a source's health, and a delivery, as JSON
"""
