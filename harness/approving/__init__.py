"""From what a step saw to a change of its file. Pure: texts and values in, changes out."""
