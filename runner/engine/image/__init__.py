"""The images that labs use, built from Debian packages."""
