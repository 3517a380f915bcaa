"""The archive by production day, as a verb: written from a study, checked, and a study made of it again."""
