"""The production day: its sessions, the plan, and call sheets read into it."""
