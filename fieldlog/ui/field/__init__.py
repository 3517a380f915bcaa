"""The field one writes in, and fields of forms that keep their words."""
