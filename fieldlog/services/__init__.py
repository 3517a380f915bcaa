"""The verbs: the only place that knows more than one workshop."""
