// What is shown at the foot of a list while rows are marked.
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { plural } from "@/words/number";
import { acts, MOST, type Act } from "./acts";
import style from "./Promises.module.css";

export default function MarkedBar({ marked, offered, onAct, onClear, onAll, all, busy }: { marked: number; offered: Act[]; onAct: (act: Act) => void; onClear: () => void; onAll?: (() => void) | undefined; all?: number | undefined; busy?: boolean }) {
  const [first, ...rest] = offered;
  if (marked === 0 || first === undefined) return null;
  return (
    <div className={style.bar} role="region" aria-label="Lignes cochées" data-testid="marked-bar">
      <p aria-live="polite">
        <strong>{plural(marked, "employeur coché", "employeurs cochés")}</strong>
        {marked >= MOST && <span className={style.soft}> (au plus {MOST} à la fois)</span>}
      </p>
      {onAll && all !== undefined && all > marked && marked < MOST && (
        <Button small look="quiet" onPress={onAll} isPending={busy ?? false}>
          {all > MOST ? `Cocher les ${MOST} premiers du filtre` : `Cocher les ${plural(all, "employeur")} du filtre`}
        </Button>
      )}
      <span className={style.grow} />
      <Button small look="primary" icon={acts[first].icon} onPress={() => onAct(first)}>
        {acts[first].title}
      </Button>
      {rest.length > 0 && (
        <Menu
          label="Autres actions sur les lignes cochées"
          named
          trigger={
            <span className={style.more}>
              Autres actions <Icon name="up" size={13} />
            </span>
          }
          groups={[{ id: "acts", items: rest.map((act) => ({ id: act, label: acts[act].title, icon: acts[act].icon, run: () => onAct(act) })) }]}
        />
      )}
      <Button small look="quiet" icon="close" onPress={onClear}>
        Décocher
      </Button>
    </div>
  );
}
