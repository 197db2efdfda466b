"""The JSON of SurveyJS, read and written."""
