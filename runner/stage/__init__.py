"""What a lab is played on: workspace, containers and consoles."""
