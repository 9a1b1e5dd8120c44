// What an organisation says of itself: how to reach it, what it offers, where it works.
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { services as servicesQuery } from "@/api/queries";
import { fault, Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { usePlaces } from "@/features/coverage/places";
import { Button } from "@/ui/Button";
import { Chips } from "@/ui/Chips";
import { Actions, Dialog } from "@/ui/Dialog";
import { Checkbox, TextArea, TextField, toFirstFault } from "@/ui/Field";
import { useDraft } from "@/ui/draft";
import { Kept } from "@/ui/Kept";
import style from "./DirectoryPage.module.css";

const zonings = ["region", "departement", "bassin", "epci", "commune"] as const;

type Line = Schema<"Organisations">["items"][number];

export default function EditOrganisation({ row, onClose }: { row: Line; onClose: () => void }) {
  const [form, change, clear, kept] = useDraft(`organisation.${row.id}`, {
    about: row.about ?? "",
    website: row.website ?? "",
    opening: row.opening ?? "",
    phone: row.phone ?? "",
    email: row.email ?? "",
    services: row.services.map((one) => one.code),
    areas: row.areas.map((one) => one.area),
    version: row.version,
  });
  const [tried, setTried] = useState(false);
  const offered = useQuery(servicesQuery).data?.items ?? [];
  const places = usePlaces(zonings);
  const names = useMemo(() => new Map([...row.areas.map((one) => [one.area, one.name] as const), ...places.map((one) => [one.id, one.label] as const)]), [places, row.areas]);
  const website = form.website && !/^https?:\/\/\S{3,}$/.test(form.website) ? "L’adresse commence par https://." : undefined;
  const save = useWrite(
    (_: undefined, version) =>
      api.put("/api/organisations/{id}", {
        path: { id: row.id },
        body: {
          version,
          services: form.services,
          areas: form.areas,
          ...(form.about.trim() && { about: form.about.trim() }),
          ...(form.website.trim() && { website: form.website.trim() }),
          ...(form.opening.trim() && { opening: form.opening.trim() }),
          ...(form.phone.trim() && { phone: form.phone.trim() }),
          ...(form.email.trim() && { email: form.email.trim() }),
        },
      }),
    {
      version: row.version,
      begun: form.version,
      touches: [["directory"]],
      quiet: true,
      done: () => "Fiche de la structure enregistrée.",
      onDone: () => {
        clear();
        onClose();
      },
    },
  );
  return (
    <Dialog title={row.name} isOpen onClose={onClose} wide>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (website) return toFirstFault();
          save.mutate(undefined);
        }}
      >
        {kept && <Kept onDrop={clear} again="Repartir de la fiche" />}
        <TextArea label="Présentation" value={form.about} onChange={(about) => change({ about })} maxLength={600} rows={3} placeholder="À qui vous vous adressez, ce qu’un employeur peut attendre de vous" />
        <div className={style.pair}>
          <TextField label="Téléphone" type="tel" value={form.phone} onChange={(phone) => change({ phone })} maxLength={30} error={fault(save.error, "phone")} />
          <TextField label="Courriel" type="email" value={form.email} onChange={(email) => change({ email })} maxLength={120} error={fault(save.error, "email")} />
          <TextField label="Site" value={form.website} onChange={(value) => change({ website: value })} maxLength={200} error={tried ? (website ?? fault(save.error, "website")) : undefined} placeholder="https://" />
          <TextField label="Horaires" value={form.opening} onChange={(opening) => change({ opening })} maxLength={200} placeholder="Du lundi au vendredi, 9 h à 17 h" />
        </div>
        <fieldset className={style.services}>
          <legend>Ce que la structure offre aux employeurs</legend>
          {offered.map((one) => (
            <Checkbox key={one.code} isSelected={form.services.includes(one.code)} onChange={(on) => change({ services: on ? [...form.services, one.code] : form.services.filter((code) => code !== one.code) })}>
              {one.label}
            </Checkbox>
          ))}
        </fieldset>
        <div>
          <p className={style.label}>Territoire d’intervention</p>
          <Chips label="Territoire d’intervention" values={form.areas} onChange={(areas) => change({ areas })} name={(area) => names.get(area) ?? area} choices={places} placeholder="Ajouter un département, un bassin, une intercommunalité, une commune" />
          {form.areas.length === 0 && <p className={style.soft}>Sans choix, tout le territoire.</p>}
        </div>
        {save.error && (
          <p className={style.fault} role="alert">
            {save.error instanceof Refusal ? save.error.title : "La fiche n’a pas pu être enregistrée."}
          </p>
        )}
        <Actions>
          <Button type="submit" look="primary" isPending={save.isPending}>
            Enregistrer
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
