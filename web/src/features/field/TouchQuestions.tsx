// The questions of a report, under a thumb.
import { wrongAnswer, yesNo, type Answers, type Asked } from "@/features/questionnaire/questions";
import { TouchArea, TouchChecks, TouchChoices, TouchLine } from "@/ui/touch/Touch";

export function TouchQuestions({ list, answers, onChange, checked }: { list: Asked[]; answers: Answers; onChange: (answers: Answers) => void; checked: boolean }) {
  return (
    <>
      {list.map((one) => {
        const { question, key } = one;
        const values = answers[key] ?? [];
        const set = (next: string[]) => onChange({ ...answers, [key]: next });
        const said = { label: question.label, help: question.help, error: checked ? wrongAnswer(one, values) : undefined };
        switch (question.kind) {
          case "yesno":
            return <TouchChoices key={key} {...said} value={values[0] ?? ""} onChange={(value) => set([value])} choices={Object.entries(yesNo).map(([id, label]) => ({ id, label }))} />;
          case "choice":
            return <TouchChoices key={key} {...said} value={values[0] ?? ""} onChange={(value) => set([value])} choices={(question.choices ?? []).map((label) => ({ id: label, label }))} />;
          case "choices":
            return <TouchChecks key={key} {...said} values={values} onChange={set} choices={question.choices ?? []} />;
          case "date":
            return <TouchLine key={key} {...said} type="date" value={values[0] ?? ""} onChange={(value) => set([value])} />;
          case "number":
            return <TouchLine key={key} {...said} inputMode="decimal" maxLength={14} value={values[0] ?? ""} onChange={(value) => set([value])} />;
          default:
            return <TouchArea key={key} {...said} maxLength={1000} value={values[0] ?? ""} onChange={(value) => set([value])} />;
        }
      })}
    </>
  );
}
