"""The engine and lab tests against the engines of several Debian suites, on those suites' Pythons."""
