"""The class's process without privileges: its doors for browsers and ssh, and the instructor's control."""
