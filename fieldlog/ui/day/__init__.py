"""The production day: sessions, the plan, the wrap."""
