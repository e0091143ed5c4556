"""A class beyond one machine: a server for each learner, whom JupyterHub starts and lets in, and the dashboard."""
