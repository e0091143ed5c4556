"""A learner in a lab, without a widget: what they can do, and what becomes of it."""
