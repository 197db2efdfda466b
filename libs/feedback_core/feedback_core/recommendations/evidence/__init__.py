"""What recommendations stand on: links to figures of runs, frozen as of then, and whether they still hold."""
