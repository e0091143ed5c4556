"""The program's own texts in other languages: which there are, and the catalogues of their translations."""
