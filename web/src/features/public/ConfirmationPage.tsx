// The employer reads the offer that was prepared, and confirms it or says what is wrong. No account: the link is the right.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { confirmation, site as siteQuery } from "@/api/queries";
import { fault } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { detailFacts, waysToApply } from "@/features/offers/details";
import { Mark } from "@/features/shell/Mark";
import { Button } from "@/ui/Button";
import { TextArea, TextField } from "@/ui/Field";
import { NetworkMark } from "@/ui/Network";
import { Refused } from "@/ui/Refused";
import { Failure, Message, Skeleton } from "@/ui/States";
import { NARROW, phone, plural } from "@/words/number";
import { longDay } from "@/words/time";
import { french } from "@/words/typography";
import style from "./ConfirmationPage.module.css";

type Confirmation = Schema<"Confirmation">;

export default function ConfirmationPage() {
  const [token] = useState(() => window.location.hash.slice(1));
  const { data: site } = useQuery(siteQuery);
  return (
    <div className={style.frame}>
      <header className={style.header}>
        <span className={style.brand}>
          <Mark size={26} />
          <span>Maillage</span>
        </span>
        {site?.demo && <span className={style.demo}>Données fictives</span>}
      </header>
      <main id="contenu" tabIndex={-1} className={style.main}>
        {token.length === 43 ? <Asked token={token} /> : <Unknown />}
      </main>
      <footer className={style.footer}>
        <p>Maillage coordonne France Travail, les Missions Locales, Cap emploi et le PLIE du territoire : un employeur, un interlocuteur.</p>
      </footer>
    </div>
  );
}

function Unknown() {
  return (
    <Message alone icon="alert" title="Ce lien n’est pas complet.">
      Ouvrez-le tel qu’il vous a été remis, ou demandez-en un autre à votre interlocuteur.
    </Message>
  );
}

function Asked({ token }: { token: string }) {
  const { data, isPending, isError, error, refetch } = useQuery(confirmation(token));
  if (isError) return "status" in error && error.status === 404 ? <Unknown /> : <Failure alone error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Skeleton rows={6} />;
  return <Detail data={data} token={token} />;
}

const faults: Record<string, [string, string]> = {
  link_stale: ["Cette offre a changé depuis que le lien vous a été remis.", "Demandez un nouveau lien à votre interlocuteur."],
  link_expired: ["Ce lien a expiré.", "Demandez un nouveau lien à votre interlocuteur."],
};

function Detail({ data, token }: { data: Confirmation; token: string }) {
  const who = (
    <p className={style.by}>
      <NetworkMark network={data.organisation.network} size={18} /> {data.member}, {data.organisation.name}
      {data.organisation.phone && (
        <>
          {" · "}
          <a href={`tel:${data.organisation.phone}`}>{phone(data.organisation.phone)}</a>
        </>
      )}
    </p>
  );
  if (data.answer)
    return (
      <>
        <h1>{data.answer === "confirmed" ? "Merci, votre offre est confirmée." : "Merci, votre demande est transmise."}</h1>
        <p>
          {data.answer === "confirmed"
            ? `Elle est proposée dès maintenant aux candidats suivis par nos réseaux, pendant ${plural(data.reservation_days, "jour")}, puis ouverte à tous si elle n’est pas pourvue.`
            : "Votre interlocuteur corrige l’offre et revient vers vous. Rien n’est publié d’ici là."}
        </p>
        {who}
      </>
    );
  if (data.fault)
    return (
      <>
        <Message alone icon="alert" title={faults[data.fault]?.[0] ?? "Ce lien ne vaut plus."}>
          {faults[data.fault]?.[1]}
        </Message>
        {who}
      </>
    );
  return <Question data={data} token={token} who={who} />;
}

function Question({ data, token, who }: { data: Confirmation; token: string; who: ReactNode }) {
  const [name, setName] = useState("");
  const [comment, setComment] = useState("");
  const [wrong, setWrong] = useState(false);
  const [checked, check] = useState(false);
  const queries = useQueryClient();
  const write = useWrite((answer: "confirmed" | "corrected") => api.post("/api/public/confirmation/answer", { body: { token, answer, name: name.trim(), ...(wrong ? { comment: comment.trim() } : {}) } }), {
    touches: [],
    quiet: true,
    onDone: (answer) => queries.setQueryData(confirmation(token).queryKey, answer),
  });
  const facts: [string, ReactNode][] = [
    ["Employeur", data.employer],
    ["Métier", data.rome_label],
    ["Contrat", data.contract_label],
    ["Lieu", data.commune],
    ["Postes", data.posts],
    ["Début", data.starts_on && longDay(data.starts_on)],
    ["Heures par semaine", data.hours && `${String(data.hours).replace(".", ",")}${NARROW}h`],
    ["Salaire", data.salary],
    ...detailFacts(data.details),
  ];
  const ways = waysToApply(data.details);
  return (
    <article className={style.article}>
      <p className={style.lead}>Voici l’offre préparée avec vous. Est-elle exacte ?</p>
      <h1>{data.title}</h1>
      <dl className={style.facts}>
        {facts
          .filter(([, value]) => value)
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {data.description && <p className={style.description}>{french(data.description)}</p>}
      <section className={style.ways} aria-label="Candidatures">
        {ways.length > 0 ? (
          <>
            <h2>Les candidats vous joindront ainsi</h2>
            <ul>
              {ways.map((way) => (
                <li key={way}>{way}</li>
              ))}
            </ul>
            <p>C’est publié avec l’offre, dès qu’elle est ouverte à tous.</p>
          </>
        ) : (
          <>
            <h2>Les candidats passent par nous</h2>
            <p>{data.organisation.name} reçoit les candidatures et vous les présente. Vos coordonnées ne sont pas publiées.</p>
          </>
        )}
      </section>
      <Form
        className={style.contact}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (name.trim().length >= 2 && (!wrong || comment.trim().length >= 3)) write.mutate(wrong ? "corrected" : "confirmed");
        }}
      >
        <h2>Votre réponse</h2>
        <p>
          Une fois confirmée, l’offre est proposée pendant {plural(data.reservation_days, "jour")} aux candidats suivis par nos réseaux, puis ouverte à tous. Votre nom n’est pas publié.
        </p>
        <TextField label="Votre nom et votre fonction" required value={name} onChange={setName} maxLength={160} autoComplete="name" error={fault(write.error, "name") ?? (checked && name.trim().length < 2 ? "Dites qui vous êtes." : undefined)} />
        {wrong && (
          <TextArea label="Ce qu’il faut corriger" required autoFocus value={comment} onChange={setComment} maxLength={500} rows={4} error={fault(write.error, "comment") ?? (checked && comment.trim().length < 3 ? "Dites ce qui ne va pas." : undefined)} />
        )}
        {write.error && !fault(write.error, "name") && !fault(write.error, "comment") ? <Refused error={write.error} /> : null}
        <div className={style.answers}>
          <Button type="submit" look="primary" icon={wrong ? "edit" : "check"} isPending={write.isPending}>
            {wrong ? "Envoyer la correction" : "Je confirme cette offre"}
          </Button>
          <Button look="quiet" onPress={() => setWrong(!wrong)}>
            {wrong ? "Finalement, elle est exacte" : "Quelque chose est à corriger"}
          </Button>
        </div>
      </Form>
      {who}
      <p className={style.lead}>Ce lien vaut jusqu’au {longDay(data.expires_at)}, pour une seule réponse.</p>
    </article>
  );
}
