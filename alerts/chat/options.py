"""The tables `[bots.*]`."""

from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from sources.options import OptionTable

TELEGRAM = "https://api.telegram.org"
SLACK = "https://slack.com/api"


class BotOptions(OptionTable):
    """A bot in a chat service: it sends messages with buttons, takes presses, and answers questions."""

    kind: Literal["telegram", "slack"] = Field(description="the service")
    token: str = Field(min_length=1, repr=False, description="the bot's token, as ${NAME} or ${credential:NAME}")
    app_token: str | None = Field(
        default=None, repr=False, description='slack: the token of the app for Socket Mode, "xapp-..."'
    )
    chats: tuple[str, ...] = Field(
        min_length=1, description="the only chats whose presses and questions count, by their ids"
    )
    users: dict[str, str] = Field(
        default_factory=dict,
        description='who may press, by the id in the service: { "123456" = "anna" }, a user of [web.users];'
        " default: whoever is in the chats",
    )
    api: str | None = Field(default=None, description="the address of the service's API, if it is another one")

    @field_validator("chats", mode="before")
    @classmethod
    def _are_texts(cls, given: object) -> object:
        return tuple(map(str, given)) if isinstance(given, list | tuple) else given  # ids are numbers in Telegram

    @model_validator(mode="after")
    def _has_its_tokens(self) -> Self:
        if (self.kind == "slack") != (self.app_token is not None):
            raise ValueError('"app_token" is for kind = "slack", which needs it: by it Slack tells of presses')
        return self

    @property
    def address(self) -> str:
        """Where the API is, without a slash at the end."""
        return (self.api or (TELEGRAM if self.kind == "telegram" else SLACK)).rstrip("/")
