// A refusal of a plan, with the sentence that says which of its parts is wrong.
import { Refusal } from "@/api/refusal";
import { Refused } from "@/ui/Refused";

export function Wrong({ error }: { error: unknown }) {
  const why = error instanceof Refusal && typeof error.extra["why"] === "string" ? error.extra["why"] : null;
  return <Refused error={error}>{why && <p>{why}</p>}</Refused>;
}
