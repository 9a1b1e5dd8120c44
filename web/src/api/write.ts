// A change sent to the server: what it touches is asked again, success is said, a refusal stays with its form.
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
};

export function useWrite<Input, Answer>(run: (input: Input) => Promise<Answer>, options: Options<Input, Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
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
