// The API as its own description tells it: what a key may ask, with what, and a command to try.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { description } from "@/api/exchange";
import { scopeName } from "@/features/admin/words";
import { useQueryState } from "@/router";
import { Badge } from "@/ui/Badge";
import { LinkButton } from "@/ui/Button";
import { Checkbox, TextField } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { Failure, Message, Skeleton } from "@/ui/States";
import { plural } from "@/words/number";
import style from "./ApiPage.module.css";
import { example, operationsOf, rowsOf, shapeOf, type Api, type Operation } from "./description";

export default function ApiPage() {
  const query = useQueryState();
  const { data, isPending, isError, error, refetch } = useQuery(description);
  const api = data as Api | undefined;
  const words = query.get("q") ?? "";
  const all = query.get("tout") === "1";
  const operations = useMemo(() => (api ? operationsOf(api) : []), [api]);
  const shown = operations.filter((one) => (all || one.scope) && words.toLowerCase().split(/\s+/).every((word) => `${one.method} ${one.path} ${one.summary}`.toLowerCase().includes(word)));
  return (
    <main id="contenu" tabIndex={-1} className={style.main}>
      <Page
        title="Documentation de l’API"
        aside={api && `version ${api.info.version}`}
        actions={<LinkButton small look="quiet" icon="back" href="/">Maillage</LinkButton>}
        toolbar={
          <>
            <TextField label="Chercher une adresse" hideLabel type="search" placeholder="Chercher : offers, visits…" value={words} onChange={(q) => query.set({ q }, { replace: true })} />
            <Checkbox isSelected={all} onChange={(on) => query.set({ tout: on ? "1" : null }, { replace: true })}>Aussi ce qui n’est pas ouvert aux clés</Checkbox>
          </>
        }
      >
        <div className={style.page}>
          <Start />
          {isError ? (
            <Failure error={error} onRetry={() => void refetch()} />
          ) : isPending || !api ? (
            <Skeleton rows={8} />
          ) : shown.length === 0 ? (
            <Message icon="search" title="Aucune adresse ne répond à ces mots." />
          ) : (
            <>
              <p className={style.soft}>{plural(shown.length, "opération")}</p>
              {shown.map((one) => <One key={`${one.method} ${one.path}`} api={api} one={one} />)}
            </>
          )}
        </div>
      </Page>
    </main>
  );
}

function Start() {
  return (
    <section className={style.start} aria-labelledby="commencer">
      <h2 id="commencer">Pour commencer</h2>
      <p>Le responsable d’une structure crée une clé dans Clés d’API, d’abord pour le bac à sable. Le logiciel l’envoie à chaque demande :</p>
      <pre className={style.code}>{`curl ${window.location.origin}/api/key \\\n     --header "Authorization: Bearer mlg_…"`}</pre>
      <ul>
        <li>Les refus sont des documents <code>application/problem+json</code> : <code>code</code> ne change jamais, <code>fields</code> dit quels champs ne vont pas.</li>
        <li>Les listes donnent <code>items</code> et <code>next</code> ; renvoyez <code>next</code> dans <code>?after=</code>.</li>
        <li>Un envoi porte <code>Idempotency-Key</code> : répété, il reçoit la même réponse et n’est fait qu’une fois.</li>
        <li>300 demandes par minute et par clé ; <code>RateLimit</code> dit ce qui reste, <code>Retry-After</code> combien attendre.</li>
        <li>La description complète, pour les logiciels : <a href="/openapi.json">openapi.json</a>.</li>
      </ul>
    </section>
  );
}

function One({ api, one }: { api: Api; one: Operation }) {
  const rows = rowsOf(api, one);
  return (
    <details className={style.one}>
      <summary>
        <span className={style.method}>{one.method.toUpperCase()}</span> <code>{one.path}</code>
        <span className={style.soft} lang="en">{one.summary}</span>
        {one.scope && <Badge tone="accent">{one.scope === "any" ? "Toute clé" : one.scope}</Badge>}
      </summary>
      <div className={style.body}>
        {one.scope && one.scope !== "any" && <p className={style.soft}>Droit : {scopeName(one.scope).toLowerCase()}.</p>}
        {rows.length > 0 && (
          <div className={style.scroll} tabIndex={0} role="region" aria-label={`Champs de ${one.method.toUpperCase()} ${one.path}`}>
            <table className={style.table}>
              <thead>
                <tr>
                  <th scope="col">Champ</th>
                  <th scope="col">Où</th>
                  <th scope="col">Forme</th>
                  <th scope="col">Obligatoire</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={`${row.where} ${row.name}`}>
                    <th scope="row"><code>{row.name}</code></th>
                    <td>{row.where}</td>
                    <td>{row.shape}{row.note && <span className={style.soft} lang="en"> {row.note}</span>}</td>
                    <td>{row.required ? "oui" : "non"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {one.answers.map(([status, schema]) => (
          <p key={status}>Réponse <code>{status}</code> : {schema ? shapeOf(api, schema) : "sans contenu"}</p>
        ))}
        {one.errors.length > 0 && <p>Refus particuliers : {one.errors.map((code, index) => <span key={code}>{index > 0 && ", "}<code>{code}</code></span>)}</p>}
        {one.scope && <pre className={style.code}>{example(api, one, window.location.origin)}</pre>}
      </div>
    </details>
  );
}
