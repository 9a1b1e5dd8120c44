// Who signs, and who has: a network mark with a word for each, never the colour alone.
import { Icon } from "@/ui/Icon";
import { NetworkMark } from "@/ui/Network";
import style from "./Plans.module.css";
import { answerWord, type Answer } from "./words";

export function Marks({ answers, asked }: { answers: Answer[]; asked: boolean }) {
  return (
    <span className={style.marks}>
      {answers.map((answer) => (
        <span key={answer.organisation.id} className={style.mark} title={asked ? `${answer.organisation.name} ${answerWord(answer)}` : answer.organisation.name}>
          <NetworkMark network={answer.organisation.network} size={18} />
          {asked && answer.answer && <Icon name={answer.answer === "signed" ? "check" : "close"} size={13} label={answerWord(answer)} />}
        </span>
      ))}
    </span>
  );
}
