// How a feed is read: which element is an offer, which of its parts is what; the first offers as they come out of it.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Schema } from "@/api/client";
import { feedPreview } from "@/api/exchange";
import { fault } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Checkbox, Select, TextArea, TextField, type Choice } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import { Refused } from "@/ui/Refused";
import { useSettled } from "@/ui/settled";
import { Failure, Skeleton } from "@/ui/States";
import { contracts } from "@/words/domain";
import { count, plural } from "@/words/number";
import { french } from "@/words/typography";
import style from "./Feeds.module.css";
import { layoutText, type Layout } from "./layout";
import { fieldName, fields, valueText } from "./words";

type Feed = Schema<"Feed">;
type Preview = Schema<"FeedPreview">;

const other = "…";

export default function LayoutEditor({ feed, writer }: { feed: Feed; writer: boolean }) {
  const first = useQuery(feedPreview(feed.id, feed.layout ?? ""));
  const [changed, setChanged] = useState<Layout | null>(null);
  const [text, setText] = useState<string | null>(null);
  const wanted = text ?? (changed ? layoutText(changed) : (first.data?.layout ?? ""));
  const asked = useSettled(wanted, 400);
  const now = useQuery({ ...feedPreview(feed.id, asked), enabled: asked !== "" && first.data !== undefined, placeholderData: keepPreviousData });
  const save = useWrite(() => api.put("/api/feeds/{id}/layout", { path: { id: feed.id }, version: feed.version, body: { layout: wanted } }), {
    touches: [["feed", feed.id], ["feeds"]],
    quiet: true,
    done: () => ({ text: "Description enregistrée.", detail: "Le fichier est lu de nouveau." }),
  });
  if (first.isError) return <Failure error={first.error} onRetry={() => void first.refetch()} />;
  if (!first.data) return <Skeleton rows={8} />;
  // A description that cannot be read yet has no parts to show: those of before stay to choose from.
  const seen = now.data ? (now.data.paths.length > 0 ? now.data : { ...now.data, paths: first.data.paths, repeated: first.data.repeated }) : first.data;
  const layout: Layout = (text !== null && now.data?.fault === null ? now.data : changed) ?? first.data; // the form says what the text says
  const change = (part: Partial<Layout>) => {
    setText(null);
    setChanged({ element: layout.element, format: layout.format, fields: layout.fields, contracts: layout.contracts, words: layout.words, header: layout.header, each: layout.each, others: layout.others, ...part });
  };
  const isNew = !feed.layout;
  return (
    <div className={style.editor}>
      <div className={style.describe}>
        <p className={style.intro}>
          {isNew ? "Voici comment ce fichier semble fait. Vérifiez, corrigez, puis enregistrez : rien n’entre avant." : "Comment ce flux est lu. Une correction s’applique à ce que le flux contient déjà."}
        </p>
        <Select
          label="Une offre est l’élément"
          value={layout.element}
          onChange={(element) => change({ element })}
          choices={uniqueChoices([{ id: layout.element, label: layout.element }, ...seen.repeated.map((item) => ({ id: item.path, label: item.path, detail: plural(item.count, "fois", "fois") }))])}
        />
        <Parts layout={layout} proposed={first.data} onChange={change} />
        <div className={style.mapping}>
          {fields.map((field) => (
            <PathField key={field.id} id={field.id} label={field.label} needed={field.needed ?? false} value={layout.fields[field.id] ?? ""} seen={seen} onChange={(path) => change({ fields: { ...layout.fields, [field.id]: path } })} />
          ))}
        </div>
        <Contracts layout={layout} onChange={(list) => change({ contracts: list })} />
        <details className={style.raw}>
          <summary>La description en texte</summary>
          <TextArea label="Description du flux (TOML)" rows={12} value={wanted} onChange={setText} maxLength={65536} error={fault(save.error, "layout")} help="Ce que le formulaire écrit, et tout ce que dit la documentation des flux." />
        </details>
        <Refused error={save.error} />
        {writer ? (
          <Button look="primary" icon="check" isPending={save.isPending} isDisabled={seen.fault !== null || (!isNew && wanted === feed.layout)} onPress={() => save.mutate(undefined)}>
            {isNew ? "Enregistrer et lire" : "Enregistrer"}
          </Button>
        ) : (
          <p className={style.soft}>Un responsable de votre structure peut changer cette description.</p>
        )}
      </div>
      <Shown seen={seen} busy={now.isFetching} />
    </div>
  );
}

/** Whether each part of an element, a place or a post, is an offer. What parts several of them in one cell goes with it. */
function Parts({ layout, proposed, onChange }: { layout: Layout; proposed: Layout; onChange: (part: Partial<Layout>) => void }) {
  const each = layout.each || proposed.each;
  const { separateur, ...others } = layout.others;
  const parted = separateur ?? proposed.others.separateur;
  if (!each) return null;
  return (
    <Checkbox
      isSelected={layout.each !== ""}
      onChange={(on) => onChange(on ? { each, others: { ...others, ...(parted ? { separateur: parted } : {}) } } : { each: "", others })}
      help={layout.each ? "Un élément qui en a plusieurs fait autant d’offres ; les postes dits pour toutes se partagent entre elles." : "Un élément fait une seule offre : s’il en a plusieurs, la première compte."}
    >
      Une offre pour chaque « {each} »
    </Checkbox>
  );
}

const uniqueChoices = (choices: Choice[]) => choices.filter((choice, index) => choices.findIndex((one) => one.id === choice.id) === index);

/** Where a field comes from: a part of the element, or an expression of several. */
function PathField({ id, label, needed, value, seen, onChange }: { id: string; label: string; needed: boolean; value: string; seen: Preview; onChange: (path: string) => void }) {
  const plain = value === "" || seen.paths.some((path) => path.path === value);
  const [free, setFree] = useState(!plain);
  const counted = seen.counts.find((item) => item.field === id);
  const shown = free || !plain;
  const joined = !plain && value.includes(" + ");
  return (
    <div className={style.path}>
      <Select
        label={label}
        required={needed}
        value={shown ? other : value}
        onChange={(path) => {
          setFree(path === other);
          if (path !== other) onChange(path);
        }}
        choices={[{ id: "", label: "Pas dans ce flux" }, ...seen.paths.map((path) => ({ id: path.path, label: path.path, detail: path.samples[0] ?? "" })), { id: other, label: joined ? "Plusieurs parties réunies" : "Autre expression…" }]}
        small
      />
      {shown && <TextField label={`Expression pour : ${label}`} hideLabel value={value} onChange={onChange} placeholder="a + b | c | 'toujours le même'" maxLength={500} />}
      {id === "reference" && joined && (
        <p className={style.counted}>Rien ne numérote les offres : ces mots tiennent lieu de numéro. Si l’un d’eux change, c’est une autre offre.</p>
      )}
      {counted && value && (
        <p className={style.counted}>
          {count(counted.given)} sur {count(seen.read)}
          {counted.faulty > 0 && <span className={style.wrong}>, {plural(counted.faulty, "défaut", "défauts")}</span>}
        </p>
      )}
    </div>
  );
}

function Contracts({ layout, onChange }: { layout: Layout; onChange: (list: Layout["contracts"]) => void }) {
  const list = layout.contracts;
  const put = (index: number, part: Partial<Layout["contracts"][number]>) => onChange(list.map((item, at) => (at === index ? { ...item, ...part } : item)));
  return (
    <fieldset className={style.words}>
      <legend>Leurs mots pour les contrats, quand ils ne se devinent pas</legend>
      {list.map((item, index) => (
        <div key={index} className={style.word}>
          <TextField label="Leur mot" hideLabel value={item.theirs} onChange={(theirs) => put(index, { theirs })} placeholder="Vacation" maxLength={120} />
          <Select label="Notre contrat" hideLabel value={item.ours || null} onChange={(ours) => put(index, { ours })} choices={Object.entries(contracts).map(([id, label]) => ({ id, label }))} />
          <Button small look="quiet" icon="close" onPress={() => onChange(list.filter((_, at) => at !== index))}>Ôter</Button>
        </div>
      ))}
      <Button small look="quiet" icon="add" onPress={() => onChange([...list, { theirs: "", ours: "" }])}>Ajouter un mot</Button>
    </fieldset>
  );
}

/** The first offers as they come out. */
function Shown({ seen, busy }: { seen: Preview; busy: boolean }) {
  return (
    <section className={style.shown} aria-label="Aperçu" aria-busy={busy || undefined}>
      <h2>
        Aperçu <span className={style.soft}>{plural(seen.elements, "élément", "éléments")}, {plural(seen.usable, "utilisable", "utilisables")}{seen.read < seen.elements && ` parmi les ${count(seen.read)} premiers`}</span>
      </h2>
      {seen.fault && (
        <p className={style.wrong} role="alert">
          <Icon name="alert" size={15} /> {seen.fault.line > 0 && `Ligne ${seen.fault.line} : `}{seen.fault.sentence}.
        </p>
      )}
      <ol>
        {seen.offers.map((item, index) => (
          <li key={index}>
            <div className={style.title}>
              <h3>{item.offer.titre ?? "Sans intitulé"}</h3>
              {!item.usable && <Badge tone="danger" icon="warning">Inutilisable</Badge>}
            </div>
            <dl className={style.sample}>
              {fields
                .filter((field) => field.id !== "titre" && item.offer[field.id])
                .map((field) => (
                  <div key={field.id}>
                    <dt>{field.label}</dt>
                    <dd>{french(valueText(field.id, item.offer[field.id]!, contracts))}</dd>
                  </div>
                ))}
            </dl>
            {item.faults.map((one, at) => (
              <p key={at} className={style.wrong}>{fieldName(one.field)} : {french(one.message)}</p>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}
