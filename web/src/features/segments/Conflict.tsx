// Two people changed one segment at once: both versions side by side, and the choice.
import type { Refusal } from "@/api/refusal";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { ruleOf, type Rule } from "./rule";
import { Differences } from "./Sentences";
import style from "./Segments.module.css";
import type { Names } from "./words";

type Props = { refusal: Refusal; base: Rule; mine: Rule; names: Names; onMine: (version: number) => void; onTheirs: (rule: Rule, version: number) => void };

export function Conflict({ refusal, base, mine, names, onMine, onTheirs }: Props) {
  const version = Number(refusal.extra["version"]);
  const theirs = ruleOf(refusal.extra["rule"]);
  const who = String(refusal.extra["member"] ?? "Quelqu’un");
  return (
    <div role="alert" className={style.conflict}>
      <p>
        <Icon name="alert" size={18} /> <strong>{who} vient d’enregistrer la version {version}.</strong> La vôtre n’est pas perdue.
      </p>
      <div className={style.sides}>
        <section aria-label={`Changements de ${who}`}>
          <h3>Changements de {who}</h3>
          <Differences before={base} after={theirs} names={names} />
        </section>
        <section aria-label="Vos changements">
          <h3>Vos changements</h3>
          <Differences before={base} after={mine} names={names} />
        </section>
      </div>
      <div className={style.choices}>
        <Button onPress={() => onMine(version)}>Enregistrer la mienne par-dessus</Button>
        <Button look="quiet" onPress={() => onTheirs(theirs, version)}>
          Repartir de la sienne
        </Button>
      </div>
    </div>
  );
}
