// The questions of a report, on a desk.
import { Checkbox, DayField, RadioGroup, TextArea, TextField } from "@/ui/Field";
import { wrongAnswer, yesNo, type Answers, type Asked } from "./questions";
import style from "./Questionnaire.module.css";

type Props = { list: Asked[]; answers: Answers; onChange: (answers: Answers) => void; checked: boolean };

export function Questions({ list, answers, onChange, checked }: Props) {
  return (
    <>
      {list.map((one) => {
        const { question, key } = one;
        const values = answers[key] ?? [];
        const set = (next: string[]) => onChange({ ...answers, [key]: next });
        const same = { label: question.label, required: question.required, ...(question.help ? { help: question.help } : {}), error: checked ? wrongAnswer(one, values) : undefined };
        if (question.kind === "yesno" || question.kind === "choice") {
          const choices = question.kind === "yesno" ? Object.entries(yesNo).map(([id, label]) => ({ id, label })) : (question.choices ?? []).map((label) => ({ id: label, label }));
          return <RadioGroup key={key} label={same.label} required={same.required} value={values[0] ?? null} onChange={(value) => set([value])} choices={choices} error={same.error} />;
        }
        if (question.kind === "choices")
          return (
            <div key={key} role="group" aria-label={question.label} className={style.group}>
              <p className={style.label}>{question.label}</p>
              {(question.choices ?? []).map((choice) => (
                <Checkbox key={choice} isSelected={values.includes(choice)} onChange={(on) => set(on ? [...values, choice] : values.filter((value) => value !== choice))}>
                  {choice}
                </Checkbox>
              ))}
              {same.error && <p className={style.error}>{same.error}</p>}
            </div>
          );
        if (question.kind === "date") return <DayField key={key} {...same} value={values[0] ?? ""} onChange={(value) => set([value])} />;
        if (question.kind === "number") return <TextField key={key} {...same} inputMode="decimal" maxLength={14} value={values[0] ?? ""} onChange={(value) => set([value])} />;
        return <TextArea key={key} {...same} maxLength={1000} value={values[0] ?? ""} onChange={(value) => set([value])} />;
      })}
    </>
  );
}
