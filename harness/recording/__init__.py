"""From calls that were observed to a scenario that reads as if a person had written it. Pure."""
