// The figures of one area, and the employers behind a figure; they come when they are asked for.
import { useQuery } from "@tanstack/react-query";
import { address } from "@/api/client";
import { figures as figuresQuery, figureEmployers, type FigureFilters, type Indicator } from "@/api/queries";
import { Button, IconButton, LinkButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { useEscape } from "@/ui/escape";
import { Link } from "@/ui/Link";
import { OpenedHeading } from "@/ui/OpenedHeading";
import { Failure, Message, Skeleton } from "@/ui/States";
import { Table } from "@/ui/Table";
import { count, plural } from "@/words/number";
import style from "./CoveragePage.module.css";
import { inside } from "./filters";
import { made } from "./parts";
import { said } from "./scale";

const kinds = { coverage: "Couverture", means: "Moyens", results: "Résultats" } as const;

type SheetProps = {
  item: { area: string; name: string };
  what: string;
  filters: FigureFilters;
  indicators: Indicator[];
  /** Opened by a press, and not with the page. */
  takesFocus: boolean;
  onClose: () => void;
  onZoom?: (() => void) | undefined;
  onList?: ((code: string) => void) | undefined;
};

/** Every indicator of one area; each figure opens the employers behind it. */
export function AreaSheet({ item, what, filters, indicators, takesFocus, onClose, onZoom, onList }: SheetProps) {
  const { data, isError, error, refetch } = useQuery(figuresQuery({ ...filters, level: "all", within: inside(filters, item.area) }));
  useEscape(onClose);
  const set = data?.items[0]?.figures ?? data?.whole;
  return (
    <section className={style.sheet} aria-label={`Indicateurs : ${item.name}`}>
      <header className={style.sheetHead}>
        <OpenedHeading of={item.area} takesFocus={takesFocus}>
          {item.name}
        </OpenedHeading>
        <span className={style.soft}>{what}</span>
        <span className={style.sheetActions}>
          {onZoom && (
            <Button small icon="larger" onPress={onZoom}>
              Détailler
            </Button>
          )}
          <IconButton small label="Fermer" icon="close" onPress={onClose} />
        </span>
      </header>
      {isError ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !set ? (
        <Skeleton rows={6} shape="text" />
      ) : (
        <div className={style.groups}>
          {(Object.keys(kinds) as (keyof typeof kinds)[]).map((kind) => (
            <div key={kind}>
              <h3>{kinds[kind]}</h3>
              <dl>
                {indicators
                  .filter((indicator) => indicator.kind === kind)
                  .map((indicator) => {
                    const figure = set[indicator.code];
                    const words = figure?.hidden ? "masqué" : said(figure?.value, indicator.unit);
                    return (
                      <div key={indicator.code} title={indicator.sentence}>
                        <dt>{indicator.name}</dt>
                        <dd title={made(indicator, figure)}>
                          {onList && (figure?.n ?? 0) > 0 ? (
                            <Button small look="quiet" aria-label={`${indicator.name} : ${words}, voir les employeurs`} onPress={() => onList(indicator.code)}>
                              {words}
                            </Button>
                          ) : (
                            words
                          )}
                        </dd>
                      </div>
                    );
                  })}
              </dl>
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

type EmployersProps = { indicator: Indicator; where: string; what: string; filters: FigureFilters; onClose: () => void };

/** The very list behind a figure: its employers, what each counts for, and their sum. */
export function EmployersDialog({ indicator, where, what, filters, onClose }: EmployersProps) {
  const { level: _, ...rest } = filters;
  const query = { ...rest, indicator: indicator.code };
  const { data, isError, error, refetch } = useQuery(figureEmployers(query));
  const many = data?.items.some((row) => row.n !== 1);
  return (
    <Dialog title={`${indicator.name} : ${where}`} isOpen onClose={onClose} wide>
      {isError ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton rows={8} />
      ) : (
        <div className={style.employers}>
          <p className={style.employersHead}>
            <span>
              {plural(data.employers, "employeur")}
              {many && `, ${count(data.n)} ${indicator.counted}`}
              {data.items.length < data.employers && `, les ${count(data.items.length)} premiers ici`}
              <span className={style.soft}>, {what}</span>
            </span>
            <LinkButton small icon="download" href={address("/api/indicators/employers.csv", {}, query)} download>
              Liste entière (CSV)
            </LinkButton>
          </p>
          <Table
            label={`Employeurs : ${indicator.name}`}
            keyOf={(row) => row.id}
            rows={data.items}
            columns={[
              { id: "name", title: "Établissement", width: "minmax(160px, 3fr)", cell: (row) => <Link href={`/entreprises/${row.id}`} className={style.commune}>{row.name ?? "(sans nom)"}</Link> },
              { id: "city", title: "Commune", width: "minmax(110px, 2fr)", from: 420, cell: (row) => row.city ?? "" },
              ...(many ? [{ id: "n", title: indicator.counted, width: "minmax(90px, 1fr)", align: "right" as const, cell: (row: { n: number }) => count(row.n) }] : []),
            ]}
            empty={<Message icon="list" title="Aucun employeur derrière ce chiffre." />}
          />
        </div>
      )}
    </Dialog>
  );
}
