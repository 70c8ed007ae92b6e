"""The tables `[translate]` and `[summarize]`: which engine is asked, of what, and how much."""

from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Annotated, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from alerts.language import Language
from alerts.timing import MessageRate, Rate
from sources.options import Duration, OptionTable
from sources.text import listing

_NEEDS = {"libretranslate": ["url"], "deepl": ["key"], "openai": ["url", "model"], "argos": list[str]()}


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError('has to be a web address without a query, such as "http://127.0.0.1:5000"')
    return url.rstrip("/")


class TranslateOptions(OptionTable):
    """`[translate]`: a machine translates what messages show in another language than the reader's."""

    table: ClassVar = "translate"

    engine: Literal["libretranslate", "deepl", "openai", "argos"] = Field(
        description='"openai" is any server with the same calls; "argos" runs here, without a network'
    )
    url: Annotated[str, AfterValidator(_address)] | None = Field(
        default=None, description="the server's base, or the full address of its call; default of DeepL: by the key"
    )
    key: str | None = Field(default=None, min_length=1, repr=False, description="the key of an account there")
    model: str | None = Field(default=None, min_length=1, description='of "openai": which of its models')
    to: tuple[Language, ...] = Field(default=(), description="the only languages; default: those of the channels")
    sources: tuple[str, ...] = Field(default=(), description='only the changes of these sources, such as "rkn-*"')
    wait: Duration = Field(
        default=timedelta(seconds=10), le=timedelta(minutes=1), description="how long a message waits for the engine"
    )
    most: MessageRate = Field(
        default=Rate(2000, timedelta(days=1)), description="how many texts it is asked for; days are those of UTC"
    )

    @model_validator(mode="after")
    def _has_what_it_takes(self) -> Self:
        """Raises ValueError where it lacks something."""
        if missing := [name for name in _NEEDS[self.engine] if getattr(self, name) is None]:
            raise ValueError(f'engine = "{self.engine}" needs {listing(missing)}')
        return self

    def wants(self, source: str, language: Language) -> bool:
        """Whether changes of a source are for this engine, for people who are addressed in a language."""
        named = not self.sources or any(fnmatchcase(source, pattern) for pattern in self.sources)
        return named and (not self.to or language in self.to)


class SummarizeOptions(TranslateOptions):
    """`[summarize]`: a model says in a sentence or two what changed in a long text."""

    table: ClassVar = "summarize"

    engine: Literal["openai"] = Field(description="any server with the calls of OpenAI")
