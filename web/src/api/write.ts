// A change sent to the server: what it touches is asked again, success is said, a refusal stays with its form.
import { useRef, useState } from "react";
import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { toast, type Toast } from "@/ui/Toast";
import { Refusal } from "./refusal";

type Options<Input, Answer> = {
  /** Keys of the questions to ask again, whatever happened. */
  touches: (string | number)[][];
  done?: (answer: Answer, input: Input) => string | { text: string; detail?: string; action?: NonNullable<Toast["action"]> };
  /** Shows the change before the server has agreed; gives back what undoes it. */
  optimistic?: (queries: QueryClient, input: Input) => () => void;
  onDone?: (answer: Answer, input: Input) => void;
  /** A refusal is shown by the form itself unless there is none. */
  quiet?: boolean;
  /** Of what a form changes, as it stands now: `run` is given the one that the form was begun from, so that nobody’s change is replaced unread. */
  version?: number | undefined;
  /** The version that a draft kept on this device was begun from. */
  begun?: number | undefined;
};

export function useWrite<Input, Answer>(run: (input: Input, version: number) => Promise<Answer>, options: Options<Input, Answer>) {
  const queries = useQueryClient();
  const [first] = useState(options.version);
  const begun = options.begun ?? first;
  const isTold = useRef(false);
  return useMutation({
    mutationFn: async (input: Input) => {
      try {
        return await run(input, (isTold.current ? options.version : begun) ?? 0);
      } catch (error) {
        if (begun === undefined || !(error instanceof Refusal) || error.status !== 412) throw error;
        isTold.current = true;
        throw new Refusal(412, { code: error.code, title: "Quelqu’un a fait une modification pendant votre saisie.", detail: "Fermez pour la lire, ou enregistrez de nouveau\u202f: la vôtre la remplacera." });
      }
    },
    onMutate: async (input: Input) => {
      if (!options.optimistic) return undefined;
      await Promise.all(options.touches.map((queryKey) => queries.cancelQueries({ queryKey })));
      return options.optimistic(queries, input);
    },
    onSuccess: (answer, input) => {
      const said = options.done?.(answer, input);
      if (typeof said === "string") toast(said);
      else if (said) toast(said.text, { detail: said.detail, ...(said.action ? { action: said.action } : {}) });
      options.onDone?.(answer, input);
    },
    onError: (error, _input, undo) => {
      undo?.();
      if (options.quiet) return;
      if (error instanceof Refusal) toast(error.title, { tone: "danger", detail: error.detail });
      else toast("L’action n’a pas abouti.", { tone: "danger" });
    },
    onSettled: () => {
      for (const queryKey of options.touches) void queries.invalidateQueries({ queryKey });
    },
  });
}
