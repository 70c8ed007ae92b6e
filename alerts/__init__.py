"""Which events are alerted to which channels, when, and in what words.

matching                which watched entities an entry mentions
recognition             finds names in texts; independent of the rest
rules, timing, grouping which events go to which channels, when, and in which message
event                   a change as JSON, and the conditions over it
message                 from events to a message
language, translation   the language of people; what a machine translates of a change
screening               how much somebody has in common with an entry of a list
chat                    messages with buttons
channel                 a channel: its options, batches, limits, files, retries, giving up
send, apprise_service   messages through Apprise, and what it knows of a channel's service
webhook, service_answer events posted to programs, and the services' answers
case, proof             an entity's story; a proof of one change
links                   which foreign addresses are shown as links; signed links of the desk
templating              the HTML of all of them, from templates/
options                 the configuration of entities and rules
"""
