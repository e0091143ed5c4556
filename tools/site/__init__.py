"""The documentation site's pages that are generated from the code: lint rules, commands, and the labs."""
