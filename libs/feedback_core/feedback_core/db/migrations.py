"""The revision that this code needs; a test holds it against the migrations."""

HEAD = "staff_entry"
