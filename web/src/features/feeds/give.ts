// A file of offers on its way to the server.
import { api } from "@/api/client";
import { Refusal } from "@/api/refusal";

const most = 20_000_000;

/** Gives a file to a feed; what cannot be a file of offers is refused before it is sent. */
export async function giveFile(feed: number, file: File): Promise<void> {
  if (file.size === 0) throw new Refusal(422, { code: "import_empty", title: "Le fichier est vide." });
  if (file.size > most) throw new Refusal(413, { code: "too_large", title: "Le fichier dépasse 20 Mo." });
  await api.give("/api/feeds/{id}/file", { id: feed }, file);
}

/** What a file of offers may be. */
export const fileKinds = "XML, JSON, CSV ou classeur, compressé ou non, 20 Mo au plus.";
