// The summary by mail: how often one wants it, and the last letters.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api } from "@/api/client";
import { digest as digestQuery } from "@/api/exchange";
import { useWrite } from "@/api/write";
import { deliveryState } from "@/features/admin/words";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { RadioGroup } from "@/ui/Field";
import { Refused } from "@/ui/Refused";
import { Failure, Skeleton } from "@/ui/States";
import { When } from "@/ui/When";
import style from "./TodayPage.module.css";

type Frequency = "daily" | "weekly" | "none";
const frequencies = [
  { id: "daily", label: "Chaque jour ouvré", detail: "À 7 h, s’il y a quelque chose à dire" },
  { id: "weekly", label: "Chaque lundi", detail: "À 7 h, s’il y a quelque chose à dire" },
  { id: "none", label: "Jamais" },
];

export default function DigestDialog({ onClose }: { onClose: () => void }) {
  const { data, isError, error, refetch } = useQuery(digestQuery);
  const [wanted, setWanted] = useState<Frequency | null>(null);
  const write = useWrite((frequency: Frequency) => api.put("/api/digest", { body: { frequency } }), {
    touches: [["digest"]],
    quiet: true,
    done: ({ frequency }) => (frequency === "none" ? "Le résumé par courriel s’arrête." : "Le résumé par courriel est réglé."),
    onDone: onClose,
  });
  return (
    <Dialog title="Résumé par courriel" isOpen onClose={onClose}>
      {isError ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={4} />
      ) : (
        <Form
          style={{ display: "contents" }}
          onSubmit={(event) => {
            event.preventDefault();
            if (!wanted || wanted === data.frequency) return onClose();
            write.mutate(wanted);
          }}
        >
          <p>
            Les offres qui s’ouvrent ou que l’on vous réserve, chacune une fois, et ce que vous avez à traiter dans la semaine. Envoyé à <strong>{data.email}</strong>, à vous seul. Aucun employeur n’y est nommé.
          </p>
          <RadioGroup label="Recevoir le résumé" required value={wanted ?? data.frequency} onChange={(id) => setWanted(id as Frequency)} choices={frequencies} />
          {!data.is_configured && <p className={style.late}>Aucun serveur de messagerie n’est réglé sur cette installation : rien ne part pour l’instant. Votre choix est gardé.</p>}
          {data.is_paused && <p className={style.late}>Un responsable de votre structure a mis ces envois en pause.</p>}
          {data.next_at && !data.is_paused && <p className={style.soft}>Prochain résumé <When at={data.next_at} />.</p>}
          {data.letters.length > 0 && (
            <section aria-label="Derniers résumés">
              <h3>Derniers résumés</h3>
              <ul className={style.letters}>
                {data.letters.map((letter) => (
                  <li key={letter.id}>
                    <details>
                      <summary>
                        <span>
                          {letter.subject.replace(/^Maillage\s*:\s*/, "")}
                          <span className={style.soft}> <When at={letter.at} /></span>
                        </span>
                        <Badge tone={deliveryState[letter.state]!.tone} icon={deliveryState[letter.state]!.icon}>{words[letter.state]}</Badge>
                      </summary>
                      {letter.error && <p className={style.late}>{letter.error}</p>}
                      <pre>{letter.text}</pre>
                    </details>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <Refused error={write.error} />
          <Actions>
            <Button type="submit" look="primary" isPending={write.isPending}>Enregistrer</Button>
            <Button look="quiet" onPress={onClose}>Annuler</Button>
          </Actions>
        </Form>
      )}
    </Dialog>
  );
}

const words = { waiting: "En attente", done: "Envoyé", dead: "Non envoyé", dropped: "Abandonné" } as const;
