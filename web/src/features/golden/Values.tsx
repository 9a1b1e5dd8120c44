// Where each value of an employer comes from, by which rule it stands, what others say, and choosing one for good.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Form } from "react-aria-components";
import { api, type Schema } from "@/api/client";
import { valuesOf } from "@/api/queries";
import { fault } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { RadioGroup, Select, TextArea, TextField } from "@/ui/Field";
import { Refused } from "@/ui/Refused";
import { Failure, Skeleton } from "@/ui/States";
import { When } from "@/ui/When";
import { sizeBands } from "@/words/domain";
import { plural } from "@/words/number";
import { french } from "@/words/typography";
import { fieldWords, giver, printed, ruleWords } from "./words";
import style from "./Values.module.css";

type Value = Schema<"Value">;

export function Values({ id, writer }: { id: number; writer: boolean }) {
  const { data, isPending, isError, error, refetch } = useQuery(valuesOf(id));
  const [open, setOpen] = useState<Value | null>(null);
  const release = useWrite((field: string) => api.post("/api/establishments/{id}/release", { path: { id }, body: { field: field as "phone" } }), {
    touches: [["establishment", id], ["establishments"]],
    done: () => "Valeur libérée : les règles décident de nouveau.",
  });
  return (
    <section aria-label="Provenance des valeurs">
      <h3>D’où viennent les valeurs</h3>
      {isError ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <Skeleton rows={4} />
      ) : (
        <ul className={style.values}>
          {data.items
            .filter((item) => item.value !== null || item.candidates.length > 0 || writer)
            .map((item) => (
              <Line key={item.field} item={item} onChoose={writer ? () => setOpen(item) : undefined} onRelease={writer && item.rule === "pinned" ? () => release.mutate(item.field) : undefined} busy={release.isPending} />
            ))}
        </ul>
      )}
      {open && <ChooseDialog id={id} item={open} onClose={() => setOpen(null)} />}
    </section>
  );
}

function Line({ item, onChoose, onRelease, busy }: { item: Value; onChoose: (() => void) | undefined; onRelease: (() => void) | undefined; busy: boolean }) {
  const others = item.candidates.filter((one) => one.value !== item.value);
  const name = fieldWords[item.field] ?? item.field;
  return (
    <li className={style.line}>
      <div className={style.words}>
        <p>
          <span className={style.field}>{name}</span> {item.value === null ? <span className={style.soft}>inconnu</span> : printed(item.field, item.value)}{" "}
          {item.rule === "pinned" && (
            <Badge tone="accent" icon="reserved">
              Choisie
            </Badge>
          )}
          {item.rule === "confirmed" && (
            <Badge tone="good" icon="check">
              Confirmée
            </Badge>
          )}
        </p>
        {item.value !== null && (
          <p className={style.soft}>
            {giver(item)}
            {item.since && (
              <>
                , <When at={item.since} />
              </>
            )}
            {" · "}
            {ruleWords[item.rule]}
            {item.reason && ` : « ${french(item.reason)} »`}
          </p>
        )}
        {others.length > 0 && (
          <details className={style.others}>
            <summary>{plural(others.length, "autre valeur connue", "autres valeurs connues")}</summary>
            <ul>
              {others.map((one, index) => (
                <li key={index}>
                  {printed(item.field, one.value)}{" "}
                  <span className={style.soft}>
                    {giver(one)}
                    {one.at && (
                      <>
                        , <When at={one.at} />
                      </>
                    )}
                    {one.confirmed && ", confirmée"}
                    {!one.counts && ", ne l’emporte que si on la choisit"}
                  </span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
      {onChoose && (
        <div className={style.tools}>
          {onRelease && (
            <Button small look="quiet" isDisabled={busy} onPress={onRelease} aria-label={`Libérer : ${name}`}>
              Libérer
            </Button>
          )}
          <Button small look="quiet" icon="edit" onPress={onChoose} aria-label={`Choisir une valeur : ${name}`}>
            Choisir
          </Button>
        </div>
      )}
    </li>
  );
}

const other = "__other";

function ChooseDialog({ id, item, onClose }: { id: number; item: Value; onClose: () => void }) {
  const known = [...new Set([...(item.value === null ? [] : [item.value]), ...item.candidates.map((one) => one.value)])];
  const [picked, pick] = useState(known[0] ?? other);
  const [typed, type] = useState("");
  const [reason, setReason] = useState("");
  const [checked, check] = useState(false);
  const value = picked === other ? typed.trim() : picked;
  const name = fieldWords[item.field] ?? item.field;
  const write = useWrite(() => api.post("/api/establishments/{id}/pin", { path: { id }, body: { field: item.field as "phone", value, reason: reason.trim() } }), {
    touches: [["establishment", id], ["establishments"]],
    quiet: true,
    done: () => "Valeur choisie : elle reste jusqu’à ce qu’on la libère.",
    onDone: onClose,
  });
  const valueFault = fault(write.error, "value");
  return (
    <Dialog title={`Choisir : ${name.toLowerCase()}`} isOpen onClose={onClose}>
      <Form
        style={{ display: "contents" }}
        onSubmit={(event) => {
          event.preventDefault();
          check(true);
          if (value && reason.trim().length >= 3) write.mutate(undefined);
        }}
      >
        {known.length > 0 && (
          <RadioGroup
            label="Valeur"
            required
            value={picked}
            onChange={pick}
            choices={[
              ...known.map((one) => {
                const from = item.candidates.find((candidate) => candidate.value === one);
                return { id: one, label: printed(item.field, one), ...(from ? { detail: giver(from) } : {}) };
              }),
              { id: other, label: "Une autre" },
            ]}
          />
        )}
        {picked === other &&
          (item.field === "size_band" ? (
            <Select label={known.length > 0 ? "Autre valeur" : "Valeur"} required value={typed || null} onChange={type} choices={sizeBands.map(({ id: code, label }) => ({ id: code, label }))} error={valueFault ?? (checked && !value ? "Choisissez une tranche." : undefined)} />
          ) : (
            <TextField label={known.length > 0 ? "Autre valeur" : "Valeur"} required value={typed} onChange={type} maxLength={200} error={valueFault ?? (checked && !value ? "Écrivez la valeur." : undefined)} />
          ))}
        <TextArea
          label="Motif"
          required
          value={reason}
          onChange={setReason}
          maxLength={500}
          help="Visible des partenaires, comme la valeur choisie."
          error={fault(write.error, "reason") ?? (checked && reason.trim().length < 3 ? "Écrivez au moins trois lettres." : undefined)}
        />
        {write.error && !valueFault && !fault(write.error, "reason") && <Refused error={write.error} />}
        <Actions>
          <Button type="submit" look="primary" isPending={write.isPending}>
            Choisir cette valeur
          </Button>
          <Button look="quiet" onPress={onClose}>
            Annuler
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
