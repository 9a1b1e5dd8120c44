// Signing in on the telephone: the first time, and when the session ended while it was away.
import { useState } from "react";
import { TouchButton, TouchLine, TouchNotice } from "@/ui/touch/Touch";
import { plural } from "@/words/number";
import { sentence } from "./FieldApp";
import { signIn, useField } from "./store";
import style from "./Field.module.css";

export function SignIn() {
  const { who, waiting, net } = useField();
  const [email, setEmail] = useState(who?.member.email ?? "");
  const [password, setPassword] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const theirs = waiting.filter((one) => one.member === who?.member.id).length;
  return (
    <main className={style.main}>
      <h1 tabIndex={-1}>Maillage, sur le terrain</h1>
      {theirs > 0 && who && (
        <TouchNotice tone="warn">
          {plural(theirs, "compte rendu attend", "comptes rendus attendent")} sur ce téléphone ; {theirs > 1 ? "ils partiront" : "il partira"} quand {who.member.name} aura ouvert une session.
        </TouchNotice>
      )}
      {!who && net === "offline" && <TouchNotice>La première connexion demande du réseau ; ensuite, tout fonctionne sans.</TouchNotice>}
      <form
        className={style.form}
        onSubmit={(event) => {
          event.preventDefault();
          setBusy(true);
          setError("");
          signIn(email, password)
            .catch((fault: unknown) => setError(sentence(fault)))
            .finally(() => setBusy(false));
        }}
      >
        <TouchLine label="Adresse électronique" type="email" autoComplete="username" required value={email} onChange={setEmail} />
        <TouchLine label="Mot de passe" type="password" autoComplete="current-password" required value={password} onChange={setPassword} />
        {error && (
          <div role="alert">
            <TouchNotice tone="danger">{error}</TouchNotice>
          </div>
        )}
        <TouchButton type="submit" look="primary" isDisabled={busy}>
          {busy ? "Connexion en cours" : "Se connecter"}
        </TouchButton>
      </form>
    </main>
  );
}
