"""Parts of screens. They show values and report wishes; none of them decides anything about the study."""
