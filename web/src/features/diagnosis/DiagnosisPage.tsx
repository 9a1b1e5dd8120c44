// What is known of a territory on one page: who employs, who looks for whom, where it is hard, what partners found and where
// they went; each figure with its source and its date. It prints.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { diagnosis as diagnosisQuery, indicators as indicatorsQuery } from "@/api/queries";
import type { Schema } from "@/api/client";
import { StaticMap } from "@/features/committees/StaticMap";
import { usePlaces } from "@/features/coverage/places";
import { named } from "@/features/coverage/sorting";
import { curve, roundedWords, told, type Area } from "@/features/indicators/figures";
import { FigureTable } from "@/features/indicators/Tables";
import table from "@/features/indicators/Tables.module.css";
import { useSession } from "@/features/session/session";
import { useQueryState } from "@/router";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Select } from "@/ui/Field";
import { Page } from "@/ui/Page";
import { Sparkline } from "@/ui/Sparkline";
import { Failure, Message, Skeleton } from "@/ui/States";
import { count, percent, plural } from "@/words/number";
import { exact } from "@/words/time";
import { french } from "@/words/typography";
import style from "./Diagnosis.module.css";

type Diagnosis = Schema<"Diagnosis">;
const zonings = ["region", "departement", "bassin", "epci", "commune"] as const;
const areaWords: Record<string, string> = { commune: "commune", epci: "intercommunalité", departement: "département" };
const coverage = ["seen_share", "white", "visits", "needs", "offers", "filled_reserved", "referrals", "effect"];
const areaWord = (data: Diagnosis) => areaWords[data.level ?? ""] ?? "zone";
const areaHead = (data: Diagnosis) => areaWord(data).replace(/^./, (letter) => letter.toUpperCase());
const n = (value: number | null | undefined) => (value === null || value === undefined ? "masqué" : count(value));

export default function DiagnosisPage() {
  const query = useQueryState();
  const session = useSession();
  const within = query.get("zone") ?? "";
  const { data, isError, error, refetch, isPlaceholderData } = useQuery(diagnosisQuery(within));
  const definitions = useQuery(indicatorsQuery).data;
  const places = [{ id: "", label: session.territory.name }, ...usePlaces(zonings)];
  return (
    <Page
      title="Diagnostic de territoire"
      aside={data && <span aria-live="polite">{data.place}</span>}
      actions={
        <Button small icon="print" onPress={() => window.print()}>
          Imprimer ou PDF
        </Button>
      }
      toolbar={<Select label="Territoire" hideLabel value={within} onChange={(zone) => query.set({ zone })} choices={places} className={style.place ?? ""} />}
    >
      {isError ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data || !definitions ? (
        <Skeleton rows={12} />
      ) : (
        <div aria-busy={isPlaceholderData || undefined}>
          <Sheet data={data} indicators={definitions.items} />
        </div>
      )}
    </Page>
  );
}

function Sheet({ data, indicators }: { data: Diagnosis; indicators: Schema<"Indicators">["items"] }) {
  const employers = data.figures.establishments?.n ?? null;
  // The labour market is known by bassin, however small the area is.
  const market = `ensemble ${data.bassins.length > 1 ? "des bassins" : "du bassin"} d’emploi : ${data.bassins.join(", ")}`;
  const areas = named(data.areas as Area[]);
  const mapped = indicators.filter((one) => one.code === "seen_share" || one.code === "white");
  return (
    <article className={style.paper}>
      <p className={style.lede}>
        <strong>{data.place}</strong> : {plural(data.communes, "commune")}
        {data.population !== null && `, ${plural(data.population, "habitant")}`}, {employers === null ? "nombre d’établissements masqué" : plural(employers, "établissement en activité", "établissements en activité")}
        {data.projects_all !== null && `\u202f; ${plural(data.projects_all, "projet")} d’embauche dans ${data.bassins.length > 1 ? `ses ${data.bassins.length} bassins d’emploi` : `son bassin d’emploi${data.bassins[0] ? ` (${data.bassins[0]})` : ""}`}`}.
      </p>
      {data.reserved && <p className={style.source}>Édition des observateurs : {roundedWords}. Les enquêtes publiques sont données telles quelles.</p>}
      <div className={style.columns}>
        <Bars title="Employeurs par activité" source={registerOf(data)} head="Activité" unit="établissements" rows={data.sectors.map((one) => ({ key: String(one.code ?? "?"), label: one.label, value: one.establishments, note: strongOf(one.strong), hidden: true }))} />
        <Bars title="Employeurs par effectif" source={registerOf(data)} head="Effectif" unit="établissements" rows={data.sizes.map((one) => ({ key: String(one.code ?? "?"), label: one.label, value: one.establishments, note: "", hidden: true }))} />
        <Bars
          title="Projets d’embauche"
          source={data.sources.survey ? `Enquête BMO ${data.sources.survey}, ${market}` : "Enquête BMO : non importée"}
          head="Métiers"
          unit="projets"
          rows={data.projects.map((one) => ({ key: one.label, label: one.label, value: one.projects, note: [one.difficult !== null && one.projects ? `${percent(one.difficult / one.projects)} difficiles` : "difficulté inconnue", one.seasonal !== null && one.projects ? `${percent(one.seasonal / one.projects)} saisonniers` : ""].filter(Boolean).join(", ") }))}
        />
        <Bars title="Métiers en tension" source={data.sources.tension ? `Tensions ${data.sources.tension}, 5 la plus forte, ${market}` : "Tensions : non importées"} head="Métier" unit={"sur\u00a05"} most={5} rows={data.tensions.map((one) => ({ key: one.rome, label: `${one.label} (${one.rome})`, value: one.level, note: "" }))} />
      </div>
      <Occupations data={data} />
      <section className={style.section}>
        <h2>Couverture par les partenaires</h2>
        <p className={style.source}>Visites, besoins et offres des partenaires, douze derniers mois, chiffres du {exact(data.at)}</p>
        <div className={table.scroll} role="region" aria-label="Couverture par les partenaires" tabIndex={0}>
          <table className={table.table}>
            <caption className="hidden-visually">Couverture par les partenaires</caption>
            <thead>
              <tr>
                <th scope="col">Indicateur</th>
                <th scope="col">Douze mois</th>
                <th scope="col" className={table.left}>
                  Mois par mois
                </th>
              </tr>
            </thead>
            <tbody>
              {indicators
                .filter((one) => coverage.includes(one.code))
                .map((indicator) => (
                  <tr key={indicator.code} title={indicator.sentence}>
                    <th scope="row">{indicator.name}</th>
                    <td>{told(data.figures[indicator.code], indicator)}</td>
                    <td className={table.left}>
                      <Sparkline points={curve(data.months as Area[], indicator.code)} label={`${indicator.name}, mois par mois`} width={150} height={20} />
                    </td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
        {data.shapes && (
          <>
            <div className={style.maps}>
              {mapped.map((indicator) => (
                <StaticMap key={indicator.code} indicator={indicator} areas={areas} shapes={data.shapes as NonNullable<typeof data.shapes>} />
              ))}
            </div>
            <FigureTable caption={`Couverture par ${areaWord(data)}`} head={areaHead(data)} rows={areas} indicators={mapped} />
          </>
        )}
      </section>
    </article>
  );
}

const registerOf = (data: Diagnosis) => (data.sources.register ? `Répertoire Sirene et liste commune, reçus le ${exact(data.sources.register)}` : `Liste commune du ${exact(data.at)}`);

/** How many of them are worth a visit for themselves; to observers, few are not told. */
const strongOf = (strong: number | null) => (strong === null ? "à potentiel élevé : masqué" : strong > 0 ? `dont ${count(strong)} à potentiel élevé` : "");

/** A value is null when the source keeps it to itself, or when it is hidden from who asks. */
type Row = { key: string; label: string; value: number | null; note: string; hidden?: boolean };

/** A table whose figures are also bars. */
function Bars({ title, source, head, unit, rows, most }: { title: string; source: string; head: string; unit: string; rows: Row[]; most?: number }) {
  const top = most ?? Math.max(1, ...rows.map((row) => row.value ?? 0));
  // Of what is hidden one line says as much as ten.
  const shown = rows.filter((row) => !row.hidden || row.value !== null);
  const isHiding = shown.length > 0 && shown.length < rows.length;
  return (
    <section className={style.section}>
      <h2>{title}</h2>
      <p className={style.source}>{source}</p>
      {rows.length === 0 ? (
        <Message icon="empty" title="Aucune donnée pour ce territoire." />
      ) : (
        <table className={classes(table.table, style.bars)}>
          <caption className="hidden-visually">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{head}</th>
              <th scope="col">{unit}</th>
              <th scope="col">
                <span className="hidden-visually">Barre</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {(isHiding ? shown : rows).map((row) => (
              <tr key={row.key}>
                <th scope="row">
                  {french(row.label)}
                  {row.note && <span className={style.note}>{row.note}</span>}
                </th>
                <td>{row.value?.toLocaleString("fr-FR") ?? (row.hidden ? "masqué" : "inconnu")}</td>
                <td className={style.barCell}>
                  <svg viewBox="0 0 100 8" preserveAspectRatio="none" className={style.bar} aria-hidden>
                    <rect width={(100 * (row.value ?? 0)) / top} height="8" />
                  </svg>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {isHiding && <p className={style.source}>Aucun établissement, ou trop peu pour être montrés : {rows.filter((row) => !shown.includes(row)).map((row) => french(row.label)).join(", ")}.</p>}
    </section>
  );
}

/** A family of occupations and an occupation may bear the same name: codes tell them apart. */
const codeOf = (one: Diagnosis["occupations"][number]) => (one.kind === "fap" ? `FAP ${one.code}` : one.code);

const posts = { code: "posts", name: "Postes", sentence: "Postes des besoins et des offres recueillis depuis deux ans, une offre née d’un besoin comptée une fois.", unit: "count", kind: "results", better: null, counted: "postes", out_of: null } as const;

/** Which occupations employers asked the partners for, and where: one of them on the map. */
function Occupations({ data }: { data: Diagnosis }) {
  const query = useQueryState();
  const chosen = data.occupations.find((one) => one.code === query.get("metier")) ?? data.occupations[0];
  const areas = useMemo<Area[]>(() => {
    const found = new Map((chosen?.areas ?? []).map((one) => [one.area, one.n]));
    return named(data.shapes?.areas ?? []).map((shape) => {
      // To observers none and few are the same.
      const value = found.has(shape.area) ? (found.get(shape.area) ?? null) : data.reserved ? null : 0;
      return { area: shape.area, name: shape.name, figures: { posts: { n: value, out_of: null, value, ...(value === null && { hidden: true }) } } };
    });
  }, [chosen, data.shapes]);
  if (!chosen)
    return (
      <section className={style.section}>
        <h2>Métiers recherchés</h2>
        <Message icon="empty" title={data.reserved ? "Les besoins et les offres recueillis ici depuis deux ans sont trop peu nombreux, métier par métier, pour être montrés." : "Les partenaires n’ont recueilli ni besoin ni offre ici depuis deux ans."} />
      </section>
    );
  const title = `${chosen.label}${chosen.kind === "fap" ? ` ${codeOf(chosen)}` : ""} : postes par ${areaWord(data)}`;
  return (
    <section className={classes(style.section, style.breaks)}>
      <h2>Métiers recherchés</h2>
      <p className={style.source}>
        Postes des besoins et des offres recueillis par les partenaires depuis deux ans, chiffres du {exact(data.at)}. Au total et sur la carte, une offre née d’un besoin compté ne l’est pas une seconde fois.
        {data.occupations.some((one) => one.kind === "fap") && " Un besoin dont on ne connaît que la famille professionnelle (FAP) est compté sous elle."}
      </p>
      <div className={style.columns}>
        <div className={table.scroll} role="region" aria-label="Métiers recherchés" tabIndex={0}>
          <table className={table.table}>
            <caption className="hidden-visually">Métiers recherchés</caption>
            <thead>
              <tr>
                <th scope="col">Métier</th>
                <th scope="col">Besoins</th>
                <th scope="col">Offres</th>
                <th scope="col">Au total</th>
                {data.shapes && (
                  <th scope="col" className="no-print">
                    <span className="hidden-visually">Carte</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {data.occupations.map((one) => (
                <tr key={one.code} className={one.code === chosen.code ? style.chosen : undefined}>
                  <th scope="row">
                    {one.label} <span className={style.code}>{codeOf(one)}</span>
                    {(one.unknown ?? 0) > 0 && <span className={style.note}>{plural(one.unknown as number, "besoin au nombre de postes inconnu", "besoins au nombre de postes inconnu")}</span>}
                  </th>
                  <td>{n(one.needs)}</td>
                  <td>{n(one.offers)}</td>
                  <td>{n(one.posts)}</td>
                  {data.shapes && (
                    <td className={classes("no-print", style.onMap)}>
                      <Button small look="quiet" icon="map" aria-label={`Carte : ${one.label} ${codeOf(one)}`} aria-pressed={one.code === chosen.code} onPress={() => query.set({ metier: one.code }, { replace: true })}>
                        Carte
                      </Button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {data.shapes && data.level && (
          <div className={style.mapAndTwin}>
            <StaticMap indicator={posts} title={title} areas={areas} shapes={data.shapes} />
            <FigureTable caption={title} head={areaHead(data)} rows={areas} indicators={[posts]} />
          </div>
        )}
      </div>
    </section>
  );
}
