"""ntfy: messages with buttons, each of which is a request that the phone itself sends to a signed link.

https://docs.ntfy.sh/publish: what is published again under a message's sequence id takes its place, from ntfy 2.16 on;
before it is a further message. Import this module only to send.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from alerts.apprise_service import service_of
from alerts.chat.bot import Button, Buttons, Clock, Link, Sent, name_button
from alerts.message.recipient import File
from alerts.service_answer import ServiceAnswer, redact
from alerts.webhook import post_content
from sources.options import HttpOptions
from sources.secrets import Secrets
from state.model import Message

_CLOUD = "https://ntfy.sh"
_MOST, _LONGEST = 3, 4_000  # actions; bytes of a text
# What Apprise's URLs say, with its header: of all that is published, and of news alone
_LOOK = {"xtags": "X-Tags", "click": "X-Click", "avatar_url": "X-Icon"}
_NEWS = {"priority": "X-Priority", "delay": "X-Delay", "email": "X-Email", "attach": "X-Attach"}


class NtfyChat:
    """The topics of a channel's URL: a `ButtonChat`."""

    def __init__(self, url: str, link: Link, secrets: Secrets, http: HttpOptions, clock: Clock) -> None:
        self._url, self._link, self._secrets, self._http, self._clock = url, link, secrets, http, clock
        service: Any = service_of(url)
        self._topics: Sequence[str] = service.topics
        place = urlsplit(service.url())
        at = place.netloc if service.user else place.netloc.rpartition("@")[2]  # else before "@" is a token
        own = f"{'https' if service.secure else 'http'}://{at}"
        self._address, told = _CLOUD if service.mode == "cloud" else own, parse_qs(place.query)
        self._look, self._news = (
            {header: told[name][-1] for name, header in names.items() if name in told} for names in (_LOOK, _NEWS)
        )
        if service.token:
            self._look["Authorization"] = f"Bearer {service.token}"

    def send(self, message: Message, files: Sequence[File], buttons: Buttons) -> Sent | ServiceAnswer:  # noqa: ARG002 - what is published as JSON has none
        """Publish a message to each topic, again where one of them did not take it. The topics are secret, and so no
        part of where it is.
        """
        return self._publish(message, message.text, buttons, self._news) or Sent("ntfy", message.key)

    def show(self, sent: Sent, message: Message, said: Sequence[str], buttons: Buttons) -> ServiceAnswer | None:  # noqa: ARG002 - the key says where it is
        """Publish what was decided in the place of the message, without a sound."""
        return self._publish(message, "\n".join([*said, "", message.text]), buttons, {"X-Priority": "2"})

    def _publish(
        self, message: Message, text: str, buttons: Buttons, headers: Mapping[str, str]
    ) -> ServiceAnswer | None:
        content = {
            "title": message.title,
            "message": text.encode()[:_LONGEST].decode(errors="ignore"),
            "sequence_id": message.key,
            "actions": [self._action(message.key, each) for each in buttons[:_MOST]],
        }
        headers = {"Content-Type": "application/json", **self._look, **headers}
        for topic in self._topics:
            body = json.dumps(content | {"topic": topic}, ensure_ascii=False).encode()
            if answer := post_content(self._address, body, headers, self._http, self._clock):
                return answer._replace(said=redact(answer.said, self._url, self._secrets))
        return None

    def _action(self, key: str, button: Button) -> Mapping[str, Any]:
        """A button as ntfy has it. The phone takes the message away once what it asks for is done."""
        if button.url:
            return {"action": "view", "label": button.label, "url": button.url}
        url = self._link(name_button(button.verb, key))
        return {"action": "http", "label": button.label, "url": url, "method": "POST", "clear": True}
