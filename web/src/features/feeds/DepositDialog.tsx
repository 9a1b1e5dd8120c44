// A file of offers from the page of offers: a new one, or one that was given before and has changed.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FileTrigger, Form } from "react-aria-components";
import { api } from "@/api/client";
import { feeds } from "@/api/exchange";
import { fault } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { navigate } from "@/router";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Select, TextField, toFirstFault } from "@/ui/Field";
import { Refused } from "@/ui/Refused";
import style from "./Feeds.module.css";
import { fileKinds, giveFile } from "./give";

export default function DepositDialog({ onClose }: { onClose: () => void }) {
  const list = useQuery(feeds);
  const before = (list.data?.items ?? []).filter((feed) => feed.adds && feed.state === "active");
  const [which, setWhich] = useState("");
  const [name, setName] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [tried, setTried] = useState(false);
  // A feed that was made for a file the server refuses is kept for the next try.
  const [made, setMade] = useState<number | null>(null);
  const give = useWrite(
    async (chosen: File) => {
      const id = which ? Number(which) : (made ?? (await api.post("/api/feeds", { body: { name: name.trim(), adds: true } })).id);
      if (!which) setMade(id);
      await giveFile(id, chosen);
      return id;
    },
    { touches: [["feeds"], ["offers"]], quiet: true, onDone: (id) => navigate(`/flux/${id}`) },
  );
  const choose = (chosen: File | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    if (!name.trim()) setName(chosen.name.replace(/(\.[a-z0-9]{1,5})+$/i, "").slice(0, 60));
  };
  return (
    <Dialog title="Déposer des offres par fichier" isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!which && name.trim().length < 2) return toFirstFault();
          if (file) give.mutate(file);
        }}
      >
        <p className={style.intro}>Chaque offre du fichier devient un brouillon à votre nom, à confirmer avec l’employeur. Rien n’est jamais retiré par un dépôt.</p>
        {before.length > 0 && (
          <Select label="Ce fichier" required value={which} onChange={setWhich} choices={[{ id: "", label: "Un nouveau fichier" }, ...before.map((feed) => ({ id: String(feed.id), label: `Mise à jour de : ${feed.name}` }))]} />
        )}
        <FileTrigger onSelect={(files) => choose(files?.[0])}>
          <Button icon="imports">{file ? file.name : "Choisir un fichier"}</Button>
        </FileTrigger>
        <p className={tried && !file ? style.wrong : style.soft}>{tried && !file ? "Choisissez d’abord le fichier." : fileKinds}</p>
        {!which && <TextField label="Nom" required maxLength={60} value={name} onChange={setName} placeholder="Salon de l’emploi, groupement d’employeurs…" help="Il permet de mettre ces offres à jour par un prochain fichier." error={fault(give.error, "name") ?? (tried && name.trim().length < 2 ? "Donnez-lui un nom." : undefined)} />}
        <Refused error={give.error} />
        <Actions>
          <Button type="submit" look="primary" isPending={give.isPending}>Déposer</Button>
          <Button look="quiet" onPress={onClose}>Annuler</Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
