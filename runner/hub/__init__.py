"""A class beyond one machine: JupyterHub starts a server for each learner and lets people in; with the dashboard."""
