// Somebody was quicker: what they changed and what we did, side by side; one is kept, or ours goes over theirs.
import type { Refusal } from "@/api/refusal";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { differences, merged, type Content, type Names, type Whole } from "./content";
import { Sentences } from "./Sentences";
import style from "./Plans.module.css";

type Props = { refusal: Refusal; base: Whole; mine: Whole; names: Names; onTheirs: () => void; onMine: (content: Whole, edit: number) => void; onClose: () => void };

export function Conflict({ refusal, base, mine, names, onTheirs, onMine, onClose }: Props) {
  const theirs = refusal.extra["content"] as Content | undefined;
  const edit = Number(refusal.extra["edit"]);
  const organisation = refusal.extra["organisation"] as { name: string } | undefined;
  return (
    <Dialog title="Un partenaire vient de modifier ce plan" isOpen onClose={onClose} wide>
      <p>
        {String(refusal.extra["member"] ?? "Quelqu’un")}
        {organisation && ` (${organisation.name})`} a enregistré pendant que vous écriviez. Rien de ce que vous avez écrit n’est perdu.
      </p>
      <div className={style.sides}>
        <section aria-label="Ce qui est enregistré">
          <h3>Ce qui est enregistré</h3>
          <Sentences items={theirs ? differences(base, theirs, names) : []} empty="Un autre scénario, ou une autre version." />
        </section>
        <section aria-label="Ce que vous écriviez">
          <h3>Ce que vous écriviez</h3>
          <Sentences items={differences(base, mine, names)} empty="La même chose." />
        </section>
      </div>
      <Actions>
        <Button look="primary" onPress={onTheirs}>
          Reprendre ce qui est enregistré
        </Button>
        {theirs && <Button onPress={() => onMine(merged(base, theirs, mine), edit)}>Y ajouter ce que j’ai écrit</Button>}
        <Button look="quiet" onPress={onClose}>
          Continuer d’écrire
        </Button>
      </Actions>
    </Dialog>
  );
}
