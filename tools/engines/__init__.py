"""The engine and lab tests against the engines of several Debian suites, on the Pythons of these."""
