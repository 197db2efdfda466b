// Renders models of SurveyJS without a browser: from standard input a list of {model, answers}, to standard output what came of each.
// Answers are given in the order of the questions, as somebody would; what is said of a question is said before the next is answered.
const { Model } = require("survey-core");

function rendered({ model, answers }) {
  const survey = new Model(model);
  const questions = survey.getAllQuestions();
  const said = questions.map((question) => {
    const isShown = question.isVisible;
    if (isShown && question.name in answers) question.value = answers[question.name];
    return {
      name: question.name,
      type: question.getType(),
      title: question.processedTitle,
      shown: isShown,
      errors: question.name in answers && isShown && question.hasErrors(true) ? question.errors.map((e) => e.text) : [],
    };
  });
  const completed = survey.tryComplete();
  return { jsonErrors: (survey.jsonErrors || []).map((error) => error.message), questions: said, completed, state: survey.state, data: survey.data };
}

const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(cases.map(rendered)));
