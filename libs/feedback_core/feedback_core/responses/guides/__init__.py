"""Interview guides: what an interviewer says, question by question, in versions that never change."""
