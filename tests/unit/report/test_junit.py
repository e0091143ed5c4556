"""JUnit XML is valid, whatever programs, files and people are called."""

from xml.etree import ElementTree as ET

import pytest

from runner.report.junit import cases


@pytest.mark.parametrize("odd", ["\x1b", "\x00", "\udcff", "\ufffe"])
def test_any_name_gives_valid_xml(odd):
    name = f"profile test a{odd}.json: sh -c 'b{odd}'"
    text = cases(name, {f"c{odd}": f"d{odd}"}, 1.0)
    suite = ET.fromstring(text.encode())[0]  # noqa: S314 - ours
    assert suite.get("name") == name.replace(odd, "�")
    assert [(case.get("name"), case[0].text) for case in suite] == [("c�", "d�")]
