// Where nobody of a network works, and where several of its organisations do: the communes, as a list beside the map.
import type { Schema } from "@/api/client";
import { Button } from "@/ui/Button";
import { Select } from "@/ui/Field";
import { networkName } from "@/ui/Network";
import { Message } from "@/ui/States";
import { count, plural } from "@/words/number";
import style from "./DirectoryPage.module.css";

type Network = Schema<"DirectoryGaps">["networks"][number];

export function Gaps({ networks, network, onNetwork, onCommune, commune }: { networks: Network[]; network: Network; onNetwork: (code: string) => void; onCommune: (code: string) => void; commune: string | null }) {
  return (
    <div className={style.gaps} tabIndex={0} role="region" aria-label="Trous et recouvrements">
      <h2 className="no-screen">{networkName(network.network)}</h2>
      <Select className="no-print" label="Réseau" hideLabel value={network.network} onChange={onNetwork} choices={networks.map((one) => ({ id: one.network, label: networkName(one.network), detail: `${plural(one.gaps.length, "commune sans structure", "communes sans structure")}, ${plural(one.overlaps.length, "recouvrement")}` }))} />
      <p className={style.soft}>Sur la carte : hachuré, aucune structure ; clair, une seule ; foncé, plusieurs.</p>
      {network.gaps.length === 0 && network.overlaps.length === 0 && (
        <Message icon="check" title="Chaque commune a une structure de ce réseau, et une seule." />
      )}
      {network.gaps.length > 0 && (
        <section>
          <h2>{plural(network.gaps.length, "commune sans structure", "communes sans structure")}</h2>
          <ul className={style.communes}>
            {network.gaps.map((one) => (
              <li key={one.code} aria-current={one.code === commune || undefined}>
                <CommuneButton one={one} onCommune={onCommune} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {network.overlaps.length > 0 && (
        <section>
          <h2>{plural(network.overlaps.length, "commune que plusieurs structures couvrent", "communes que plusieurs structures couvrent")}</h2>
          <ul className={style.communes}>
            {network.overlaps.map((one) => (
              <li key={one.code} className={style.overlap} aria-current={one.code === commune || undefined}>
                <CommuneButton one={one} onCommune={onCommune} />
                <span className={style.soft}>{one.organisations.join(", ")}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function CommuneButton({ one, onCommune }: { one: { code: string; name: string; population: number | null }; onCommune: (code: string) => void }) {
  return (
    <Button small look="quiet" onPress={() => onCommune(one.code)}>
      {one.name}
      {one.population !== null && <span className={style.soft}> {count(one.population)} hab.</span>}
    </Button>
  );
}
