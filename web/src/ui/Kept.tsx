// What a form says of the draft that it was opened with.
import { Button } from "./Button";
import style from "./Kept.module.css";

/** `onDrop`: begins anew, from what there is. */
export function Kept({ onDrop, again = "Recommencer" }: { onDrop: () => void; again?: string }) {
  return (
    <div className={style.kept}>
      <p>Votre saisie précédente a été retrouvée sur cet appareil.</p>
      <Button small look="quiet" onPress={onDrop}>
        {again}
      </Button>
    </div>
  );
}
