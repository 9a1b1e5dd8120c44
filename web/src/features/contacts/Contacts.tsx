// The persons known at an employer's: how to reach them, who gave them, when they were last confirmed, who refuses.
import { useState } from "react";
import { api, type Schema } from "@/api/client";
import { useWrite } from "@/api/write";
import { useSession } from "@/features/session/session";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuChoice } from "@/ui/Menu";
import { NetworkMark, Organisation } from "@/ui/Network";
import { ReasonDialog } from "@/ui/ReasonDialog";
import { When } from "@/ui/When";
import { phone } from "@/words/number";
import { isoDay, now, relativeDay } from "@/words/time";
import { french } from "@/words/typography";
import { ContactDialog } from "./ContactDialog";
import style from "./Contacts.module.css";
import { personName, preferred } from "./person";

type Contact = Schema<"Contact">;

export function Contacts({ contacts, establishment, onAdd }: { contacts: Contact[]; establishment: number; onAdd: (() => void) | undefined }) {
  return (
    <section aria-label="Interlocuteurs">
      <div className={style.head}>
        <h3>Interlocuteurs</h3>
        {onAdd && (
          <Button small look="quiet" icon="add" onPress={onAdd}>
            Ajouter
          </Button>
        )}
      </div>
      {contacts.length === 0 ? (
        <p className={style.soft}>Aucun interlocuteur connu.</p>
      ) : (
        <ul className={style.contacts}>
          {contacts.map((contact) => (
            <Line key={contact.id} contact={contact} establishment={establishment} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Line({ contact, establishment }: { contact: Contact; establishment: number }) {
  const session = useSession();
  const [open, setOpen] = useState<"edit" | "oppose" | "lift" | null>(null);
  const close = () => setOpen(null);
  const writer = session.role === "adviser" || session.role === "manager";
  const ours = writer && contact.organisation.id === session.organisation.id;
  const opposition = contact.opposition;
  const touches = [["establishment", establishment], ["establishments"], ["visits"], ["today"], ["oppositions"]];
  const confirm = useWrite(() => api.patch("/api/contacts/{id}", { path: { id: contact.id }, version: contact.version, body: { confirmed: true } }), {
    touches: [["establishment", establishment]],
    done: () => `${personName(contact)} : confirmé aujourd’hui.`,
  });
  const oppose = useWrite((reason: string) => api.post("/api/contacts/{id}/oppositions", { path: { id: contact.id }, body: reason ? { reason } : {} }), {
    touches,
    quiet: true,
    done: () => "Opposition enregistrée : elle engage tous les partenaires.",
    onDone: close,
  });
  const lift = useWrite((reason: string) => api.post("/api/oppositions/{id}/lift", { path: { id: opposition?.id ?? 0 }, body: { reason } }), {
    touches,
    quiet: true,
    done: () => "Opposition levée.",
    onDone: close,
  });
  const isFresh = contact.confirmed_on === isoDay(now());
  const more: MenuChoice[] = [
    ...(ours && !opposition ? [{ id: "edit", label: "Modifier", icon: "edit" as const, run: () => setOpen("edit") }] : []),
    ...(writer && !opposition ? [{ id: "oppose", label: "Ne veut plus être contacté", icon: "opposed" as const, run: () => setOpen("oppose") }] : []),
    ...(writer && opposition && opposition.organisation.id === session.organisation.id ? [{ id: "lift", label: "Lever l’opposition", icon: "free" as const, run: () => setOpen("lift") }] : []),
  ];
  return (
    <li className={style.contact} data-testid="contact">
      <div className={style.who}>
        <p>
          <span className={style.strong}>{personName(contact)}</span>
          {contact.position && <span className={style.soft}>, {french(contact.position)}</span>}
        </p>
        {opposition ? (
          <p className={style.opposed}>
            <Badge tone="danger" icon="opposed">
              Ne pas contacter
            </Badge>{" "}
            <span className={style.soft}>
              demandé auprès de <Organisation name={opposition.organisation.short_name} network={opposition.organisation.network} size={14} /> <When at={opposition.at} />
              {opposition.reason && ` · « ${french(opposition.reason)} »`}
            </span>
          </p>
        ) : (
          (contact.phones.length > 0 || contact.emails.length > 0) && (
            <p className={style.reach}>
              {contact.phones.map((way) => (
                <a key={way} href={`tel:${way}`}>
                  <Icon name="phone" size={13} /> {phone(way)}
                </a>
              ))}
              {contact.emails.map((way) => (
                <a key={way} href={`mailto:${way}`}>
                  <Icon name="mail" size={13} /> {way}
                </a>
              ))}
            </p>
          )
        )}
        <p className={style.by}>
          {!opposition && contact.channel && <span className={style.channel}>{preferred[contact.channel]}</span>}
          <span>
            donné par <NetworkMark network={contact.organisation.network} size={14} /> {contact.organisation.short_name}
            {contact.imported ? " (fichier)" : contact.given_by && `, ${contact.given_by.name}`}
          </span>
          <span>{contact.confirmed_on ? `confirmé ${relativeDay(contact.confirmed_on)}${contact.confirmed_by ? ` par ${contact.confirmed_by.name}` : ""}` : "jamais confirmé"}</span>
          {!contact.shared && <span>gardé par la structure</span>}
        </p>
      </div>
      <div className={style.actions}>
        {ours && !opposition && !isFresh && (
          <Button small look="quiet" icon="check" isPending={confirm.isPending} aria-label={`Confirmé aujourd’hui : ${personName(contact)}`} onPress={() => confirm.mutate(undefined)}>
            Confirmé aujourd’hui
          </Button>
        )}
        {more.length > 0 && <Menu label={`Autres actions : ${personName(contact)}`} trigger={<Icon name="menu" />} groups={[{ id: "more", items: more }]} />}
      </div>
      {open === "edit" && <ContactDialog establishment={establishment} contact={contact} isOpen onClose={close} />}
      <ReasonDialog
        title={`${personName(contact)} ne veut plus être contacté`}
        label="Ce que la personne a dit"
        confirm="Enregistrer l’opposition"
        help="Tous les partenaires cessent de la solliciter ; ses visites prévues sont annulées. La même personne donnée de nouveau, avec le même courriel, le même téléphone ou le même nom ici, sera reconnue."
        isOpen={open === "oppose"}
        onClose={close}
        onConfirm={oppose.mutate}
        error={oppose.error}
        busy={oppose.isPending}
        required={false}
        danger
      />
      <ReasonDialog title="Lever l’opposition" label="Motif" confirm="Lever l’opposition" isOpen={open === "lift"} onClose={close} onConfirm={lift.mutate} error={lift.error} busy={lift.isPending} />
    </li>
  );
}
