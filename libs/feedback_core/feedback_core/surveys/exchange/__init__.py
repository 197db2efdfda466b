"""Questionnaires as other tools write them: the JSON of SurveyJS, and the workbooks of XLSForm."""
