"""The tables of alerts in the configuration."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from alerts.channel import Channel
from alerts.options import AlertRule, Entity


def test_an_entity_s_phrases_that_mean_something_else_are_called_not():
    entity = Entity.model_validate({"names": ["MAX"], "context": ["VK"], "not": ["Pro Max"]})
    assert (entity.names, entity.context, entity.not_) == (("MAX",), ("VK",), ("Pro Max",))


@pytest.mark.parametrize("names", [[], [""], ["Telegram", " "], ["—"]])
def test_names_that_would_never_be_found(names):
    with pytest.raises(ValidationError, match="names"):
        Entity(names=names)


def test_a_channel_gives_up_after_three_days_and_does_not_show_its_url():
    channel = Channel(url="json://example.org/planted-secret")
    assert channel.give_up == timedelta(days=3)
    assert "planted-secret" not in repr(channel)


def test_an_error_in_a_channel_does_not_show_its_url():
    with pytest.raises(ValidationError) as caught:
        Channel.model_validate(
            {"url": "json://example.org/planted-secret", "give_up": "soon", "urll": "planted-secret"}
        )
    assert "planted-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"to": []},
        {"to": ["desk"], "chanels": ["x"]},
        {"to": ["desk"], "changes": ["edited"]},
        {"to": ["desk"], "entities": []},
        {"to": ["desk"], "authority": "rumour"},
        {"to": ["desk"], "health": True, "entities": ["telegram"]},
    ],
)
def test_rules_that_could_not_be_meant(options):
    with pytest.raises(ValidationError):
        AlertRule.model_validate(options)


@pytest.mark.parametrize("model", [Entity, Channel, AlertRule])
def test_every_option_is_described_under_the_name_that_toml_has(model):
    options = model.model_json_schema()["properties"]
    assert all(option["description"] for option in options.values())
    assert "not_" not in options


@pytest.mark.parametrize(
    ("given", "kept"), [("1957-03-12", "1957-03-12"), (date(1957, 3, 12), "1957-03-12"), (1957, "1957")]
)
def test_a_birth_date_is_a_date_or_a_year_of_toml_too(given, kept):
    assert Entity(names=("A",), birth_date=given).birth_date == kept


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"birth_date": "long ago"}, 'birth_date: "long ago" is no date that can be read; write 1957-03-12, or 1957'),
        ({"country": "Atlantis"}, 'country: "Atlantis" is no country'),
    ],
)
def test_a_fact_that_nobody_could_compare_is_refused(options, said):
    with pytest.raises(ValidationError, match=re.escape(said)):
        Entity(names=("A",), **options)
