# What bash reads as the shell of a host console, instead of the user's own start-up files.
# If PROMPT_COMMAND were the first thing that it runs, bash would keep no PIPESTATUS from then on.
:
