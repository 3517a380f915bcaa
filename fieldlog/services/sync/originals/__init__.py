"""Originals of an exchange: small ones whole, larger ones in parts of 8 MiB, none of which is sent twice."""
