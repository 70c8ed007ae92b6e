"""Sends what is in the outbox.

deliver           claim, compose, send, record
citations         what a channel shows and gets, and what the state knows of the entities in a message
translations      asks an engine for translations and summaries, in a thread of its own, within limits, each text once;
                  switches off one at fault. What of changes is asked for
engines           machine translation: what an engine is asked, and how its answer is read
questions         what people are asked to approve, or to acknowledge
letters           what readers are sent of what they follow: rounds, texts, deliveries
following         what a reader follows and may see of some changes
push              one alert to a browser, encrypted and signed
added_entities    alerts once about stored entries that mention an added entity
operator_alerts   alerts about the service itself: channels that fail, a refused configuration, pages that cannot be
                  kept as evidence, conditions of rules and templates of channels that cannot be applied
"""
