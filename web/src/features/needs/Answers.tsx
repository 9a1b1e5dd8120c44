// A partner's own answers to the BMO survey, given as a file; followed until they are read.
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, newKey } from "@/api/client";
import { importErrors, importFile, moving } from "@/api/imports";
import { Button, LinkButton } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { FileButton } from "@/ui/FileButton";
import { Refused } from "@/ui/Refused";
import { french } from "@/words/typography";
import { plural } from "@/words/number";
import style from "./Needs.module.css";

const most = 20_000_000;

export default function Answers({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [file, setFile] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { data } = useQuery({ ...importFile(file ?? 0), enabled: file !== null });
  const over = data && !moving(data.state);
  async function give(chosen: File) {
    setError(null);
    setBusy(true);
    try {
      const answer = await api.upload(chosen, newKey(), "/api/needs/import");
      setFile(answer.id);
      await queries.invalidateQueries({ queryKey: ["imports"] });
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  }
  const figures = (data?.summary ?? {}) as Record<string, number | undefined>;
  const close = () => {
    void queries.invalidateQueries({ queryKey: ["needs"] });
    onClose();
  };
  return (
    <Dialog title="Réponses à l’enquête BMO" isOpen onClose={close}>
      {file === null ? (
        <>
          <p>
            Une ligne par employeur et par métier : <strong>SIRET</strong>, code métier BMO ou ROME, nombre de projets (<code>met</code>), dont difficiles (<code>xmet</code>) et saisonniers (<code>smet</code>). L’ordre des colonnes est libre ; « * » reste
            inconnu, jamais zéro.
          </p>
          <p className={style.soft}>Les employeurs à rappeler sont partagés comme les visites : un seul partenaire pour chacun, celui qui s’est engagé à le voir, sinon le mieux placé.</p>
        </>
      ) : !over ? (
        <p role="status">Lecture du fichier en cours…</p>
      ) : (
        <div role="status">
          {data.state === "done" ? (
            <ul className={style.result}>
              <li>{plural(figures.read ?? 0, "ligne lue", "lignes lues")}</li>
              <li>{plural(figures.needs ?? 0, "besoin déclaré", "besoins déclarés")}</li>
              {(figures.renewed ?? 0) > 0 && <li>{plural(figures.renewed ?? 0, "besoin mis à jour", "besoins mis à jour")}</li>}
              {(figures.known ?? 0) > 0 && <li>{plural(figures.known ?? 0, "déjà connu", "déjà connus")}</li>}
              {(figures.none ?? 0) > 0 && <li>{plural(figures.none ?? 0, "réponse sans projet", "réponses sans projet")}</li>}
              <li>{plural(figures.calls ?? 0, "employeur à rappeler, partagé", "employeurs à rappeler, partagés")} entre les partenaires</li>
              {data.errors > 0 && <li>{plural(data.errors, "ligne à corriger", "lignes à corriger")}</li>}
            </ul>
          ) : (
            <Unread file={data.id} />
          )}
        </div>
      )}
      {error !== null && <Refused error={error} />}
      <Actions>
        {file === null ? (
          <FileButton accept={[".csv", ".tsv", ".txt", ".xlsx", ".xlsm"]} most={most} isPending={busy} onFile={(chosen) => void give(chosen)} onRefused={setError}>
            Choisir un fichier
          </FileButton>
        ) : (
          data && data.errors > 0 && (
            <LinkButton look="primary" href={`/imports/${file}`}>
              Voir les lignes à corriger
            </LinkButton>
          )
        )}
        <Button look="quiet" onPress={close}>
          {file === null ? "Annuler" : "Fermer"}
        </Button>
      </Actions>
    </Dialog>
  );
}

/** Why nothing of the file was taken; the lines themselves are on the page of the import. */
function Unread({ file }: { file: number }) {
  const { data } = useInfiniteQuery(importErrors(file));
  const first = data?.pages[0]?.items[0];
  return (
    <>
      <p>Le fichier n’a pas pu être lu ; rien n’a été changé.</p>
      {first && <p>{[first.field, french(first.message)].filter(Boolean).join("\u202f: ")}.</p>}
      {first?.field === "SIRET" && <p className={style.soft}>L’enquête publiée, qui compte par bassin et non par employeur, est chargée par l’administration.</p>}
    </>
  );
}
