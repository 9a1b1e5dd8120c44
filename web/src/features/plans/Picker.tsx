// Which of the computed scenarios a view shows.
import { useQueryState } from "@/router";
import { Select } from "@/ui/Field";
import type { Shown } from "./Live";

export function Picker({ scenario, others }: Omit<Shown, "plan">) {
  const query = useQueryState();
  if (others.length < 2) return null;
  return (
    <Select
      label="Scénario montré"
      hideLabel
      small
      value={String(scenario.id)}
      onChange={(id) => query.set({ scenario: id }, { replace: true })}
      choices={others.map((one) => ({ id: String(one.id), label: one.chosen ? `${one.name} (choisi)` : one.name }))}
    />
  );
}
