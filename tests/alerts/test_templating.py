"""The environment of all templates: every value is shown as text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError

from alerts.templating import environment

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "alerts" / "templates"


@pytest.fixture
def made() -> Environment:
    return environment("alerts")


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("<p>{{ text }}</p>", "<p>&lt;b&gt; &#34;two&#34; lines</p>"),
        ("<p>{{ text|lines }}</p>", "<p>&lt;b&gt; &#34;two&#34;\nlines</p>"),
        ("<p>{{ text|spaced }}</p>", "<p> &lt;b&gt;  &#34;two&#34; lines</p>"),
        ("{% macro shown(it) %}<i>{{ it }}</i>{% endmacro %}{{ shown(text) }}", "<i>&lt;b&gt; &#34;two&#34; lines</i>"),
    ],
)
def test_text_is_escaped_and_clean(made: Environment, template: str, shown: str) -> None:
    assert made.from_string(template).render(text=' <b>  "two"\n\u202elines') == shown


@pytest.mark.parametrize("template", ["{{ missing }}", "{{ text.missing }}", "{% if missing %}{% endif %}"])
def test_a_name_that_is_missing_is_an_error(made: Environment, template: str) -> None:
    with pytest.raises(UndefinedError):
        made.from_string(template).render(text="x")


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://a.example/?q=1&r=2", "https://a.example/?q=1&amp;r=2"),
        ('https://a.example/"onclick="', "https://a.example/%22onclick=%22"),
        ("javascript:alert(1)", "None"),
        (" data:text/html,x", "None"),
        ("//a.example", "None"),
    ],
)
def test_only_web_addresses_pass_the_filter_of_links(made: Environment, url: str, address: str) -> None:
    assert made.from_string("{{ url|web_address }}").render(url=url) == address


def test_the_name_of_a_file_leads_no_further_than_the_folder(made: Environment) -> None:
    template = made.from_string("{{ name|file_name }}")
    assert template.render(name="page-after.html.txt") == "page-after.html.txt"
    assert template.render(name='javascript:/"') == "javascript%3A%2F%22"


def test_no_template_goes_round_the_escaping() -> None:
    templates = [file.read_text() for file in TEMPLATES.iterdir()]
    assert templates
    assert not [text for text in templates if re.search(r"\bsafe\b|\bautoescape\b|=\{\{", text)]


def test_an_installed_copy_has_its_templates(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, timeout=60, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = "import alerts.templating as it; print(it.__file__); it.environment('alerts').get_template('case.html.j2')"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, timeout=60, check=True, capture_output=True
    )
    assert ran.stdout.decode().startswith(str(tmp_path))
    assert {file.name for file in TEMPLATES.iterdir()} == {
        file.name for file in (tmp_path / "alerts/templates").iterdir()
    }


def test_jinja2_is_loaded_with_the_first_text() -> None:
    code = "import sys, alerts.templating; assert 'jinja2' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=True)
