// What the figures are about: indicator, areas, who, which employers, when, compared with what. Each choice is in the address.
import { useQuery } from "@tanstack/react-query";
import { Fragment, lazy, Suspense, useMemo, useRef, type ReactNode } from "react";
import { naf as nafQuery, organisations as organisationsQuery, segments as segmentsQuery, type FigureFilters, type Indicator } from "@/api/queries";
import { nafChoices, sizeGroups } from "@/features/establishments/filters";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Button } from "@/ui/Button";
import { SearchSelect, Select } from "@/ui/Field";
import { phone, useMedia } from "@/ui/media";
import { networkName } from "@/ui/Network";
import { addMonths, shortMonth } from "@/words/month";
import { french } from "@/words/typography";
import style from "./CoveragePage.module.css";
import { comparedTo, lengthOf, levels, monthsBack, networks, thisMonth } from "./filters";

const TimeSlider = lazy(() => import("./TimeSlider"));

/** What a manager comes for, each one press away; the other indicators are in the list. */
const questions = [
  { code: "white", words: "Personne n’y va" },
  { code: "doubles", words: "Plusieurs y vont" },
  { code: "effect", words: "Ce que cela donne" },
];

export default function Toolbar({ indicators, indicator, filters }: { indicators: Indicator[]; indicator: Indicator; filters: FigureFilters }) {
  const query = useQueryState();
  const small = useMedia(phone);
  const staff = useSession().role !== "observer";
  const { data: naf } = useQuery(nafQuery);
  const activities = useMemo(() => nafChoices(naf?.items), [naf]);
  const { data: kept } = useQuery({ ...segmentsQuery(false), enabled: staff });
  const { data: directory } = useQuery(organisationsQuery);
  const partners = useMemo(() => (directory?.items ?? []).filter((one) => one.kind === "partner").map((one) => ({ id: String(one.id), label: one.short_name })), [directory]);
  const how = query.get("comparer");
  // Periods as long as the first, so that counts are compared with counts.
  const months = lengthOf(filters);
  const periodFrom = (start: string) => ({ id: start, label: months === 1 ? shortMonth(start) : `${shortMonth(start)} – ${shortMonth(addMonths(start, months - 1))}` });
  const periods = Array.from({ length: Math.max(1, monthsBack + 2 - months) }, (_, back) => periodFrom(addMonths(thisMonth(), 1 - months - back)));
  const second = how === "periode" ? comparedTo(filters, how, query.get("depuis"))?.from : undefined;
  const network = (
    <Select label="Réseau" hideLabel value={filters.network ?? ""} onChange={(value) => query.set({ reseau: value, structure: null, ...(value === how && { comparer: null }) })} choices={[{ id: "", label: "Tous les réseaux" }, ...networks.map((code) => ({ id: code, label: networkName(code) }))]} className={style.segment ?? ""} />
  );
  const slider = (
    <Suspense fallback={<span className={style.slider} />}>
      <TimeSlider />
    </Suspense>
  );
  const comparison = (
    <>
      <Select
        label="Comparer"
        hideLabel
        value={how === filters.network ? "" : (how ?? "")}
        onChange={(value) => query.set({ comparer: value, depuis: null })}
        choices={[
          { id: "", label: "Sans comparaison" },
          { id: "avant", label: "À la période précédente" },
          { id: "annee", label: "À un an plus tôt" },
          { id: "periode", label: "À une autre période" },
          ...networks.filter((code) => code !== filters.network).map((code) => ({ id: code, label: `À ${networkName(code)}` })),
        ]}
        className={style.comparison ?? ""}
      />
      {second && <Select label="Seconde période" hideLabel value={second} onChange={(value) => query.set({ depuis: value })} choices={periods.some(({ id }) => id === second) ? periods : [...periods, periodFrom(second)]} className={style.segment ?? ""} />}
    </>
  );
  const actors = (
    <Button icon="actors" aria-pressed={query.get("structures") === "oui"} onPress={() => query.set({ structures: query.get("structures") === "oui" ? null : "oui" }, { replace: true })}>
      Structures
    </Button>
  );
  // What is asked seldom, by its name in the address.
  const seldom: [name: string, field: ReactNode][] = [
    ["structure", <Select label="Structure" hideLabel value={filters.organisation ? String(filters.organisation) : ""} onChange={(value) => query.set({ structure: value, reseau: null })} choices={[{ id: "", label: "Toutes les structures" }, ...partners]} className={style.segment ?? ""} />],
    ["naf", <SearchSelect label="Activité (NAF)" hideLabel placeholder="Toutes les activités" choices={activities} value={activities.find((choice) => choice.id === query.get("naf")) ?? null} onChange={(choice) => query.set({ naf: choice?.id })} className={style.activity ?? ""} />],
    ["effectif", <Select label="Effectif" hideLabel value={sizeGroups.find((group) => group.id === query.get("effectif"))?.id ?? ""} onChange={(value) => query.set({ effectif: value })} choices={[{ id: "", label: "Tous les effectifs" }, ...sizeGroups]} className={style.segment ?? ""} />],
  ];
  if (staff && (kept?.items.length ?? 0) > 0)
    seldom.push(["segment", <Select label="Segment" hideLabel value={query.get("segment") ?? ""} onChange={(value) => query.set({ segment: value })} choices={[{ id: "", label: "Toute la liste" }, ...(kept?.items ?? []).map((segment) => ({ id: String(segment.id), label: french(segment.name) }))]} className={style.segment ?? ""} />]);
  // On a wide screen what is asked stands in sight, and goes on standing there when it is no more: it may have the keyboard.
  const inSight = useRef(new Set<string>()).current;
  if (!small) for (const [name] of seldom) if (query.get(name)) inSight.add(name);
  const folded = query.get("filtres") === null;
  const fields = seldom.filter(([name]) => !folded || (!small && inSight.has(name))).map(([name, field]) => <Fragment key={name}>{field}</Fragment>);
  const asked = ["reseau", "comparer", ...seldom.map(([name]) => name)].filter((name) => query.get(name)).length;
  const filter = (
    <Button icon="filter" aria-expanded={!folded} onPress={() => query.set({ filtres: folded ? "1" : null }, { replace: true })}>
      {!small ? "Autres filtres" : folded && asked > 0 ? `Filtres (${asked})` : "Filtres"}
    </Button>
  );
  return (
    <>
      <span className={style.questions} role="group" aria-label="Questions">
        {questions
          .filter(({ code }) => indicators.some((one) => one.code === code))
          .map(({ code, words }) => (
            <Button key={code} small aria-pressed={indicator.code === code} onPress={() => query.set({ indicateur: code, tri: null, sens: null })}>
              {words}
            </Button>
          ))}
      </span>
      <Select
        label="Indicateur"
        hideLabel
        value={indicator.code}
        onChange={(value) => query.set({ indicateur: value === "seen_share" ? null : value })}
        choices={indicators.map((one) => ({ id: one.code, label: one.name }))}
        className={style.indicator ?? ""}
      />
      <Select label="Découpage" hideLabel value={filters.level ?? "commune"} onChange={(value) => query.set({ niveau: value === "commune" ? null : value, zone: null, dans: null, carte: null })} choices={levels.map(({ id, label }) => ({ id, label }))} className={style.level ?? ""} />
      {small ? (
        <>
          {filter}
          <Button icon={query.get("vue") === "table" ? "map" : "list"} onPress={() => query.set({ vue: query.get("vue") === "table" ? null : "table" })}>
            {query.get("vue") === "table" ? "Carte" : "Tableau"}
          </Button>
          {!folded && (
            <>
              {network}
              {fields}
              {comparison}
              {actors}
              {slider}
            </>
          )}
        </>
      ) : (
        <>
          {actors}
          {network}
          {slider}
          {comparison}
          {filter}
          {fields}
        </>
      )}
    </>
  );
}
