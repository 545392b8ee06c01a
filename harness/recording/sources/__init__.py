"""What was observed elsewhere: a journal of the mock, an archive. Pure: texts and values in."""
