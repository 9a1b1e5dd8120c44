// Questions of a report: which are asked, what is missing, and the answers as they are sent.
import type { Schema } from "@/api/client";

export type Question = Schema<"Question">;
export type Questionnaires = Schema<"Questionnaires">;
/** By « questionnaire.code ». */
export type Answers = Record<string, string[]>;
export type Asked = { key: string; questionnaire: number; network: boolean; question: Question };

export const yesNo: Record<string, string> = { yes: "Oui", no: "Non" };

/** The words of a value as they are read. */
export const valueWords = (kind: string, value: string): string => (kind === "yesno" ? (yesNo[value] ?? value) : value);

/** What is asked after this outcome, given what was answered so far. */
export function asked(all: Questionnaires | null | undefined, outcome: string, answers: Answers): Asked[] {
  return [all?.common, all?.network].flatMap((one) =>
    (one?.questions ?? []).flatMap((question): Asked[] => {
      const id = one?.id ?? 0;
      if (question.outcomes && !question.outcomes.includes(outcome as "needs")) return [];
      if (question.when && !(answers[`${id}.${question.when.code}`] ?? []).includes(question.when.value)) return [];
      return [{ key: `${id}.${question.code}`, questionnaire: id, network: one === all?.network, question }];
    }),
  );
}

const given = (values: string[] | undefined): string[] => (values ?? []).map((value) => value.trim()).filter(Boolean);

/** What is wrong with the answer to a question, if anything. */
export function wrongAnswer({ question }: Asked, values: string[] | undefined): string | undefined {
  const [first] = given(values);
  if (first === undefined) return question.required ? "Cette réponse est attendue." : undefined;
  if (question.kind === "number" && !/^-?\d{1,9}([.,]\d{1,3})?$/.test(first)) return "Écrivez un nombre.";
  return undefined;
}

export const sent = (list: Asked[], answers: Answers): { questionnaire: number; code: string; value: string }[] =>
  list.flatMap(({ key, questionnaire, question }) => given(answers[key]).map((value) => ({ questionnaire, code: question.code, value })));

/** Answers to other versions than those asked, as they stand: what nobody is asked any more, nobody takes back unawares. */
export const besides = (all: Questionnaires | null | undefined, answers: Answers): ReturnType<typeof sent> =>
  Object.entries(answers).flatMap(([key, values]) => {
    const [questionnaire, code = ""] = key.split(".");
    if ([all?.common?.id, all?.network?.id].includes(Number(questionnaire))) return [];
    return given(values).map((value) => ({ questionnaire: Number(questionnaire), code, value }));
  });

/** Answers that are there already, as a form holds them. */
export const held = (list: Schema<"Answer">[]): Answers => Object.fromEntries(list.map((one) => [`${one.questionnaire}.${one.code}`, one.values]));
