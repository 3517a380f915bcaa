"""The register: people and what they agreed to, places, scenes, codes; any of them found by a few letters."""
