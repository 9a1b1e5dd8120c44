// The fields that a new segment and an edited one share.
import { RadioGroup, Select } from "@/ui/Field";
import { networkName } from "@/ui/Network";

export function LeadSelect({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const choices = [{ id: "", label: "Aucun" }, ...["ft", "ml", "ce", "plie"].map((id) => ({ id, label: networkName(id) }))];
  return <Select label="Réseau chef de file" required choices={choices} value={value} onChange={onChange} />;
}

export function SharedRadio({ value, onChange }: { value: boolean; onChange: (value: boolean) => void }) {
  return (
    <RadioGroup
      label="Qui voit ce segment"
      required
      value={value ? "yes" : "no"}
      onChange={(choice) => onChange(choice === "yes")}
      choices={[
        { id: "yes", label: "Tous les partenaires du territoire" },
        { id: "no", label: "Ma structure seulement" },
      ]}
    />
  );
}
