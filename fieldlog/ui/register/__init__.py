"""The register: people and what they agreed to, places, scenes and codes."""
