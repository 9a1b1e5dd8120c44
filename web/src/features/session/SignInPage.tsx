import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Form } from "react-aria-components";
import { fault, Refusal } from "@/api/refusal";
import { site as siteQuery } from "@/api/queries";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { Mark } from "@/features/shell/Mark";
import { plural } from "@/words/number";
import { signIn } from "./session";
import style from "./SignInPage.module.css";

export default function SignInPage() {
  const queries = useQueryClient();
  const site = useQuery(siteQuery).data;
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const alert = useRef<HTMLDivElement>(null);

  async function submit(form: FormData) {
    setBusy(true);
    setError(null);
    try {
      await signIn(queries, String(form.get("email") ?? "").trim(), String(form.get("password") ?? ""));
    } catch (refused) {
      setError(refused);
      setBusy(false);
      requestAnimationFrame(() => alert.current?.focus());
    }
  }

  const refusal = error instanceof Refusal ? error : null;
  return (
    <main id="contenu" className={style.page}>
      <div className={style.card}>
        <Mark size={34} />
        <h1>Maillage</h1>
        <p className={style.lead}>La prospection partagée des employeurs : une seule liste, des engagements de visite datés, des offres mises en commun.</p>
        <Form
          className={style.form}
          onSubmit={(event) => {
            event.preventDefault();
            void submit(new FormData(event.currentTarget));
          }}
        >
          {error !== null && (
            <div role="alert" tabIndex={-1} ref={alert} className={style.alert}>
              {refusal?.title ?? "La connexion n’a pas abouti."}
              {refusal?.detail && <span> {refusal.detail}</span>}
            </div>
          )}
          <TextField label="Adresse électronique" name="email" type="email" autoComplete="username" required autoFocus error={fault(error, "email")} />
          <TextField label="Mot de passe" name="password" type="password" autoComplete="current-password" required error={fault(error, "password")} />
          <Button type="submit" look="primary" wide isPending={busy}>
            Se connecter
          </Button>
        </Form>
        {site?.demo && (
          <p className={style.demo}>
            Instance de démonstration : entreprises, personnes et offres sont fictives. Les comptes d’essai sont dans le fichier
            <code> demo-accounts.json</code> du dossier de données.
          </p>
        )}
      </div>
      <p className={style.public}>
        <Link href="/offres">{site ? `Consulter ${plural(site.offers_open, "offre ouverte", "offres ouvertes")} à tous` : "Consulter les offres ouvertes à tous"}</Link>
      </p>
    </main>
  );
}
