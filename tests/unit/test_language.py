"""The language that a locale asks for."""

import pytest

from runner import language


@pytest.mark.parametrize(
    ("environment", "languages"),
    [
        ({}, ()),
        ({"LANG": "C.UTF-8", "LANGUAGE": "es"}, ()),
        ({"LANG": "es_MX.UTF-8"}, ("es_MX", "es")),
        ({"LANG": "es"}, ("es",)),
        ({"LANG": "en_US.UTF-8"}, ("en_US",)),
        ({"LANG": "es_ES.UTF-8", "LC_ALL": "en_GB.UTF-8"}, ("en_GB",)),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "es_ES@euro"}, ("es_ES", "es")),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "es:de"}, ("es", "de", "en_GB")),
        ({"LANG": "es_ES.UTF-8", "LANGUAGE": "en:es"}, ()),
    ],
)
def test_the_languages_of_a_locale(environment, languages):
    assert language.preferred(environment) == languages


def test_a_text_without_a_translation_is_as_it_was_written():
    language.use("eo")
    assert language.tr("{name} is {what}", name="it", what="{so}") == "it is {so}"
    assert language.tr("100% {as} it is") == "100% {as} it is"
    assert language.trn("{number} lab", "{number} labs", 1) == "1 lab"
    assert language.trn("{number} lab", "{number} labs", 2) == "2 labs"
