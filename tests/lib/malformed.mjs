// Files as wrong as people send them: name, bytes, and what is to come of them: { code } of a refusal, or { read } rows with,
// where it matters, { sirets } that were understood, { names } of the rows, { codes } that are told, { kind, sheet, header,
// meanings, encoding } as found, { note } that is told of the whole.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { compound, openDocument, workbook, xml2003, zip } from "./workbook.mjs";

const octo = "41816609600069";
const farm = "01545141200025";
const rows = `${octo};OCTO;MOULINS\r\n${farm};FERME DU PRE;VICHY\r\n`;
const header = "SIRET;Raison sociale;Ville\r\n";
const both = { read: 2, sirets: [octo, farm] };
const sheet = workbook([{ name: "Feuil1", rows: [["SIRET", "Nom"], [octo, "OCTO"]] }]);
const old = (name) => readFileSync(new URL(`../fuzz/corpus/xls/${name}`, import.meta.url));
const html = (body, head = "") => `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>${head}</head><body>${body}</body></html>`;
const twice = (text) => Buffer.from(Buffer.from(text, "utf8").toString("latin1"), "utf8");
const wide = Array.from({ length: 200 }, (_, i) => (i === 0 ? "SIRET" : i === 1 ? "Nom" : `Colonne ${i}`));

const bytes = (text) => Buffer.from(text, "latin1"); // "\\x82" is that byte
const titles = Array.from({ length: 14 }, (_, i) => `Titre ${i + 1}\r\n`).join("");
const cells = (...row) => `<table:table-row>${row.map((text) => (text === null ? "<table:covered-table-cell/>" : `<table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell>`)).join("")}</table:table-row>`;
const flat = (rows, attributes = "") => `<?xml version="1.0" encoding="UTF-8"?>\n<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet><table:table table:name="Employeurs"${attributes}><table:table-column/><table:table-column table:visibility="collapse"/>${rows}</table:table></office:spreadsheet></office:body></office:document>`;
// An employer on two rows, for two persons: its cells are merged.
const twoPersons = [["SIRET", "Nom", "Contact"], [octo, "OCTO", "DUPONT"], [null, null, "DURAND"], [farm, "FERME", "MARTIN"]];
const merged = { read: 3, sirets: [octo, octo, farm], names: ["OCTO", "OCTO", "FERME"], note: /fusionnée/ };

export const malformed = [
  // Shape of a text.
  ["sep.csv", "sep=;\r\n" + header + rows, both],
  ["deux-marques.csv", "\uFEFF\uFEFF" + header + rows, both],
  ["colonnes-vides.csv", header.replace("\r\n", ";;;\r\n") + rows.replaceAll("\r\n", ";;;\r\n"), both],
  ["lignes-vides.csv", header + "\r\n;;\r\n" + rows.replace("\r\n", "\r\n;;\r\n\r\n") + "\r\n\r\n;;\r\n", both],
  ["fins-melees.csv", header.replace("\r\n", "\n") + rows.replace("\r\n", "\r"), both],
  ["retour-dans-champ.csv", header + `${octo};"OCTO\r\n(siège)";MOULINS\r\n`, { read: 1, sirets: [octo] }],
  ["titre.csv", `Fichier des entreprises, Allier\r\nMis à jour le 12/11/2026, par Anne\r\n\r\n${header}${rows}`, { ...both, header: 4 }],
  ["deux-entetes.csv", `Entreprise;;Contact;\r\nSIRET;Nom;Nom;Tél.\r\n${octo};OCTO;DUPONT;0470000001\r\n`, { read: 1, sirets: [octo], header: 2, meanings: ["siret", "name", "contact", "contact_phone"] }],
  ["entete-repete.csv", header + rows + header + rows.replaceAll("OCTO", "OCTO 2"), { read: 5, sirets: [octo, farm, octo, farm], codes: ["row_header"] }],
  ["total.csv", header + rows + "TOTAL : 2 lignes;;\r\n", { ...both, read: 3, codes: ["row_total"] }],
  ["total-sans-fin.csv", header + rows + "Total;2", { ...both, read: 3, codes: ["row_total"] }],
  ["totaux.csv", header + rows + "Nombre total : 25;;\r\nTotal entreprises : 25;;\r\nSource : CCI;;\r\nPage 1/3;;\r\nÉdité le 12/11/2026;;\r\n", { ...both, read: 7, codes: ["row_total", "row_footer"] }],
  ["quatorze-titres.csv", titles + header + rows, { ...both, header: 15 }],
  ["siret-deux-fois.csv", header + rows + `${octo};OCTO bis;MOULINS\r\n`, { read: 3, sirets: [octo, farm, octo], note: /1 ligne a le SIRET d’une ligne plus haut \(ligne 4\u00A0: même SIRET que la ligne 2\)/ }],
  ["lignes-entre-guillemets.csv", `"SIRET;Raison sociale;Ville";;\r\n"${octo};""OCTO"";MOULINS";;\r\n"${farm};FERME DU PRE;VICHY"\r\n`, { ...both, names: ["OCTO", "FERME DU PRE"], note: /entre guillemets/ }],
  ["octets-nuls.csv", header + rows.replace("OCTO", "OC\0TO").replace("FERME DU", "FERME\x01DU"), { ...both, names: ["OCTO", "FERME DU PRE"], note: /pas du texte/ }],
  ["fin-dos.csv", header + rows + "\x1A", both],
  ["total-energies.csv", "Nom;Ville\r\nTOTAL ENERGIES;MOULINS\r\nTOTAL;VICHY\r\n", { read: 2, names: ["TOTAL ENERGIES", "TOTAL"] }],
  ["colonne-vide.csv", (header + rows).replace(/^(?=.)/gm, ";"), both],
  ["colonnes-doubles.csv", `SIRET;Nom;Ville;Nom;Ville\r\n${octo};OCTO;MOULINS;X;Y\r\n`, { read: 1, sirets: [octo], names: ["OCTO"] }],
  ["un-seul-champ.csv", `SIRET\r\n${octo}\r\n${farm}\r\n`, both],
  ["deux-cents-colonnes.csv", `${wide.join(";")}\r\n${[octo, "OCTO", ...wide.slice(2).map((name) => `${name} !`)].join(";")}\r\n`, { read: 1, sirets: [octo] }],
  ["cellule-de-100-ko.csv", `SIRET;Nom;Notes\r\n${octo};OCTO;"${"mot ".repeat(25_000)}"\r\n${farm};FERME;x\r\n`, both],
  // Quotes that nobody closes cost their own line at most.
  ["guillemet-seul.csv", header + `${octo};"OCTO;MOULINS\r\n${farm};FERME DU PRE;VICHY\r\n`, { ...both, names: ['OCTO', "FERME DU PRE"], codes: ["quote_read"] }],
  ["guillemets-impairs.csv", header + `${octo};"OCTO;MOULINS\r\n${farm};"FERME DU PRE";VICHY\r\n`, { ...both, names: ["OCTO", "FERME DU PRE"], codes: ["quote_read"] }],
  ["texte-derriere-guillemet.csv", header + `${octo};"OCTO" (siège);MOULINS\r\n${farm};5" de terre;VICHY\r\n`, { ...both, codes: ["quote_read"] }],
  // Separators in a text, cells that are missing.
  ["point-virgule.csv", `SIRET;Nom;CP;Ville\r\n${octo};OCTO;SIEGE;03000;MOULINS\r\n${farm};FERME;03200;VICHY\r\n`, { ...both, names: ["OCTO;SIEGE", "FERME"], codes: ["row_aligned"] }],
  ["point-virgule-douteux.csv", header + `${octo};OCTO;SIEGE;MOULINS\r\n${farm};FERME;VICHY\r\n`, { ...both, names: [null, "FERME"], codes: ["row_columns"] }],
  ["colonnes-en-moins.csv", `SIRET;Nom;CP;Ville;Tél\r\n${octo};OCTO;03000;MOULINS\r\n${farm};FERME;03200;VICHY;\r\n`, both],
  ["ligne-cassee.csv", `SIRET;Nom;CP;Ville\r\n${octo};OCTO\r\n(siège);03000;MOULINS\r\n${farm};FERME;03200;VICHY\r\n`, { read: 3, sirets: [octo, farm], names: ["OCTO", null, "FERME"], codes: ["row_columns"] }],
  ["decalage.csv", `Identifiant;SIRET;Nom;Ville\r\n1;${octo};OCTO;MOULINS\r\n2;FERME DU PRE;${farm};VICHY\r\n`, { read: 2, sirets: [octo], names: ["OCTO"], codes: ["row_shifted"] }],
  // Encodings.
  ["encode-deux-fois.csv", twice(`SIRET;Société;Ville;Téléphone\r\n${octo};Café de l’Été;Moulins;0470000001\r\n`), { read: 1, sirets: [octo], names: ["Café de l’Été"], meanings: ["siret", "name", "city", "phone"], note: /encodés deux fois/ }],
  ["encodages-meles.csv", Buffer.concat([Buffer.from(`SIRET;Société;Ville\r\n${octo};Café;Moulins\r\n`), Buffer.from(`${farm};Crémerie;Vichy\r\n`, "latin1")]), { ...both, names: ["Café", "Crémerie"], encoding: "UTF-8", note: /mélange UTF-8 et Windows-1252/ }],
  ["encodages-meles-2.csv", Buffer.concat([Buffer.from(`SIRET;Société;Ville\r\n${octo};Café;Moulins\r\n`, "latin1"), Buffer.from(`${farm};Crémerie;Vichy\r\n`)]), { ...both, names: ["Café", "Crémerie"], encoding: "Windows-1252" }],
  ["ms-dos.csv", bytes(`SIRET;Soci\x82t\x82;Ville\r\n${octo};Caf\x82 de l'\x90t\x82;Moulins\r\n${farm};Cr\x8Amerie;Vichy\r\n`), { ...both, names: ["Café de l'Été", "Crèmerie"], encoding: "CP850", note: /ancien encodage .*CP850/ }],
  ["macintosh.csv", bytes(`SIRET;Soci\x8Et\x8E;Ville\r${octo};Caf\x8E de l\xD5\x83t\x8E;Moulins\r${farm};Cr\x8Fmerie;Vichy\r`), { ...both, names: ["Café de l’Été", "Crèmerie"], encoding: "MacRoman" }],
  ["latin-9.csv", bytes(`SIRET;Soci\xE9t\xE9;Ville\r\n${octo};Le C\xBDur;Moulins\r\n`), { read: 1, sirets: [octo], names: ["Le Cœur"], encoding: "ISO-8859-15" }],
  ["octet-sans-lettre.csv", bytes(`SIRET;Soci\xE9t\xE9;Ville\r\n${octo};Caf\xE9 \x81;Moulins\r\n`), { read: 1, sirets: [octo], encoding: "Windows-1252", note: /perdus avant l’envoi/ }],
  ["perdus.csv", `SIRET;Nom;Ville\r\n${octo};CAF\uFFFD DU PONT;MOULINS\r\n`, { read: 1, sirets: [octo], note: /perdus avant l’envoi/ }],
  ["utf16.csv", Buffer.from("\uFEFF" + header + rows, "utf16le"), { ...both, encoding: "UTF-16" }],
  ["utf16-sans-marque.csv", Buffer.from(header + rows, "utf16le"), { ...both, encoding: "UTF-16" }],
  ["utf16-grand-boutien.csv", Buffer.from("\uFEFF" + header + rows, "utf16le").swap16(), { ...both, encoding: "UTF-16" }],
  ["impair.csv", Buffer.concat([Buffer.from("\uFEFF" + header + rows, "utf16le"), Buffer.from([0x41])]), { code: "utf16" }],
  ["insecables.csv", `SIRET\u00A0;\u00A0Raison\u00A0sociale;Ville\r\n418\u00A0166\u00A0096\u202F00069\u00A0;\u00A0OCTO\u00A0;MOULINS\r\n`, { read: 1, sirets: [octo], names: ["OCTO"] }],
  // Numbers as spreadsheets leave them.
  ["formule.csv", `SIRET;Nom\r\n="${octo}";=OCTO()\r\n`, { read: 1, sirets: [octo] }],
  ["lettres.csv", `SIRET;Nom\r\n418166O96OOO69;OCTO\r\n4l8I66096OOO69;OCTO\r\n${octo}.0;OCTO\r\n`, { read: 3, sirets: [octo, octo, octo], codes: ["siret_letters"] }],
  ["milliers.csv", `SIRET|Nom\r\n41,816,609,600,069|OCTO\r\n41 816 609 600 069,00|OCTO\r\n41.816.609.600.069|OCTO\r\n41'816'609'600'069|OCTO\r\n`, { read: 4, sirets: [octo, octo, octo, octo] }],
  ["scientifique.csv", `SIRET;Nom;Tél\r\n4,1816609600069E+13;OCTO;4,70440102E+08\r\n4.4E+13;GARAGE;4,7E+08\r\n1.545141200025E+12;FERME;\r\n`, { read: 3, sirets: [octo, farm], codes: ["siret_expanded", "siret_scientific", "phone_invalid"] }],
  ["zeros-perdus.csv", "SIRET;Nom;CP\r\n1545141200025;FERME;3200\r\n", { read: 1, sirets: [farm], codes: ["siret_restored"] }],
  ["siret-dans-un-texte.csv", `SIRET;Nom\r\nSIRET : 418 166 096 00069 (siège);OCTO\r\nFR40418166096;OCTO\r\n`, { read: 2, sirets: [octo], codes: ["siret_amid_text", "siret_is_siren"] }],
  ["siren-seul.csv", "SIREN;Nom;Ville\r\n418166096;OCTO;MOULINS\r\n", { read: 1, meanings: ["siren", "name", "city"] }],
  ["siren-et-nic.csv", "SIREN;NIC;Nom;Ville\r\n418 166 096;69;OCTO;MOULINS\r\n015451412;00025;FERME;VICHY\r\n", { ...both, meanings: ["siren", "nic", "name", "city"] }],
  ["erreurs-de-formules.csv", `SIRET;Nom;Ville;Tél\r\n${octo};#N/A;#REF!;#VALEUR!\r\n#N/A;GARAGE;VICHY;néant\r\n`, { read: 2, sirets: [octo], names: [null, "GARAGE"] }],
  // Addresses and ways to reach somebody.
  ["adresse-entiere.csv", `SIRET;Nom;Adresse\r\n${octo};OCTO;"12 rue Haute, 03000 MOULINS"\r\n${farm};FERME;BP 12345 03200 VICHY CEDEX\r\n`, { ...both, cities: ["MOULINS", "VICHY CEDEX"] }],
  ["cp-ville.csv", `SIRET;Nom;Code postal Ville\r\n${octo};OCTO;03000 MOULINS\r\n`, { read: 1, sirets: [octo], cities: ["MOULINS"] }],
  ["cedex.csv", `SIRET;Nom;CP;Ville\r\n${octo};OCTO;03006;MOULINS CEDEX\r\n`, { read: 1, sirets: [octo], created: 1 }],
  ["courriels.csv", `SIRET;Nom;Courriel\r\n${octo};OCTO;contact @ octo . fr\r\n${farm};FERME;Jean <a@b.fr>, c@d.fr\r\n41816609600069;OCTO;pas de mail\r\n`, { read: 3, sirets: [octo, farm, octo], codes: ["email_invalid"] }],
  // Workbooks.
  ["notice.xlsx", workbook([{ name: "Lisez-moi", rows: [["Comment remplir ce fichier"], ["Une ligne par employeur"]] }, { name: "Liste", rows: [["SIRET", "Nom"], [octo, "OCTO"]] }]), { read: 1, sirets: [octo], sheet: 1, note: /2 feuilles visibles/ }],
  ["masquees.xlsx", workbook([{ name: "Feuil1", hidden: [3], rows: [["SIRET", "Nom"], [octo, "OCTO"], [farm, "FERME"]] }]), { ...both, note: /masque 1 ligne / }],
  ["colonnes-masquees.xlsx", workbook([{ name: "Feuil1", columns: '<col min="2" max="3" hidden="1"/><col min="4" max="16384" hidden="1"/>', rows: [["SIRET", "Nom", "Ville"], [octo, "OCTO", "MOULINS"]] }]), { read: 1, sirets: [octo], note: /masque 2 colonnes/ }],
  ["fusion.xlsx", workbook([{ name: "Feuil1", merged: ["A1:A1", "A2:A3", "B2:B3"], rows: twoPersons }]), merged],
  ["fusion.fods", flat(cells("SIRET", "Nom", "Contact") + cells(octo, "OCTO", "DUPONT").replaceAll('office:value-type="string"><text:p>' + octo, 'office:value-type="string" table:number-rows-spanned="2"><text:p>' + octo).replace('office:value-type="string"><text:p>OCTO', 'office:value-type="string" table:number-rows-spanned="2"><text:p>OCTO') + cells(null, null, "DURAND") + cells(farm, "FERME", "MARTIN")), { ...merged, kind: "workbook" }],
  ["fusion.html", html(`<table><tr><td>SIRET<td>Nom<td>Contact</tr><tr><td rowspan=2>${octo}<td rowspan=2>OCTO<td>DUPONT</tr><tr><td>DURAND</tr><tr><td>${farm}<td>FERME<td>MARTIN</tr></table>`), merged],
  ["fusion-2003.xls", xml2003([{ name: "Liste", rows: `<Row><Cell><Data ss:Type="String">SIRET</Data></Cell><Cell><Data ss:Type="String">Nom</Data></Cell><Cell><Data ss:Type="String">Contact</Data></Cell></Row><Row><Cell ss:MergeDown="1"><Data ss:Type="Number">${octo}</Data></Cell><Cell ss:MergeDown="1"><Data ss:Type="String">OCTO</Data></Cell><Cell><Data ss:Type="String">DUPONT</Data></Cell></Row><Row><Cell ss:Index="3"><Data ss:Type="String">DURAND</Data></Cell></Row><Row><Cell ss:StyleID="long"><Data ss:Type="Number">1545141200025</Data></Cell><Cell><Data ss:Type="String">FERME</Data></Cell><Cell><Data ss:Type="String">MARTIN</Data></Cell></Row>` }]), merged],
  ["excel-2003.xls", xml2003([{ name: "Cachée", hidden: true, rows: '<Row><Cell><Data ss:Type="String">Rien</Data></Cell></Row>' }, { name: "Liste", rows: `<Row ss:Index="3"><Cell><Data ss:Type="String">SIRET</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">Raison sociale</Data></Cell></Row><Row ss:Hidden="1"><Cell><Data ss:Type="Number">4.1816609600069E+13</Data><Comment><ss:Data>vu</ss:Data></Comment></Cell><Cell ss:Index="3"><ss:Data ss:Type="String"><B>Café</B> &amp; cie</ss:Data></Cell></Row>` }]), { read: 1, sirets: [octo], names: ["Café & cie"], kind: "workbook", sheet: 1, header: 3, note: /masque 1 ligne / }],
  ["abime-2003.xls", xml2003([{ name: "Liste", rows: "<Row>" }]), { code: "workbook_damaged" }],
  ["tout-masque.ods", openDocument([{ name: "Cachée", hidden: true, rows: [["SIRET", "Nom"], [octo, "OCTO"]] }]), { read: 1, sirets: [octo], sheet: 0 }],
  ["tout-masque.xlsx", workbook([{ name: "Cachée", hidden: true, rows: [["SIRET", "Nom"], [octo, "OCTO"]] }]), { read: 1, sirets: [octo], sheet: 0 }],
  ["protege.xlsx", compound(["EncryptionInfo", "EncryptedPackage"]), { code: "workbook_password" }],
  ["excel2.xls", bytes("\x09\0\x04\0\x07\0\x10\0\x0A\0\0\0"), { code: "not_csv" }],
  ["sans-valeur.xlsx", workbook([{ name: "Feuil1", rows: [["SIRET", "Nom", "Vu le"], [{ n: 41816609600069 }, { f: "A1", v: "" }, { n: 46000, s: 1 }]] }]), { read: 1, sirets: [octo] }],
  ["longue-cellule.xlsx", workbook([{ name: "Feuil1", rows: [["SIRET", "Nom", "Notes"], [octo, "OCTO", "é".repeat(32_767)]] }]), { read: 1, sirets: [octo] }],
  ["coupe.xlsx", sheet.subarray(0, sheet.length - 30), { code: "truncated" }],
  ["sans-ligne.xlsx", workbook([{ name: "Feuil1", rows: [["SIRET", "Nom"]] }]), { code: "no_rows" }],
  ["libreoffice.ods", openDocument([{ name: "Cachée", hidden: true, rows: [["Rien"]] }, { name: "Vide", rows: [] }, { name: "Employeurs", rows: [["Liste 2026"], null, ["SIRET", "Raison sociale", "CP", "Ville", "Vu le"], [{ n: "41816609600069", shown: "4,18E+013", note: "à vérifier" }, "Café\n& cie", { n: 3000, shown: "03000" }, "Moulins", { date: "2026-11-12" }], [{ n: 1545141200025 }, "FERME", { times: 2 }, { date: "2026-11-12T14:30:00" }]] }]), { ...both, kind: "workbook", sheet: 2, header: 3, names: ["Café & cie", "FERME"] }],
  ["renomme.xlsx", openDocument([{ name: "Feuille1", rows: [["SIRET", "Nom"], [octo, "OCTO"]] }]), { read: 1, sirets: [octo] }],
  ["vide.ods", openDocument([{ name: "Feuille1", rows: [] }]), { code: "empty_file" }],
  ["page.xls", html(`<table><tr><th>SIRET<th>Soci&eacute;t&eacute;</th><th>Ville</th></tr><!-- <tr><td>x</td></tr> --><tr><td x:num="41816609600069">4,18E+13</td><td>Caf&#233; &amp;<br>cie</td><td>Moulins</td></tr></table>`, "<meta charset=utf-8>"), { read: 1, sirets: [octo], names: ["Café & cie"], kind: "workbook" }],
  ["page-1252.xls", Buffer.from(html(`<TABLE border=1><TR><TD colspan=2>Employeurs de l'été</TD></TR><TR><TD>SIRET</TD><TD>Raison sociale</TD></TR><TR><TD>${octo}</TD><TD>Crémerie</TD></TR></TABLE>`), "latin1"), { read: 1, sirets: [octo], names: ["Crémerie"], header: 2 }],
  ["page-en-colonnes.html", html(`<table><tr><td>Menu</td><td><table><tr><td>SIRET<td>Nom</tr><tr><td>${octo}<td>OCTO</tr><tr><td>${farm}<td>FERME<table><tr><td>a</tr></table></tr></table></td></tr></table>`), both],
  ["page-sans-tableau.html", html("<p>Bonjour</p>"), { code: "not_csv" }],
  // Of Excel before 2007, as another program wrote them.
  ["excel97.xls", old("excel97.xls"), { ...both, kind: "workbook", sheet: 1, names: ["OCTO Technology – café “Œuvre”", "FERME DU PRÉ"] }],
  ["excel95.xlsx", old("excel95.xls"), { read: 1, sirets: [octo], kind: "workbook", sheet: 1 }],
  ["coupe.xls", old("excel97.xls").subarray(0, 2500), { code: "workbook_damaged" }],
  ["abime.xls", Buffer.concat([Buffer.from("D0CF11E0A1B11AE1", "hex"), Buffer.alloc(2048)]), { code: "workbook_damaged" }],
  ["objet.json", JSON.stringify([{ siret: octo, nom: "OCTO" }]) + "\n", { code: "not_csv" }],
  ["rapport.csv", "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", { code: "not_csv" }],
  // Packed.
  ["export.csv.gz", gzipSync(header + rows), both],
  ["coupee.csv.gz", gzipSync(header + rows).subarray(0, 60), { code: "truncated" }],
  ["bombe.csv.gz", gzipSync(Buffer.alloc(64 << 20, "a")), { code: "unpacked_too_large" }],
  ["export.zip", zip([{ name: "export/liste.csv", data: header + rows }, { name: "__MACOSX/export/._liste.csv", data: "x" }]), both],
  ["classeur.zip", zip([{ name: "liste.xlsx", data: sheet }]), { read: 1, sirets: [octo] }],
  ["deux.zip", zip([{ name: "a.csv", data: header + rows }, { name: "b.csv", data: header + rows }]), { code: "not_a_workbook" }],
  ["photos.zip", zip([{ name: "a.png", data: "x" }]), { code: "not_a_workbook" }],
];
