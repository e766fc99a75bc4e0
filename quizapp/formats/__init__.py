"""Question files of other systems, in and out. `registry` names the formats, `upload` is what all of them share."""
