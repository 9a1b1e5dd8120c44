// Photographs beside a report, read at a desk: seen large, added from the disk, removed.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, newKey } from "@/api/client";
import { Refusal } from "@/api/refusal";
import { pictures as picturesQuery } from "@/api/queries";
import { useWrite } from "@/api/write";
import { kindWords, pictureOf, type PictureKind } from "@/features/field/picture";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { FileButton } from "@/ui/FileButton";
import { Picture } from "@/ui/Picture";
import { Refused } from "@/ui/Refused";
import { longDay } from "@/words/time";
import style from "./ReportPage.module.css";

const most = 20_000_000; // what a browser makes smaller

export function Pictures({ visit, writer }: { visit: number; writer: boolean }) {
  const { data } = useQuery(picturesQuery(visit));
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [large, setLarge] = useState<number | null>(null);
  const touches = [["visits", "pictures", visit]];
  const add = useWrite(({ kind, image }: { kind: PictureKind; image: string }) => api.post("/api/visits/{id}/pictures", { path: { id: visit }, key: newKey(), body: { kind, image } }), {
    touches,
    quiet: true,
    done: () => "Photo ajoutée.",
  });
  const remove = useWrite((id: number) => api.remove("/api/pictures/{id}", { path: { id } }), { touches, done: () => "Photo retirée." });
  const items = data?.items ?? [];
  async function give(kind: PictureKind, file: File) {
    setError(null);
    setBusy(true);
    try {
      const image = await pictureOf(file).catch(() => null);
      if (image === null) return setError(new Refusal(422, { code: "picture_unreadable", title: "Ce fichier n’est pas une photo lisible." }));
      await add.mutateAsync({ kind, image }).catch(setError);
    } finally {
      setBusy(false);
    }
  }
  if (items.length === 0 && !writer) return null;
  const shown = items.find((one) => one.id === large);
  return (
    <section aria-label="Photos">
      <h2>Photos</h2>
      {items.length > 0 && (
        <ul className={style.pictures}>
          {items.map((one) => (
            <li key={one.id}>
              <Picture src={`/api/pictures/${one.id}`} alt={`${kindWords[one.kind]} du ${longDay(one.made_at)}`} width={one.width} height={one.height} onOpen={() => setLarge(one.id)} />
              <span className={style.soft}>
                {kindWords[one.kind]}
                {one.kind === "card" && ", lue par votre structure seule"}
              </span>
              {writer && one.ours && (
                <Button small look="quiet" onPress={() => remove.mutate(one.id)}>
                  Retirer
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {error !== null && <Refused error={error} />}
      {writer && items.length < 8 && (
        <div className={style.actions}>
          <FileButton accept={["image/jpeg", "image/png"]} most={most} isPending={busy} look="plain" onFile={(file) => void give("photo", file)} onRefused={setError}>
            Ajouter une photo
          </FileButton>
          <FileButton accept={["image/jpeg", "image/png"]} most={most} isPending={busy} look="plain" onFile={(file) => void give("card", file)} onRefused={setError}>
            Ajouter une carte de visite
          </FileButton>
        </div>
      )}
      {shown && (
        <Dialog title={kindWords[shown.kind]} isOpen onClose={() => setLarge(null)} wide>
          <Picture src={`/api/pictures/${shown.id}`} alt={`${kindWords[shown.kind]} du ${longDay(shown.made_at)}`} width={shown.width} height={shown.height} />
        </Dialog>
      )}
    </section>
  );
}
