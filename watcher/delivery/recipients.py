"""The recipient of a message, from the configuration."""

from __future__ import annotations

from collections.abc import Sequence

from alerts.message.recipient import Recipient
from alerts.rules import hears_of_health, is_escalated, promise
from alerts.signed_links import Sign, no_link
from state.model import Event, EventKind
from watcher.config.load import Config


def recipient_of(
    config: Config, channel: str, events: Sequence[Event] = (), proven: Sequence[int] = (), sign: Sign = no_link
) -> Recipient:
    """A channel as the recipient of a message about events.

    `proven` are the events whose proof is to be attached; `sign` makes links for what somebody has to answer.
    """
    chosen = config.channels[channel]
    baselines = (event for event in events if event.kind is EventKind.BASELINE)
    return Recipient(
        form=chosen.service().form,
        operator=hears_of_health(channel, config.alerts),
        promises={event.source: promise(event, channel, config.alerts) for event in baselines},
        attached=chosen.attached(proven) if config.evidence else frozenset(),
        desk=config.web.base_url,
        sign=sign,
        escalated=frozenset(event.id for event in events if is_escalated(event, config.alerts)),
    )
