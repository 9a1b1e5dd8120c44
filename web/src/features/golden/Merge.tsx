// Two records of one employer made one: which stands, what moves, what is in the way; and made two again.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { mergePreview, searchEstablishments, type Establishment } from "@/api/queries";
import { useWrite } from "@/api/write";
import { navigate } from "@/router";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { SearchSelect, TextArea, type Choice } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { Refused } from "@/ui/Refused";
import { Failure, Skeleton } from "@/ui/States";
import { When } from "@/ui/When";
import { phone, siret } from "@/words/number";
import { longDay } from "@/words/time";
import { french } from "@/words/typography";
import { movedWords } from "./words";
import style from "./Values.module.css";

type Side = Schema<"Side">;
type Joined = Schema<"Joined">;

const lines: { label: string; of: (side: Side) => string | null }[] = [
  { label: "Nom", of: (side) => side.name },
  { label: "SIRET", of: (side) => side.siret && siret(side.siret) },
  { label: "Adresse", of: (side) => [side.address, [side.postcode, side.city].filter(Boolean).join(" ")].filter(Boolean).join(", ") || null },
  { label: "Activité", of: (side) => side.naf && `${side.naf_label ?? ""} (${side.naf})` },
  { label: "Téléphone", of: (side) => side.phone && phone(side.phone) },
  { label: "Courriel", of: (side) => side.email },
  { label: "État", of: (side) => (side.status === "F" ? "fermé" : "ouvert") },
];

const obstacles: Record<string, string> = {
  establishment_merged: "L’une des deux fiches est déjà réunie à une autre.",
  merge_promised: "Deux engagements courent, et le plus récent est celui d’une autre structure : elle doit d’abord le rendre ou le tenir.",
  merge_opposed: "L’une des fiches porte une opposition de l’employeur, l’autre un engagement : rendez l’engagement ou levez l’opposition d’abord.",
  merge_out_of_sight: "Un partenaire d’un autre territoire perdrait de vue ce qu’il a fait chez cet employeur.",
};

const nameless = "Sans dénomination";

export function MergeDialog({ record, onClose }: { record: Establishment; onClose: () => void }) {
  const [other, setOther] = useState<Choice | null>(null);
  const [reason, setReason] = useState("");
  const id = other ? Number(other.id) : 0;
  const { data, isPending, isError, error } = useQuery({ ...mergePreview(record.id, id), enabled: id > 0 });
  const undo = useUndo();
  const write = useWrite(() => api.post("/api/establishments/{id}/merge", { path: { id: record.id }, body: { with: id, ...(reason.trim() ? { reason: reason.trim() } : {}) } }), {
    touches: [["establishments"], ["establishment"], ["today"], ["visits"], ["map"], ["reviews"]],
    quiet: true,
    done: (merge) => ({ text: "Fiches réunies.", detail: "Rien n’est perdu : la fusion se défait.", action: { label: "Défaire", run: () => undo.mutate({ merge: merge.id, reason: "" }) } }),
    onDone: (merge) => {
      onClose();
      navigate(`/entreprises/${merge.survivor}`);
    },
  });
  const search = async (text: string, signal: AbortSignal) => (await searchEstablishments(text, signal)).filter((one) => one.id !== String(record.id));
  return (
    <Dialog title="Fusionner avec une autre fiche" isOpen onClose={onClose} wide>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          if (data && !data.obstacle) write.mutate(undefined);
        }}
      >
        <SearchSelect label="L’autre fiche du même employeur" required value={other} onChange={setOther} search={search} placeholder="Nom ou SIRET" />
        {id > 0 && (isError ? <Failure error={error} /> : isPending ? <Skeleton rows={5} /> : <Preview preview={data} />)}
        {data && !data.obstacle && id > 0 && <TextArea label="Motif" value={reason} onChange={setReason} maxLength={500} rows={2} help="Visible des partenaires, dans l’historique des deux fiches." />}
        {write.error && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending} isDisabled={!data || data.obstacle !== null || id === 0}>
            Réunir les deux fiches
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}

function Preview({ preview }: { preview: Schema<"MergePreview"> }) {
  const { survivor, absorbed, moved, obstacle, suspended } = preview;
  return (
    <>
      <table className={style.sides}>
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden-visually">Champ</span>
            </th>
            <th scope="col">Reste</th>
            <th scope="col">Est absorbée</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ label, of }) => {
            const left = of(survivor);
            const right = of(absorbed);
            if (left === null && right === null) return null;
            return (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>{left ?? "inconnu"}</td>
                <td>{right ?? "inconnu"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div className={style.consequences} role="status">
        {obstacle ? (
          <p>
            {obstacles[obstacle.code] ?? "Ces deux fiches ne peuvent pas être réunies."}
            {obstacle.holder && ` ${obstacle.holder.organisation.name}, jusqu’au ${longDay(obstacle.holder.due_on)}.`}
          </p>
        ) : (
          <>
            <p>Passe à la fiche qui reste : {movedWords(moved)}.</p>
            {suspended && <p>Votre engagement jusqu’au {longDay(suspended.due_on)} est suspendu : l’autre, pris d’abord, court seul. Il reprend si la fusion est défaite.</p>}
            <p className={style.soft}>L’ancienne adresse de la fiche absorbée mène à celle qui reste. La fusion se défait sans rien perdre.</p>
          </>
        )}
      </div>
    </>
  );
}

function useUndo(onDone?: () => void) {
  return useWrite(({ merge, reason }: { merge: number; reason: string }) => api.post("/api/merges/{id}/undo", { path: { id: merge }, body: reason ? { reason } : {} }), {
    touches: [["establishments"], ["establishment"], ["today"], ["visits"], ["map"], ["reviews"]],
    done: () => "Fusion défaite : les deux fiches sont comme avant.",
    ...(onDone ? { onDone } : {}),
  });
}

/** What stands for this employer, what it absorbed, and what the register says of who came before and after. */
export function JoinedNotes({ record, writer }: { record: Establishment; writer: boolean }) {
  const [open, setOpen] = useState<Joined | null>(null);
  const undo = useUndo(() => setOpen(null));
  const { merged, absorbed } = record;
  const told = new Set([...absorbed, ...(merged ? [merged] : [])].map((one) => one.siret));
  const others = record.successions.filter((one) => !told.has(one.siret));
  if (!merged && absorbed.length === 0 && others.length === 0) return null;
  return (
    <div className={style.joined} data-testid="joined">
      {merged && (
        <div>
          <p>
            {merged.kind === "succession" ? "Repris par " : "Réunie à "}
            {merged.visible ? <Link href={`/entreprises/${merged.id}`}>{merged.name ?? nameless}</Link> : "un établissement hors de votre territoire"}
            {merged.since ? ` le ${longDay(merged.since)}, selon le répertoire` : <Author of={merged} />}. Visites, interlocuteurs et offres s’y trouvent.
          </p>
          {writer && merged.visible && <UndoButton of={merged} name={record.name} onPress={() => setOpen(merged)} />}
        </div>
      )}
      {absorbed.map((one) => (
        <div key={one.merge}>
          <p>
            {one.kind === "succession" ? "A repris " : "Comprend l’ancienne fiche "}
            {one.visible ? <Link href={`/entreprises/${one.id}`}>{one.name ?? nameless}</Link> : (one.name ?? nameless)}
            {one.siret && ` (${siret(one.siret)})`}
            {one.since ? ` le ${longDay(one.since)}, selon le répertoire` : <Author of={one} />}.{one.reason && ` « ${french(one.reason)} »`}
          </p>
          {writer && one.visible && <UndoButton of={one} name={one.name} onPress={() => setOpen(one)} />}
        </div>
      ))}
      {others.map((one) => (
        <p key={`${one.way}${one.siret}${one.since}`} className={style.soft}>
          {one.way === "after" ? "Repris" : "A repris"} le {longDay(one.since)}, selon le répertoire : {one.id ? <Link href={`/entreprises/${one.id}`}>{one.name ?? siret(one.siret)}</Link> : siret(one.siret)}
          {!one.continued && ", sans continuité économique"}
          {one.outcome === "several" && " (plusieurs successeurs : rien n’a été déplacé)"}
          {one.outcome === "opposed" && " (opposition de l’employeur : rien n’a été déplacé)"}
          {one.outcome === "out_of_sight" && " (autre territoire : rien n’a été déplacé)"}
          {one.outcome === "refused" && " (reprise défaite par un partenaire)"}.
        </p>
      ))}
      {open && (
        <ReasonDialog
          title="Défaire la fusion"
          label="Motif"
          confirm="Défaire la fusion"
          help="Ce que la fusion avait déplacé revient, avec ce qui s’y est ajouté depuis. Ce qui est né depuis sur la fiche commune y reste."
          isOpen
          onClose={() => setOpen(null)}
          onConfirm={(reason) => undo.mutate({ merge: open.merge, reason })}
          error={undo.error}
          busy={undo.isPending}
          required={false}
        />
      )}
    </div>
  );
}

function Author({ of }: { of: Joined }) {
  return (
    <>
      {of.member && `, par ${of.member}`}
      {of.organisation && ` (${of.organisation.short_name})`}, <When at={of.at} />
    </>
  );
}

function UndoButton({ of, name, onPress }: { of: Joined; name: string | null; onPress: () => void }) {
  return (
    <Button small icon="undo" onPress={onPress} aria-label={`Défaire la ${of.kind === "succession" ? "reprise" : "fusion"} : ${name ?? nameless}`}>
      {of.kind === "succession" ? "Défaire la reprise" : "Défaire la fusion"}
    </Button>
  );
}
