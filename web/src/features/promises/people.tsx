// Who can take over: the colleagues of an organisation, the partners of the territory.
import { useQuery } from "@tanstack/react-query";
import { members, organisations } from "@/api/queries";
import { Select, type Choice } from "@/ui/Field";
import { networkName } from "@/ui/Network";

export function useColleagues(organisation: number): Choice[] {
  const { data } = useQuery({ ...members(organisation), enabled: organisation > 0 });
  return (data?.items ?? []).filter((item) => item.role === "adviser" || item.role === "manager").map((item) => ({ id: String(item.id), label: item.name, ...(item.role === "manager" ? { detail: "responsable" } : {}) }));
}

export function usePartners(besides: number): Choice[] {
  const { data } = useQuery(organisations);
  return (data?.items ?? []).filter((item) => item.kind === "partner" && item.id !== besides).map((item) => ({ id: String(item.id), label: item.name, detail: networkName(item.network) }));
}

type Props = { organisation: number; value: string; onChange: (value: string) => void; label?: string; error?: string | undefined; anyone?: string; required?: boolean };

/** One colleague of an organisation; `anyone`: what is said when nobody is named. */
export function MemberSelect({ organisation, value, onChange, label = "Personne", error, anyone, required }: Props) {
  const colleagues = useColleagues(organisation);
  return <Select label={label} required={required ?? !anyone} value={anyone ? value : value || null} onChange={onChange} error={error} choices={anyone ? [{ id: "", label: anyone }, ...colleagues] : colleagues} />;
}

export function PartnerSelect({ besides, value, onChange, error, label = "Structure" }: { besides: number; value: string; onChange: (value: string) => void; error?: string | undefined; label?: string }) {
  return <Select label={label} required value={value || null} onChange={onChange} error={error} choices={usePartners(besides)} />;
}
