// Every candidate of a scenario, by falling worth: who goes there and why, or why nobody does.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, type Schema } from "@/api/client";
import { planLines, planTables, type PlanLineFilters } from "@/api/queries";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Button, LinkButton } from "@/ui/Button";
import { Select, TextField } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { NetworkMark } from "@/ui/Network";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Table, type Column } from "@/ui/Table";
import { When } from "@/ui/When";
import { count, plural } from "@/words/number";
import { french } from "@/words/typography";
import type { Shown } from "./Live";
import { Picker } from "./Picker";
import style from "./Plans.module.css";
import { reasons } from "./words";

type Line = Schema<"PlanLine">;
const keyOf = (row: Line) => row.id;

export default function Lines({ scenario, plan, others }: Shown) {
  const query = useQueryState();
  const [text, setText] = useState(query.get("q") ?? "");
  const organisation = Number(query.get("structure")) || undefined;
  const place = query.get("place") === "laisses" ? ("left" as const) : query.get("place") === "tous" ? undefined : ("visited" as const);
  const filters: PlanLineFilters = {
    ...(organisation && place !== "left" ? { organisation } : {}),
    ...(place ? { place } : {}),
    ...(query.get("nouveaux") ? { first: true } : {}),
    ...(query.get("commune") ? { commune: query.get("commune") as string } : {}),
    ...(query.get("q") ? { q: query.get("q") as string } : {}),
  };
  const list = useInfiniteQuery(planLines(scenario.id, filters));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const networks = useMemo(() => new Map(plan.organisations.map((one) => [one.id, one])), [plan.organisations]);
  const selected = Number(query.get("ligne")) || null;
  const line = rows.find((row) => row.id === selected);
  const columns = useMemo<Column<Line>[]>(
    () => [
      { id: "nom", title: "Employeur", width: "minmax(140px, 1.4fr)", cell: (row) => <span className={style.clip} title={row.name ?? ""}>{row.name ?? row.siret ?? "Sans dénomination"}</span> },
      { id: "commune", title: "Commune", width: "minmax(90px, 0.9fr)", from: 640, cell: (row) => <span className={style.clip}>{row.city}</span> },
      { id: "structure", title: "Qui y va", width: "minmax(150px, 1.7fr)", cell: (row) => <Who row={row} networks={networks} /> },
      { id: "km", title: "km", width: "48px", from: 520, align: "right", cell: (row) => row.km ?? "" },
      { id: "valeur", title: "Valeur", width: "60px", from: 560, align: "right", cell: (row) => (row.organisation ? count(row.worth) : "") },
      { id: "raison", title: "Raison", width: "minmax(140px, 1.5fr)", from: 480, cell: (row) => <span className={style.clip} title={row.why}>{reasons[row.reason] ?? row.reason}{row.first && ", jamais visité"}</span> },
    ],
    [networks],
  );
  return (
    <div className={style.lines}>
      <div className={style.tools} role="search" aria-label="Filtrer les lignes">
        <Picker scenario={scenario} others={others} />
        <Select label="Lignes" hideLabel small value={query.get("place") ?? ""} onChange={(value) => query.set({ place: value, ligne: null }, { replace: true })} choices={[{ id: "", label: "Visités" }, { id: "laisses", label: "Laissés de côté" }, { id: "tous", label: "Tous les candidats" }]} />
        <Select label="Structure" hideLabel small value={String(organisation ?? "")} onChange={(value) => query.set({ structure: value }, { replace: true })} choices={[{ id: "", label: "Toutes les structures" }, ...plan.organisations.map((one) => ({ id: String(one.id), label: one.short_name }))]} />
        <TextField label="Nom de l’employeur" hideLabel type="search" placeholder="Nom" value={text} onChange={(value) => { setText(value); query.set({ q: value.trim().length > 1 ? value.trim() : null }, { replace: true }); }} className={style.search} />
        {query.get("commune") && (
          <Button small look="quiet" icon="close" onPress={() => query.set({ commune: null }, { replace: true })}>
            Commune {query.get("commune")}
          </Button>
        )}
        <LinkButton small look="quiet" icon="download" href={`/api/scenarios/${scenario.id}/lines.csv`} download>
          CSV
        </LinkButton>
        <LinkButton small look="quiet" icon="download" href={`/api/scenarios/${scenario.id}/lines.xlsx`} download>
          Excel
        </LinkButton>
      </div>
      {list.isError ? (
        <Failure error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton rows={10} />
      ) : (
        <Table
          label="Lignes du scénario"
          columns={columns}
          rows={rows}
          keyOf={keyOf}
          selected={selected}
          onSelect={(row) => query.set({ ligne: row.id === selected ? null : String(row.id) }, { replace: true })}
          onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
          busy={list.isPlaceholderData}
          card={(row) => (
            <div className={style.card}>
              <strong className={style.clip}>{row.name}</strong>
              <Who row={row} networks={networks} />
            </div>
          )}
          empty={<Message icon="empty" title="Aucune ligne avec ces filtres." />}
        />
      )}
      {line && <Why key={line.id} line={line} plan={plan} />}
    </div>
  );
}

function Who({ row, networks }: { row: Line; networks: Map<number, Schema<"Org">> }) {
  const of = row.organisation ? networks.get(row.organisation) : null;
  if (!of) return <span className={style.soft}>personne</span>;
  return (
    <span className={style.who} title={`${of.short_name}, ${row.member?.name ?? ""}`}>
      <NetworkMark network={of.network} size={16} />
      <span className={style.clip}>
        {of.short_name}
        {row.member && <span className={style.soft}> · {row.member.name}</span>}
      </span>
    </span>
  );
}

/** The whole reason of one line, and what its points are made of. */
function Why({ line, plan }: { line: Line; plan: Shown["plan"] }) {
  const session = useSession();
  const { data } = useQuery(planTables);
  const [text, setText] = useState("");
  const write = useWrite(() => api.post("/api/plans/{id}/comments", { path: { id: plan.id }, body: { establishment: line.id, text: text.trim() } }), {
    touches: [["plans", "one", plan.id]],
    done: () => "Commentaire ajouté.",
    onDone: () => setText(""),
  });
  const writer = plan.ours && (session.role === "adviser" || session.role === "manager") && plan.state !== "evaluated" && plan.state !== "abandoned";
  const points = (line.points ?? []).map((value, index) => ({ value, label: data?.weights.find((one) => one.ordinal === index + 1)?.label ?? "" })).filter((one) => one.value !== 0);
  return (
    <section className={style.why} aria-label={`Pourquoi : ${line.name ?? ""}`}>
      <p>
        <Link href={`/entreprises/${line.id}`}>{line.name ?? line.siret ?? "Sans dénomination"}</Link> {french(line.why)}
      </p>
      {points.length > 0 && (
        <p className={style.soft}>
          {plural(line.worth, "point")} : {points.map((one) => `${one.label.toLowerCase()} ${one.value > 0 ? "+" : "−"}${Math.abs(one.value)}`).join(", ")}
        </p>
      )}
      {plan.comments
        .filter((comment) => comment.establishment?.id === line.id)
        .map((comment) => (
          <p key={comment.id}>
            <span className={style.soft}>
              {comment.member.name}, <When at={comment.at} /> :
            </span>{" "}
            {french(comment.text)}
          </p>
        ))}
      {writer && (
        <div className={style.numbers}>
          <TextField label="Commenter cette ligne" hideLabel placeholder="Commenter cette ligne" value={text} onChange={setText} maxLength={2000} className={style.wideField} />
          <Button small isDisabled={text.trim() === ""} isPending={write.isPending} onPress={() => write.mutate(undefined)}>
            Ajouter
          </Button>
        </div>
      )}
    </section>
  );
}
