// Files as wrong as people send them: name, bytes, and what is to come of them: { read } rows, or { code } of a refusal.
import { gzipSync } from "node:zlib";
import { workbook } from "./workbook.mjs";

const rows = "41816609600069;OCTO;MOULINS\r\n01545141200025;FERME DU PRE;VICHY\r\n";
const header = "SIRET;Raison sociale;Ville\r\n";
const sheet = workbook([{ name: "Feuil1", rows: [["SIRET", "Nom"], ["41816609600069", "OCTO"]] }]);

export const malformed = [
  ["sep.csv", "sep=;\r\n" + header + rows, { read: 2 }],
  ["deux-marques.csv", "\uFEFF\uFEFF" + header + rows, { read: 2 }],
  ["colonnes-vides.csv", header.replace("\r\n", ";;;\r\n") + rows.replaceAll("\r\n", ";;;\r\n"), { read: 2 }],
  ["lignes-vides.csv", header + "\r\n;;\r\n" + rows.replace("\r\n", "\r\n;;\r\n\r\n") + "\r\n\r\n;;\r\n", { read: 2 }],
  ["fins-melees.csv", header.replace("\r\n", "\n") + rows.replace("\r\n", "\r"), { read: 2 }],
  ["retour-dans-champ.csv", header + "41816609600069;\"OCTO\r\n(siège)\";MOULINS\r\n", { read: 1 }],
  ["total.csv", header + rows + "TOTAL : 2 lignes;;\r\n", { read: 3 }],
  ["colonne-vide.csv", (header + rows).replace(/^(?=.)/gm, ";"), { read: 2 }],
  ["formule.csv", "SIRET;Nom\r\n=\"41816609600069\";=OCTO()\r\n", { read: 1 }],
  ["lettres.csv", "SIRET;Nom\r\n418166O96OOO69;OCTO\r\n41816609600069.0;OCTO\r\n", { read: 2 }],
  ["point-virgule.csv", header + "41816609600069;OCTO;SIEGE;MOULINS\r\n", { code: "column_count" }],
  ["un-seul-champ.csv", "SIRET\r\n41816609600069\r\n01545141200025\r\n", { read: 2 }],
  ["page.xls", "<html><head><meta charset=utf-8></head><body><table><tr><td>SIRET</td><td>Nom</td></tr><tr><td>41816609600069</td><td>OCTO</td></tr></table></body></html>\n", { code: "not_csv" }],
  ["objet.json", JSON.stringify([{ siret: "41816609600069", nom: "OCTO" }]) + "\n", { code: "not_csv" }],
  ["ancien.xls", Buffer.concat([Buffer.from("D0CF11E0A1B11AE1", "hex"), Buffer.alloc(2048)]), { code: "not_csv" }],
  ["archive.csv", gzipSync(header + rows), { code: "not_csv" }],
  ["rapport.csv", "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", { code: "not_csv" }],
  ["impair.csv", Buffer.concat([Buffer.from("\uFEFF" + header + rows, "utf16le"), Buffer.from([0x41])]), { code: "utf16" }],
  ["coupe.xlsx", sheet.subarray(0, sheet.length - 30), { code: "truncated" }],
];
