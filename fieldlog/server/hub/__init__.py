"""The hub as others reach it: one app, carried by https and by WebTransport."""
