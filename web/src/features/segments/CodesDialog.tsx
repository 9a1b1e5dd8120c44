// Which columns of the organisation's own files hold codes that segments may use.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "@/api/client";
import { ownCodes as codesQuery } from "@/api/queries";
import { useWrite } from "@/api/write";
import { Button } from "@/ui/Button";
import { Actions, Dialog } from "@/ui/Dialog";
import { Checkbox } from "@/ui/Field";
import { Refused } from "@/ui/Refused";
import { Failure, Skeleton } from "@/ui/States";
import { plural } from "@/words/number";

export function CodesDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { data, isPending, isError, error, refetch } = useQuery({ ...codesQuery, enabled: isOpen });
  const [chosen, setChosen] = useState<string[]>([]);
  useEffect(() => {
    if (data) setChosen(data.columns.filter((column) => column.chosen).map((column) => column.name));
  }, [data, isOpen]);
  const save = useWrite((columns: string[]) => api.put("/api/codes", { body: { columns } }), {
    touches: [["codes"], ["segments"]],
    quiet: true,
    done: () => "Codes relus dans vos fichiers.",
    onDone: onClose,
  });
  return (
    <Dialog title="Codes de vos fichiers" isOpen={isOpen} onClose={onClose}>
      <p>Les colonnes cochées deviennent des critères de segment, pour votre structure seulement. Les codes suivent vos imports.</p>
      {isError ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <Skeleton rows={3} />
      ) : data.columns.length === 0 ? (
        <p>Aucune colonne de vos fichiers ne ressemble à un code : quelques valeurs courtes qui se répètent, comme une catégorie ou un portefeuille.</p>
      ) : (
        data.columns.map((column) => (
          <Checkbox key={column.name} isSelected={chosen.includes(column.name)} onChange={(on) => setChosen(on ? [...chosen, column.name] : chosen.filter((name) => name !== column.name))} help={plural(column.values, "valeur différente", "valeurs différentes")}>
            {column.name}
          </Checkbox>
        ))
      )}
      <Refused error={save.error} />
      <Actions>
        <Button look="primary" isPending={save.isPending} isDisabled={!data} onPress={() => save.mutate(chosen)}>
          Enregistrer
        </Button>
        <Button look="quiet" onPress={onClose}>
          Annuler
        </Button>
      </Actions>
    </Dialog>
  );
}
