"""What a run leaves behind for people and machines. Pure functions over the results of a run."""
