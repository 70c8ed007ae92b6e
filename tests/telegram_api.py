"""Telegram's API as its documentation describes it, played on loopback: https://core.telegram.org/bots/api

Updates are given out until a later `offset` confirms them, as Telegram does. A text is checked as Telegram would: its
length, and that its tags are known, nested and closed.
"""

from __future__ import annotations

import json
import re
import threading
from html import unescape
from typing import Any

TOKEN = "123456789:abcdefg_hijklmnopqrstuvwxyz"
_TAGS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "blockquote", "a"}


class RefusedError(Exception):
    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.told = {"ok": False, "error_code": status, "description": description}
        self.told |= {"parameters": parameters} if parameters else {}
        self.status = status


class TelegramServer:
    """A bot's side of Telegram. `messages` are those of all chats by number, `toasts` what was answered to presses."""

    def __init__(self, site: Any, token: str = TOKEN) -> None:
        self.messages: dict[int, dict[str, Any]] = {}
        self.toasts: list[tuple[str, str]] = []
        self.calls: list[str] = []
        self.refuse: dict[str, RefusedError] = {}  # by method; "" for all
        self.updates: list[dict[str, Any]] = []
        self.documents: list[bytes] = []
        self.longest_wait = 0.3  # seconds that getUpdates waits here
        self._news, self._site, self._number = threading.Condition(), site, 0
        for method in ("getUpdates", "sendMessage", "editMessageText", "answerCallbackQuery", "sendDocument"):
            site.page(f"/bot{token}/{method}", self._answerer(site, method))

    def _answerer(self, site: Any, method: str) -> Any:
        def answer(asked: Any) -> Any:
            self.calls.append(method)
            try:
                if refused := self.refuse.get(method) or self.refuse.get(""):
                    raise refused
                is_json = asked.headers.get("content-type", "") == "application/json"
                result = getattr(self, f"_{method}")(json.loads(asked.body) if is_json else asked.body)
                return site.Reply({"ok": True, "result": result}, type="application/json")
            except RefusedError as error:
                return site.Reply(error.told, error.status, type="application/json")

        return answer

    def _sendMessage(self, fields: dict[str, Any]) -> dict[str, Any]:
        self._check(fields)
        with self._news:
            number = max(self.messages, default=100) + 1
            self.messages[number] = {**fields, "chat": str(fields["chat_id"])}
        return {"message_id": number, "chat": {"id": fields["chat_id"]}, "text": fields["text"]}

    def _editMessageText(self, fields: dict[str, Any]) -> dict[str, Any]:
        self._check(fields)
        message = self.messages.get(fields["message_id"])
        if message is None or message["chat"] != str(fields["chat_id"]):
            raise RefusedError(400, "Bad Request: message to edit not found")
        if all(message.get(name) == fields.get(name) for name in ("text", "reply_markup")):
            raise RefusedError(400, "Bad Request: message is not modified")
        message |= fields
        return {"message_id": fields["message_id"]}

    def _answerCallbackQuery(self, fields: dict[str, Any]) -> bool:
        if len(fields.get("text", "")) > 200:
            raise RefusedError(400, "Bad Request: MESSAGE_TOO_LONG")
        self.toasts.append((fields["callback_query_id"], fields.get("text", "")))
        return True

    def _sendDocument(self, body: bytes) -> dict[str, Any]:
        self.documents.append(body)
        return {"message_id": 0}

    def _getUpdates(self, fields: dict[str, Any]) -> list[dict[str, Any]]:
        with self._news:
            self.updates = [each for each in self.updates if each["update_id"] >= fields.get("offset", 0)]
            left = min(fields.get("timeout", 0), self.longest_wait)
            while not self.updates and left > 0 and not self._site.closing.is_set():
                self._news.wait(min(left, 0.1))  # the site waits for this answer when it closes
                left -= 0.1
            return self.updates[: fields.get("limit", 100)]

    def _check(self, fields: dict[str, Any]) -> None:
        text, still_open = fields["text"], list[str]()
        for close, tag in re.findall(r"<(/?)(\w+)[^>]*>", text):
            if tag not in _TAGS or (close and (not still_open or still_open.pop() != tag)):
                raise RefusedError(400, f"Bad Request: can't parse entities: {tag}")
            still_open += [] if close else [tag]
        shown = unescape(re.sub(r"<[^>]*>", "", text))
        if still_open or not 0 < len(shown) <= 4096:
            raise RefusedError(400, "Bad Request: message is too long, or a tag is open")
        for row in fields.get("reply_markup", {}).get("inline_keyboard", ()):
            for key in row:
                if len(key.get("callback_data", "").encode()) > 64:
                    raise RefusedError(400, "Bad Request: BUTTON_DATA_INVALID")

    def shown(self, chat: str) -> str:
        """What stands in a chat, without its tags."""
        texts = (each["text"] for each in self.messages.values() if each["chat"] == chat)
        return "\n---\n".join(unescape(re.sub(r"<[^>]*>", "", text)) for text in texts)

    def keys(self, chat: str) -> list[dict[str, str]]:
        """The buttons of the last message in a chat."""
        *_, message = (each for each in self.messages.values() if each["chat"] == chat)
        return [key for row in message.get("reply_markup", {}).get("inline_keyboard", ()) for key in row]

    def data(self, chat: str, verb: str) -> str:
        """What the button for a verb says, of the last message in a chat."""
        return next(key["callback_data"] for key in self.keys(chat) if key.get("callback_data", "").startswith(verb))

    def press(self, chat: str, data: str, who: int = 7, name: str = "Anna", number: str = "") -> str:
        """Somebody presses a button; the number of the press."""
        remote = next((at for at, each in self.messages.items() if each["chat"] == chat), 0)
        message = {"message_id": remote, "chat": _chat(chat)}
        return self._put("callback_query", {"from": _person(who, name), "message": message, "data": data}, number)

    def write(self, chat: str, text: str, who: int = 7, name: str = "Anna") -> str:
        """Somebody writes in a chat."""
        return self._put("message", {"from": _person(who, name), "chat": _chat(chat), "text": text}, "")

    def _put(self, kind: str, what: dict[str, Any], number: str) -> str:
        with self._news:
            self._number += 1
            number = number or f"{9000 + self._number}"
            self.updates.append({"update_id": self._number, kind: {"id": number, **what}})
            self._news.notify_all()
        return number


def _chat(chat: str) -> dict[str, Any]:
    return {"id": int(chat), "type": "supergroup"}


def _person(who: int, name: str) -> dict[str, Any]:
    return {"id": who, "is_bot": False, "first_name": name}
