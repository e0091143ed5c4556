"""The documentation site's pages that are made from the code: lint rules, commands, and the labs that there are."""
