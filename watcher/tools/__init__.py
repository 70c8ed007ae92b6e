"""What several commands use.

open_existing    opens a state without creating one
arguments        parses the arguments that commands share
limit            the option --limit
try_source       reads one source without checking it
deliveries       the list of deliveries, and what is done about them
decisions        what people decide: approve, reject, snooze
rule_trial       which alert rules are for a change, and why others are not
replay           checks a source over pages of the past
saved_pages      serves a saved page in place of a site
feeds            Atom feeds of changes, for the desk and for `watch feed`
suspicious       a held snapshot: what it would bring, and taking it
case             a case as text, as JSON and as a file
schedule         why a source is checked when it is, and how the budget is used
address_keys     the secrets in addresses of the desk: of feeds, and of hooks
status_json      a source's health, and a delivery, as JSON
report           what a check came to
past             a register at an earlier time, an entry's life, what changed between two times
period           what changed in a period, by source and entity, and how closely that was watched
new_file         files that commands make, each written whole or not at all
"""
