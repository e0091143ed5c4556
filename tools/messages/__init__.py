"""The program's texts in other languages: finding them in the source, and the catalogues of translations."""
