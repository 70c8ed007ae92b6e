"""Who is told what, and how.

matching    which watched entities an entry mentions
rules, timing, flapping, grouping   which events go to which channels, when, and what goes together
message     from events to a message
channel                             what a channel does: batches, limits, files, retries, giving up
send, service_answer                Apprise, and what the services said
case, proof                         an entity's story; a proof of one change
links                               which addresses from outside are shown as links
templating                          the HTML of all of them, from templates/
options, identifiers                what a configuration may say of entities and rules
"""
