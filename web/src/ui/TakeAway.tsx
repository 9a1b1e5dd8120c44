// What stands in a table of the page, on paper or as a file.
import { useState } from "react";
import { Button } from "./Button";
import { takeAway, type Sheet } from "./take";
import { toast } from "./Toast";

/** `sheets` is asked when somebody wants the file. */
export function TakeAway({ name, sheets }: { name: string; sheets: () => Sheet[] }) {
  const [busy, setBusy] = useState<"csv" | "xlsx" | null>(null);
  const take = async (kind: "csv" | "xlsx") => {
    setBusy(kind);
    try {
      await takeAway(kind, name, sheets());
    } catch {
      toast("Le fichier n’a pas pu être préparé.", { tone: "danger" });
    }
    setBusy(null);
  };
  return (
    <>
      <Button small look="quiet" icon="print" onPress={() => window.print()}>
        Imprimer
      </Button>
      <Button small look="quiet" icon="download" isPending={busy === "csv"} onPress={() => void take("csv")}>
        CSV
      </Button>
      <Button small look="quiet" icon="download" isPending={busy === "xlsx"} onPress={() => void take("xlsx")}>
        Excel
      </Button>
    </>
  );
}
