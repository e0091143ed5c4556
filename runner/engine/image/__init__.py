"""The images that labs use, made from Debian packages."""
