// Photographs and business cards beside a report, kept on the telephone until they follow it.
import { useEffect, useState } from "react";
import { TouchButton, TouchNotice, TouchPhoto } from "@/ui/touch/Touch";
import type { Draft } from "./draft";
import { kindWords, pictureOf, shown, type PictureKind } from "./picture";
import { dropPicture, keepPicture, picturesOf } from "./store";
import style from "./Field.module.css";

const most = 8;
const kinds = Object.keys(kindWords) as PictureKind[];

export function Pictures({ draft }: { draft: Draft }) {
  const [kept, setKept] = useState<Awaited<ReturnType<typeof picturesOf>>>([]);
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const look = () => picturesOf(draft.visit).then(setKept);
  useEffect(() => void picturesOf(draft.visit).then(setKept), [draft.visit]);
  async function take(kind: PictureKind, file: File) {
    setWrong("");
    setBusy(true);
    try {
      const image = await pictureOf(file);
      if (kept.some((one) => one.image === image)) return;
      await keepPicture(draft, { kind, image });
      await look();
    } catch {
      setWrong("Ce fichier n’est pas une photo lisible.");
    } finally {
      setBusy(false);
    }
  }
  return (
    <fieldset className={style.group}>
      <legend>Photos</legend>
      {kept.length > 0 && (
        <ul className={style.pictures} aria-label="Photos du compte rendu">
          {kept.map((one, index) => (
            <li key={one.name}>
              <img src={shown(one.image)} alt={`${kindWords[one.kind]} ${index + 1}`} />
              <TouchButton look="quiet" label={`Retirer la photo ${index + 1}`} onPress={() => void dropPicture(one.name).then(look)}>
                Retirer
              </TouchButton>
            </li>
          ))}
        </ul>
      )}
      {wrong && <TouchNotice tone="danger" live>{wrong}</TouchNotice>}
      {kept.length < most && (
        <div className={style.pair}>
          {kinds.map((kind) => (
            <TouchPhoto key={kind} isDisabled={busy} onFile={(file) => void take(kind, file)}>
              {kindWords[kind]}
            </TouchPhoto>
          ))}
        </div>
      )}
      <p className={style.soft}>La photo est lue avec le compte rendu, la carte de visite par votre structure seule, trois mois.</p>
    </fieldset>
  );
}
