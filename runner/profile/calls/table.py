"""Tables as text, with a line for what has the same values."""


def words_by_key(text: str) -> dict[str, tuple[str, ...]]:
    """By each word before the colon of a line, the words behind it."""
    return {
        key: tuple(words.split())
        for keys, _, words in (line.partition(":") for line in text.strip().splitlines())
        for key in keys.split()
    }
