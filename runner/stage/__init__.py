"""The stage of a lab: workspace, containers and consoles."""
