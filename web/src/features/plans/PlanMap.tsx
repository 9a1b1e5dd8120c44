// Who goes where: each employer in the colour of the network that goes there; the table of lines is its twin.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { ground as groundQuery, organisations as organisationsQuery, planPoints } from "@/api/queries";
import { attributionOf } from "@/features/establishments/ground";
import { navigate, useQueryState } from "@/router";
import { MapView, type Ground, type MapPoint } from "@/ui/map";
import { networkName, NetworkMark } from "@/ui/Network";
import { count, plural } from "@/words/number";
import type { Shown } from "./Live";
import { Picker } from "./Picker";
import style from "./Plans.module.css";

export default function PlanMap({ scenario, plan, others }: Shown) {
  const points = useQuery(planPoints(scenario.id)).data;
  const organisations = useMemo(() => new Map(plan.organisations.map((one) => [one.id, one])), [plan.organisations]);
  const ground = useQuery(groundQuery).data;
  const directory = useQuery(organisationsQuery).data;
  const query = useQueryState();
  const drawn = useMemo<MapPoint[]>(
    () =>
      (points?.points ?? []).flatMap(([id, organisation, lon, lat]) => {
        const of = organisations.get(organisation ?? 0);
        return id === undefined || lon === undefined || lat === undefined || lon === null || lat === null || !of ? [] : [{ id, lon, lat, state: of.network, name: of.short_name, network: of.network }];
      }),
    [points, organisations],
  );
  const communes = useMemo(() => new Map((points?.communes ?? []).map((one) => [String(one[0]), { visited: Number(one[1]), open: Number(one[2]) }])), [points]);
  const counts = useMemo(() => {
    const all = new Map<string, number>();
    for (const point of drawn) all.set(point.state, (all.get(point.state) ?? 0) + 1);
    return all;
  }, [drawn]);
  const places = useMemo(() => {
    const items = (directory?.items ?? []) as { id: number; short_name: string; network: string; lon?: number | null; lat?: number | null }[];
    return items.flatMap((one) => (organisations.has(one.id) && one.lon != null && one.lat != null ? [{ id: one.id, lon: one.lon, lat: one.lat, name: one.short_name, network: one.network }] : []));
  }, [directory, organisations]);
  return (
    <div className={style.map}>
      <div className={style.over}>
        <Picker scenario={scenario} others={others} />
      </div>
      <MapView
        label="Carte de la répartition"
        ground={ground as Ground | undefined}
        attribution={attributionOf(ground)}
        points={drawn}
        pointsFrom={4}
        places={places}
        onPoint={(id) => navigate(`/entreprises/${id}`)}
        onCommune={(commune) => query.set({ vue: "lignes", commune })}
        describe={(code, name) => {
          const of = communes.get(code);
          return of ? `${name} : ${plural(of.visited, "visite")} sur ${plural(of.open, "candidat")}` : `${name} : aucun candidat`;
        }}
      />
      <figure className={style.legend} aria-label="Légende">
        <ul>
          {[...counts].map(([network, n]) => (
            <li key={network}>
              <NetworkMark network={network} size={14} /> {networkName(network)} : {count(n)}
            </li>
          ))}
        </ul>
      </figure>
    </div>
  );
}
