// The address by which other calendars read one's visits: made, copied, revoked; and where to paste it.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import { calendarFeed } from "@/api/week";
import { useWrite } from "@/api/write";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { Skeleton } from "@/ui/States";
import { toast } from "@/ui/Toast";
import { appointment, longDay } from "@/words/time";
import style from "./Week.module.css";

const where: { name: string; steps: string }[] = [
  { name: "Outlook", steps: "Calendrier, « Ajouter un calendrier », « S’abonner à partir du web », collez l’adresse." },
  { name: "Thunderbird", steps: "Nouvel agenda, « Sur le réseau », collez l’adresse ; aucun identifiant n’est demandé." },
  { name: "Google Agenda", steps: "Autres agendas, « + », « À partir de l’URL », collez l’adresse. Google ne la relit que quelques fois par jour." },
];

export default function FeedDialog({ onClose }: { onClose: () => void }) {
  const { data } = useQuery(calendarFeed);
  const [address, setAddress] = useState("");
  const make = useWrite((_: void) => api.post("/api/calendar"), { touches: [["calendar"]], onDone: (made) => setAddress(made.address) });
  const revoke = useWrite((_: void) => api.remove("/api/calendar"), { touches: [["calendar"]], done: () => "L’adresse ne fonctionne plus.", onDone: () => setAddress("") });
  const feed = data?.feed;
  return (
    <Dialog title="Mes visites dans un autre agenda" isOpen onClose={onClose}>
      {!data ? (
        <Skeleton rows={3} shape="text" />
      ) : (
        <>
          <p>Une adresse secrète donne à votre agenda habituel vos visites, leurs changements et leurs annulations. Elle se lit sans mot de passe : qui la connaît voit les employeurs, les heures et le nom des interlocuteurs que vous pouvez lire, jamais leurs numéros.</p>
          {address ? (
            <>
              <TextField label="Adresse à coller" value={address} readOnly required help="Elle ne sera plus affichée : copiez-la maintenant." />
              <Button
                look="primary"
                onPress={() => {
                  void navigator.clipboard.writeText(address).then(() => toast("Adresse copiée."), () => toast("La copie a échoué : sélectionnez l’adresse.", { tone: "danger" }));
                }}
              >
                Copier l’adresse
              </Button>
              <dl className={style.where}>
                {where.map(({ name, steps }) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{steps}</dd>
                  </div>
                ))}
              </dl>
            </>
          ) : feed ? (
            <p className={style.soft}>
              Adresse créée le {longDay(feed.made_at)}, {feed.read_at ? `lue ${appointment(feed.read_at)}${feed.reader ? ` par ${feed.reader.split(/[ /]/)[0]}` : ""}` : "jamais lue"}.
            </p>
          ) : null}
          <Actions>
            <Button look={address ? "plain" : "primary"} onPress={() => make.mutate(undefined)} isPending={make.isPending}>
              {feed ? "Remplacer l’adresse" : "Créer l’adresse"}
            </Button>
            {feed && (
              <Button look="danger" onPress={() => revoke.mutate(undefined)} isPending={revoke.isPending}>
                Révoquer
              </Button>
            )}
            <Button look="quiet" onPress={onClose}>
              Terminé
            </Button>
          </Actions>
        </>
      )}
    </Dialog>
  );
}
