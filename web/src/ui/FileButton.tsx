// A button that asks for one file of the disk; what is empty or too large is refused before it is sent.
import type { ReactNode } from "react";
import { FileTrigger } from "react-aria-components";
import { Refusal } from "@/api/refusal";
import { count } from "@/words/number";
import { Button } from "./Button";

type FileButtonProps = { accept: string[]; most: number; isPending?: boolean; look?: "primary" | "plain"; onFile: (file: File) => void; onRefused: (error: unknown) => void; children: ReactNode };

export function FileButton({ accept, most, isPending, look = "primary", onFile, onRefused, children }: FileButtonProps) {
  return (
    <FileTrigger
      acceptedFileTypes={accept}
      onSelect={(files) => {
        const file = files?.[0];
        if (!file) return;
        if (file.size === 0) onRefused(new Refusal(422, { code: "import_empty", title: "Le fichier est vide." }));
        else if (file.size > most) onRefused(new Refusal(413, { code: "too_large", title: `Le fichier dépasse ${count(most / 1_000_000)} Mo.` }));
        else onFile(file);
      }}
    >
      <Button look={look} isPending={isPending ?? false}>
        {children}
      </Button>
    </FileTrigger>
  );
}
