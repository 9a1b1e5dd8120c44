// The round of a day on the map: its order, its ways, its hours; in step with the list below it.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ground as groundQuery } from "@/api/queries";
import type { Tour, Week } from "@/api/week";
import { attributionOf } from "@/features/establishments/ground";
import { Button } from "@/ui/Button";
import { MapView, type Ground, type MapStop } from "@/ui/map";
import { Message } from "@/ui/States";
import { addDays, clock, dayOff, fullDay, isoDay } from "@/words/time";
import style from "./Week.module.css";
import { lineKey, nameOf, type Line } from "./week";
import { duration } from "./words";

type Stop = { key: string; at: string; minutes: number; name: string; city: string | null; lon: number | null; lat: number | null; suggested: boolean };

/** What stands and what is suggested on a day, in order of time. */
export function stopsOf(week: Week | undefined, lines: Line[], day: string): Stop[] {
  const visits = (week?.visits ?? []).map(({ visit }): Stop => ({ key: `visit-${visit.id}`, at: visit.planned_at, minutes: visit.minutes, name: nameOf(visit.establishment), city: visit.establishment.city, lon: visit.establishment.lon, lat: visit.establishment.lat, suggested: false }));
  const suggested = lines
    .filter((line) => line.state === "proposed" && line.starts_at)
    .map((line): Stop => ({ key: lineKey(line), at: line.starts_at as string, minutes: line.minutes, name: nameOf(line.establishment), city: line.establishment.city, lon: line.establishment.lon, lat: line.establishment.lat, suggested: true }));
  return [...visits, ...suggested].filter((stop) => isoDay(stop.at) === day).sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

export default function RoundMap({ week, lines, tour, member, day, selected, onSelect, onDay }: { week: Week | undefined; lines: Line[]; tour: Tour | undefined; member: number; day: string; selected: string | null; onSelect: (key: string) => void; onDay: (day: string) => void }) {
  const { data: ground } = useQuery(groundQuery);
  const stops = useMemo(() => stopsOf(week, lines, day), [week, lines, day]);
  const base = week?.base;
  const route = useMemo<MapStop[]>(() => {
    const home: MapStop[] = base?.lon != null && base.lat != null ? [{ id: "base", label: "", name: base.name, lon: base.lon, lat: base.lat }] : [];
    const places = stops.flatMap((stop, index): MapStop[] => (stop.lon === null || stop.lat === null ? [] : [{ id: stop.key, label: String(index + 1), name: `${stop.name}, ${clock(stop.at)}`, lon: stop.lon, lat: stop.lat }]));
    return places.length === 0 ? [] : [...home, ...places, ...home];
  }, [stops, base]);
  const round = tour?.days.find((one) => one.day === day && one.member === member);
  const days = week ? Array.from({ length: 7 }, (_, index) => addDays(week.first, index)).filter((one) => dayOff(one) === undefined || stopsOf(week, lines, one).length > 0) : [];
  return (
    <div className={style.round}>
      <div className={style.dayChoice} role="group" aria-label="Jour de la tournée">
        {days.map((one) => (
          <Button key={one} small look={one === day ? "primary" : "plain"} aria-pressed={one === day} onPress={() => onDay(one)}>
            {new Intl.DateTimeFormat("fr-FR", { weekday: "short", day: "numeric" }).format(new Date(`${one}T12:00:00Z`))}
          </Button>
        ))}
      </div>
      <div className={style.map}>
        <MapView label={`Carte de la tournée, ${fullDay(day)}`} ground={ground as Ground | undefined} attribution={attributionOf(ground)} route={route} selectedStop={selected} onStop={onSelect} />
      </div>
      {stops.length === 0 ? (
        <Message icon="map" title="Aucune visite ce jour-là." />
      ) : (
        <>
          {round && <p className={style.soft}>{`Départ à ${clock(round.leaves_at)}, retour à ${clock(round.returns_at)}, ${duration(round.way_minutes)} de route.`}</p>}
          <ol className={style.order} aria-label={`Ordre de la tournée, ${fullDay(day)}`}>
            {stops.map((stop, index) => (
              <li key={stop.key} data-selected={selected === stop.key}>
                <Button small look={selected === stop.key ? "plain" : "quiet"} wide onPress={() => onSelect(stop.key)}>
                  <span className={style.number}>{index + 1}</span> {clock(stop.at)} {stop.name}
                  <span className={style.soft}> {stop.city}</span>
                  {stop.suggested && <span className={style.soft}> (proposition)</span>}
                </Button>
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
