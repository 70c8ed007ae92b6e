"""What `make lint` says of the translation of a sentence."""

import importlib.util
from pathlib import Path

import pytest
from babel.messages.catalog import Message

CODE = Path(__file__).parents[1] / ".ci/catalogues.py"


@pytest.fixture(scope="module")
def catalogues():
    described = importlib.util.spec_from_file_location("catalogues", CODE)
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("english", "told", "fault"),
    [
        ("It cannot be read: {why}", "Nicht lesbar: {why}", None),
        ("It cannot be read: {why}", "", "lacks a translation"),
        ("It cannot be read: {why}", "Nicht lesbar", "other places"),
        ("It cannot be read: {why}", "{why}: {warum}", "other places"),
        ("It cannot be read: {why}", "Nicht lesbar: {why", "bad braces"),
        ("Open it", "„Öffnen“", None),
        ("Open it", '"Öffnen"', "other markup"),
        ("<b>Open</b> it", "<b>Öffnen", "other markup"),
        (("one entry", "{number} entries"), ("ein Eintrag", "{number} Einträge"), None),
        (("one entry", "{number} entries"), ("ein Eintrag", ""), "lacks a translation"),
        (("one entry", "{number} entries"), ("ein Eintrag",), "lacks a translation"),
        (("one entry", "{number} entries"), None, "lacks a translation"),
        (("{number} of {source}", "{number} of {source}"), ("{source}", "{number}"), "other places"),
    ],
)
def test_a_translation_has_the_places_and_the_markup_of_its_sentence(catalogues, english, told, fault):
    message = Message(english)
    message.string = told  # as a catalogue that somebody wrote may have it
    faults = list(catalogues.faults_of(message, plurals=2))
    assert bool(faults) is (fault is not None)
    assert all(fault in each for each in faults)


def test_sentences_are_found_in_code_and_in_templates(catalogues):
    found = {each.id if isinstance(each.id, str) else each.id[0] for each in catalogues.extract()}
    assert {"It cannot be read: {why}", "{number} entry", "Skip to the content", "back"} <= found
