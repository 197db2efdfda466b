"""What makes a questionnaire ask badly: faults of wording, answers, order, length and focus, each with a better way."""
