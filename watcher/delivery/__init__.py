"""Sends what is in the outbox.

deliver           claim, compose, send, record
recipients        what a channel shows, and what it hears of
citations         what the state knows of the entities in a message
attachments       the proofs that go along
added_entities    an entity that was added is told of once
operator_alerts   alerts about the service itself: the events of the three below
failing_channels  alerts about channels that fail
refused_config    alerts about a refused configuration
unproven_pages    alerts about pages that cannot be kept as evidence
"""
