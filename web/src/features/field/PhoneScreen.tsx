// Whose telephone this is, what it keeps, and leaving it clean.
import { useState } from "react";
import { TouchButton, TouchLink, TouchNotice } from "@/ui/touch/Touch";
import { plural } from "@/words/number";
import { exact } from "@/words/time";
import { go } from "./place";
import { leave, sync, useField } from "./store";
import style from "./Field.module.css";

export function PhoneScreen() {
  const { who, week, waiting, drafts, net } = useField();
  const [asking, setAsking] = useState(false);
  const unsent = waiting.length + drafts.length;
  return (
    <>
      <h1 tabIndex={-1}>Ce téléphone</h1>
      <p>
        {who?.member.name}, {who?.organisation.name}
      </p>
      <p className={style.soft}>
        Il garde, chiffrés, {week ? `${plural(week.visits.length, "visite")} et ${plural(week.employers.length, "employeur")} pour les sept prochains jours (reçus ${exact(week.fetched_at)})` : "aucun programme"}, {plural(waiting.length, "compte rendu à envoyer", "comptes rendus à envoyer")} et{" "}
        {plural(drafts.length, "saisie en cours", "saisies en cours")}. Se déconnecter efface tout.
      </p>
      <div className={style.stack}>
        <TouchButton onPress={() => void sync()}>Mettre à jour</TouchButton>
        <TouchLink href="/">Ouvrir Maillage en entier</TouchLink>
        {!asking && (
          <TouchButton look="danger" onPress={() => (unsent > 0 ? setAsking(true) : void leave().then(() => go("/terrain")))}>
            Se déconnecter
          </TouchButton>
        )}
      </div>
      {asking && (
        <div role="alertdialog" aria-labelledby="perdre" className={style.stack}>
          <TouchNotice tone="danger">
            <strong id="perdre">
              {[waiting.length > 0 && plural(waiting.length, "compte rendu n’est pas envoyé", "comptes rendus ne sont pas envoyés"), drafts.length > 0 && plural(drafts.length, "saisie n’est pas terminée", "saisies ne sont pas terminées")].filter(Boolean).join(" et ")}.
            </strong>{" "}
            Se déconnecter maintenant effacerait tout.
          </TouchNotice>
          <TouchButton look="primary" onPress={() => setAsking(false)}>
            Ne pas se déconnecter
          </TouchButton>
          {waiting.length > 0 && net !== "offline" && (
            <TouchButton onPress={() => void sync().then(() => setAsking(false))}>Envoyer d’abord</TouchButton>
          )}
          <TouchButton look="danger" onPress={() => void leave().then(() => go("/terrain"))}>
            Effacer et se déconnecter
          </TouchButton>
        </div>
      )}
    </>
  );
}
