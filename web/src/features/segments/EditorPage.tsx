// The rule of a segment, new or next version: sentences at the left, what they keep at the right, as they are written.
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { api } from "@/api/client";
import { ground as groundQuery, segment as segmentQuery, segmentCount, segmentEffects, segmentPlaces, segmentFields, segmentSample, type Segment } from "@/api/queries";
import { Refusal } from "@/api/refusal";
import { useWrite } from "@/api/write";
import { attributionOf } from "@/features/establishments/ground";
import { filtersOf } from "@/features/establishments/filters";
import { useSession } from "@/features/session/session";
import { navigate, useParameters, useQueryState } from "@/router";
import { Button, LinkButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Actions } from "@/ui/Dialog";
import { useDraft } from "@/ui/draft";
import { TextField, toFirstFault } from "@/ui/Field";
import { Link } from "@/ui/Link";
import { MapView, type Ground } from "@/ui/map";
import { phone, useMedia } from "@/ui/media";
import { Page } from "@/ui/Page";
import { Refused } from "@/ui/Refused";
import { useSettled } from "@/ui/settled";
import { Split } from "@/ui/Split";
import { Failure, Skeleton } from "@/ui/States";
import { StateBadge } from "@/features/establishments/parts";
import { sizeShort } from "@/words/domain";
import { count, plural } from "@/words/number";
import { useLists, type Lists } from "./names";
import { finished, finishedPlaces, isGroup, jsonOf, replaced, ruleOf, ruleOfFilters, termsOf, type Path, type Rule } from "./rule";
import { LeadSelect, SharedRadio } from "./parts";
import { RuleEditor } from "./RuleEditor";
import style from "./Segments.module.css";

const Conflict = lazy(() => import("./Conflict").then((part) => ({ default: part.Conflict })));

export default function EditorPage() {
  const { id } = useParameters();
  const query = useQueryState();
  const known = id && /^\d+$/.test(id) ? Number(id) : null;
  const from = Number(query.get("segment")) || null;
  const base = useQuery({ ...segmentQuery(known ?? from ?? 0), enabled: known !== null || from !== null, refetchInterval: false });
  const fields = useQuery(segmentFields);
  const failed = base.error ?? fields.error;
  if (failed) return <Failure alone error={failed} onRetry={() => void (base.error ? base.refetch() : fields.refetch())} />;
  if (!fields.data || ((known !== null || from !== null) && !base.data)) return <Skeleton rows={10} />;
  if (known !== null && base.data) return <Editor key={known} segment={base.data} start={{ rule: ruleOf(base.data.rule), notes: [] }} />;
  // Another name of the filter that shows a segment is not one of this page.
  return <Editor key={query.text} segment={null} start={ruleOfFilters(filtersOf(query), base.data && ruleOf(base.data.rule))} />;
}

type Form = { name: string; lead: string; shared: boolean; note: string; rule: Rule; version: number };

function Editor({ segment, start }: { segment: Segment | null; start: { rule: Rule; notes: string[] } }) {
  const session = useSession();
  const small = useMedia(phone);
  const query = useQueryState();
  const initialForm = useMemo<Form>(() => ({ name: segment?.name ?? "", lead: segment?.lead ?? session.organisation.network, shared: segment?.shared ?? true, note: "", rule: start.rule, version: segment?.version ?? 0 }), []);
  const [form, change, clear, kept] = useDraft<Form>(segment ? `segment-${segment.id}` : `segment-new${query.text}`, initialForm);
  const [drawn, setDrawn] = useState<Path | null>(null);
  const [missing, setMissing] = useState<string | undefined>();
  const writer = (session.role === "adviser" || session.role === "manager") && (segment === null || segment.mine);
  const fields = useQuery(segmentFields).data?.items ?? [];
  const lists = useLists([form.rule]);
  // Changes of the rule reach the server when the typing rests.
  const rested = useSettled(form.rule, 250);
  const json = useMemo(() => jsonOf(finished(rested)), [rested]);
  const counted = useQuery(segmentCount(json));
  const effects = useQuery({ ...segmentEffects(json), enabled: counted.isSuccess && !counted.isPlaceholderData && finished(rested).items.length > 0 && rested.join === "all" });
  const settled = rested === form.rule;

  const without = useMemo(() => {
    const places = finishedPlaces(rested);
    return places.map((place) => (place === null || !settled || !effects.data ? undefined : effects.data.without[place]));
  }, [rested, settled, effects.data]);

  const saved = (done: Segment) => {
    clear();
    navigate(`/segments/${done.id}`);
  };
  const save = useWrite(
    async (input: Form): Promise<Segment> => {
      const { name, lead, shared, note } = input;
      const rule = jsonOf(input.rule);
      if (!segment) return api.post("/api/segments", { body: { name: name.trim(), lead: (lead || null) as Segment["lead"], shared, rule, ...(note.trim() ? { note } : {}) } });
      return api.post("/api/segments/{id}/versions", { path: { id: segment.id }, body: { base: input.version, rule, ...(note.trim() ? { note } : {}) } });
    },
    { touches: [["segments"]], quiet: true, done: (answer) => (segment ? `Version ${answer.version} enregistrée.` : "Segment enregistré."), onDone: saved },
  );
  const refusal = save.error instanceof Refusal ? save.error : null;
  const conflict = refusal?.code === "segment_version_taken" ? refusal : null;
  const faults = useMemo(() => {
    const told = refusal?.code === "invalid" ? refusal.fields : counted.error instanceof Refusal ? counted.error.fields : [];
    return new Map(told.map((one) => [one.field, one.message]));
  }, [refusal, counted.error]);

  const submit = () => {
    if (!segment && form.name.trim().length < 3) {
      setMissing("Donnez un nom d’au moins trois lettres.");
      toFirstFault();
      return;
    }
    setMissing(undefined);
    save.mutate(form);
  };
  const draw = (lon: number, lat: number) => {
    if (!drawn) return;
    const node = nodeAt(form.rule, drawn);
    if (!node || isGroup(node)) return;
    const points = ((node.value as { points?: [number, number][] })?.points ?? []) as [number, number][];
    change({ rule: replaced(form.rule, drawn, { ...node, value: { points: [...points, [Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5]] } }) });
  };

  const nothing = form.rule.items.length > 0 && finished(form.rule).items.length === 0;
  const left = (
    <div className={style.editor}>
      {kept && (
        <p className={style.notice}>
          Votre brouillon est repris.{" "}
          <Button small look="quiet" onPress={clear}>
            Repartir de la version enregistrée
          </Button>
        </p>
      )}
      {start.notes.map((note) => (
        <p key={note} className={style.notice}>
          {note}
        </p>
      ))}
      {!segment && (
        <>
          <TextField label="Nom du segment" required value={form.name} onChange={(name) => change({ name })} maxLength={80} error={missing ?? refusal?.of("name")} />
          <div className={style.pair}>
            <LeadSelect value={form.lead} onChange={(lead) => change({ lead })} />
            <SharedRadio value={form.shared} onChange={(shared) => change({ shared })} />
          </div>
        </>
      )}
      <RuleEditor
        rule={form.rule}
        onChange={(rule) => {
          save.reset();
          change({ rule });
        }}
        fields={fields}
        lists={lists}
        without={without}
        faults={faults}
        drawing={{ path: drawn, start: setDrawn, stop: () => setDrawn(null) }}
      />
      <TextField label={segment ? "Pourquoi cette version" : "Note"} value={form.note} onChange={(note) => change({ note })} maxLength={300} help="Visible de ceux qui voient le segment." />
      {conflict && segment ? (
        <Suspense fallback={null}>
          <Conflict
            refusal={conflict}
            base={ruleOf(segment.versions.find((one) => one.version === form.version)?.rule)}
            mine={form.rule}
            names={lists.names}
            onMine={(version) => {
              change({ version });
              save.mutate({ ...form, version });
            }}
            onTheirs={(rule, version) => {
              save.reset();
              change({ rule, version });
            }}
          />
        </Suspense>
      ) : (
        save.error && faults.size === 0 && <Refused error={save.error} />
      )}
      {writer && (
        <Actions>
          <Button look="primary" isPending={save.isPending} isDisabled={nothing || hasUnfinished(form.rule)} onPress={submit}>
            {segment ? `Enregistrer la version ${form.version + 1}` : "Enregistrer le segment"}
          </Button>
          <LinkButton look="quiet" href={segment ? `/segments/${segment.id}` : "/segments"}>
            Annuler
          </LinkButton>
        </Actions>
      )}
    </div>
  );
  const right = <Live counted={counted} settled={settled} json={json} rule={form.rule} lists={lists} drawn={drawn} onDraw={drawn ? draw : undefined} onEnd={() => setDrawn(null)} />;
  return (
    <Page
      title={segment ? segment.name : "Nouveau segment"}
      fill={!small}
      aside={
        <span aria-live="polite" data-testid="segment-count">
          {counted.data && !counted.isError ? plural(counted.data.total, "employeur") : ""}
        </span>
      }
    >
      {small ? (
        <>
          {left}
          {right}
        </>
      ) : (
        <Split name="segment" left={<div className={style.scroll}>{left}</div>} right={right} initial={54} />
      )}
    </Page>
  );
}

function nodeAt(rule: Rule, path: Path) {
  let node = rule.items[path[0] ?? 0];
  for (const index of path.slice(1)) node = node && isGroup(node) ? node.items[index] : undefined;
  return node;
}

const hasUnfinished = (rule: Rule) => termsOf(rule).length !== termsOf(finished(rule)).length || JSON.stringify(jsonOf(rule)) !== JSON.stringify(jsonOf(finished(rule)));

/** The corners of what a rule says of places: the outline being drawn, else the first one, else a circle. */
function outlineOf(rule: Rule, drawn: Path | null): { corners: [number, number][]; closed: boolean } {
  const node = drawn ? nodeAt(rule, drawn) : undefined;
  const active = node && !isGroup(node) && node.field === "area" ? node : termsOf(rule).find((term) => term.field === "area");
  const points = (active?.value as { points?: [number, number][] } | undefined)?.points ?? [];
  if (points.length > 0) return { corners: points, closed: points.length >= 3 };
  const near = termsOf(rule).find((term) => term.field === "near")?.value as { lon?: number; lat?: number; km?: number } | undefined;
  if (near?.lon === undefined || near.lat === undefined || !near.km) return { corners: [], closed: false };
  const tall = near.km / 111.195;
  const wide = tall / Math.cos((near.lat * Math.PI) / 180);
  const { lon, lat } = near;
  return { closed: true, corners: Array.from({ length: 72 }, (_, step) => [lon + wide * Math.cos((step * Math.PI) / 36), lat + tall * Math.sin((step * Math.PI) / 36)]) };
}

type LiveProps = {
  counted: { data: { total: number } | undefined; isError: boolean; error: unknown; isFetching: boolean; isPlaceholderData: boolean; refetch: () => unknown };
  settled: boolean;
  json: Record<string, unknown>;
  rule: Rule;
  lists: Lists;
  drawn: Path | null;
  onDraw: ((lon: number, lat: number) => void) | undefined;
  onEnd: () => void;
};

function Live({ counted, settled, json, rule, drawn, onDraw, onEnd }: LiveProps) {
  const ground = useQuery(groundQuery).data;
  const isCounted = counted.data !== undefined && !counted.isPlaceholderData;
  const places = useQuery({ ...segmentPlaces(json), enabled: isCounted });
  const sample = useQuery({ ...segmentSample(json), enabled: isCounted });
  const figures = useMemo(() => new Map(places.data?.communes.map((item) => [item.commune, item.establishments])), [places.data]);
  const outline = useMemo(() => outlineOf(rule, drawn), [rule, drawn]);
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!onDraw) return;
    holder.current?.scrollIntoView({ block: "nearest" });
    const press = (event: KeyboardEvent) => event.key === "Escape" && onEnd();
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [onDraw !== undefined]);
  const waiting = !settled || counted.isFetching;
  const invalid = counted.error instanceof Refusal && counted.error.code === "invalid";
  return (
    <div className={style.live} aria-busy={waiting}>
      <p className={classes(style.total, waiting && style.fading)}>
        {invalid ? (
          <>Un critère est à corriger.</>
        ) : counted.isError ? (
          <Button small icon="refresh" onPress={() => void counted.refetch()}>
            Recompter
          </Button>
        ) : (
          counted.data && (
            <>
              <strong>{count(counted.data.total)}</strong> {counted.data.total < 2 ? "employeur" : "employeurs"}
              {places.data && !places.isPlaceholderData && ` dans ${plural(places.data.communes.length, "commune")}`}
            </>
          )
        )}
      </p>
      <div ref={holder} className={style.map}>
        <MapView
          label="Carte du segment"
          ground={ground as Ground | undefined}
          attribution={attributionOf(ground)}
          counts={figures}
          outline={outline.corners}
          outlineClosed={outline.closed}
          onDraw={onDraw}
          describe={(code, name) => `${name} : ${plural(figures.get(code) ?? 0, "employeur")}`}
        />
      </div>
      <section className={style.sample} aria-label="Exemples d’employeurs">
        <h2>Exemples, du plus fort potentiel d’embauche</h2>
        {sample.data && sample.data.items.length === 0 ? (
          <p className={style.soft}>Aucun employeur ne répond à ces critères.</p>
        ) : (
          <ul className={classes((waiting || sample.isPlaceholderData) && style.fading)}>
            {sample.data?.items.map((row) => (
              <li key={row.id}>
                <Link href={`/entreprises/${row.id}`} className={style.name}>
                  {row.name ?? "Sans dénomination"}
                </Link>
                <span className={classes(style.soft, style.clip)}>
                  {row.city ?? "commune inconnue"}, effectif {sizeShort(row.size_band)}
                  {row.potential !== null && `, potentiel ${row.potential}`}
                </span>
                <StateBadge row={row} />
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

