"""The learner's name in the record."""

from runner.learner.home import learner_name


def test_a_name_of_any_bytes_can_be_recorded(monkeypatch):
    monkeypatch.setenv("LOGNAME", "andr\udce9")
    assert learner_name().encode() == b"andr?"
