// Writes a StockEtablissement file of fictitious establishments: node sirene-rows.mjs ROWS [SEED [named]] > FILE.csv
//
// With `named` a column more holds the name of the company, which the real stock has in another file.
// The 54 official columns; SIRET have right check digits and come in order, as in the real file. The same seed gives
// the same file.
import { createWriteStream } from "node:fs";

const rows = Number(process.argv[2] ?? 1000);
let state = BigInt(process.argv[3] ?? 1);
const next = (n) => {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return Number((state >> 33n) % BigInt(n));
};
const pick = (list) => list[next(list.length)];

const header =
  "siren,nic,siret,statutDiffusionEtablissement,dateCreationEtablissement,trancheEffectifsEtablissement," +
  "anneeEffectifsEtablissement,activitePrincipaleRegistreMetiersEtablissement,dateDernierTraitementEtablissement," +
  "etablissementSiege,nombrePeriodesEtablissement,complementAdresseEtablissement,numeroVoieEtablissement," +
  "indiceRepetitionEtablissement,dernierNumeroVoieEtablissement,indiceRepetitionDernierNumeroVoieEtablissement," +
  "typeVoieEtablissement,libelleVoieEtablissement,codePostalEtablissement,libelleCommuneEtablissement," +
  "libelleCommuneEtrangerEtablissement,distributionSpecialeEtablissement,codeCommuneEtablissement," +
  "codeCedexEtablissement,libelleCedexEtablissement,codePaysEtrangerEtablissement,libellePaysEtrangerEtablissement," +
  "identifiantAdresseEtablissement,coordonneeLambertAbscisseEtablissement,coordonneeLambertOrdonneeEtablissement," +
  "complementAdresse2Etablissement,numeroVoie2Etablissement,indiceRepetition2Etablissement,typeVoie2Etablissement," +
  "libelleVoie2Etablissement,codePostal2Etablissement,libelleCommune2Etablissement," +
  "libelleCommuneEtranger2Etablissement,distributionSpeciale2Etablissement,codeCommune2Etablissement," +
  "codeCedex2Etablissement,libelleCedex2Etablissement,codePaysEtranger2Etablissement,libellePaysEtranger2Etablissement," +
  "dateDebut,etatAdministratifEtablissement,enseigne1Etablissement,enseigne2Etablissement,enseigne3Etablissement," +
  "denominationUsuelleEtablissement,activitePrincipaleEtablissement,nomenclatureActivitePrincipaleEtablissement," +
  "caractereEmployeurEtablissement,activitePrincipaleNAF25Etablissement";
const isNamed = process.argv[4] === "named";
const columns = (isNamed ? `${header},nom_raison_sociale` : header).split(",");

const trades = ["BOULANGERIE", "GARAGE", "COIFFURE", "TRANSPORTS", "MENUISERIE", "PHARMACIE", "RESTAURANT", "PLOMBERIE",
  "CONSEIL", "FERME", "CABINET", "ATELIER", "MAÇONNERIE", "ÉPICERIE", "HÔTEL", "LIBRAIRIE"];
const names = ["MARTIN", "BERNARD", "DUBOIS", "THOMAS", "ROBERT", "RICHARD", "PETIT", "DURAND", "LEROY", "MOREAU",
  "SIMON", "LAURENT", "LEFÈVRE", "MICHEL", "GARCIA", "DAVID", "DU CENTRE", "DES HALLES", "DE LA GARE", "DU PONT"];
const streets = ["DE LA RÉPUBLIQUE", "DE L'ÉGLISE", "VICTOR HUGO", "DU GENERAL DE GAULLE", "DES LILAS", "PASTEUR",
  "JEAN JAURES", "DU MOULIN", "DE LA FONTAINE", "DES ECOLES"];
const towns = [["03190", "03200", "VICHY"], ["03300", "03310", "MOULINS"], ["03185", "03100", "MONTLUÇON"],
  ["69384", "69004", "LYON"], ["63113", "63000", "CLERMONT-FERRAND"], ["58194", "58000", "NEVERS"]];
const activities = ["10.71C", "45.20A", "96.02A", "49.41A", "43.32A", "47.73Z", "56.10A", "43.22A", "70.22Z", "01.50Z"];
const bands = ["NN", "NN", "NN", "", "00", "01", "01", "02", "03", "11", "12", "21"];

const two = (n) => String(n).padStart(2, "0");
const date = (from, span) => `${from + next(span)}-${two(1 + next(12))}-${two(1 + next(28))}`;

// The digit that makes Luhn right, for a number to which it is added at the end.
function key(digits) {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let d = digits.charCodeAt(digits.length - 1 - i) - 48;
    if (i % 2 === 0) d = d > 4 ? d * 2 - 9 : d * 2;
    sum += d;
  }
  return String((10 - (sum % 10)) % 10);
}

function row(i) {
  const siren = String(20000000 + i * 7).padStart(8, "0");
  const company = siren + key(siren);
  const head = company + "0001";
  const siret = head + key(head);
  const [commune, postcode, town] = pick(towns);
  const closed = next(3) === 0;
  const value = {
    siren: company, nic: siret.slice(9), siret,
    statutDiffusionEtablissement: next(20) === 0 ? "P" : "O",
    dateCreationEtablissement: date(1970, 54),
    trancheEffectifsEtablissement: pick(bands),
    anneeEffectifsEtablissement: "2022",
    dateDernierTraitementEtablissement: `${date(2019, 6)}T${two(next(24))}:${two(next(60))}:00.000`,
    etablissementSiege: "true", nombrePeriodesEtablissement: String(1 + next(9)),
    numeroVoieEtablissement: String(1 + next(250)), typeVoieEtablissement: pick(["RUE", "AVENUE", "BOULEVARD", "PLACE"]),
    libelleVoieEtablissement: pick(streets), codePostalEtablissement: postcode, libelleCommuneEtablissement: town,
    codeCommuneEtablissement: commune, identifiantAdresseEtablissement: `${commune}_${next(100000)}_B`,
    coordonneeLambertAbscisseEtablissement: String(600000 + next(200000) + next(1000) / 1000),
    coordonneeLambertOrdonneeEtablissement: String(6500000 + next(200000) + next(1000) / 1000),
    dateDebut: date(2000, 25), etatAdministratifEtablissement: closed ? "F" : "A",
    enseigne1Etablissement: next(2) ? `${pick(trades)} ${pick(names)} ${next(1000)}` : "",
    denominationUsuelleEtablissement: next(2) ? `${pick(trades)} ${pick(names)}, ${pick(names)} ET FILS` : "",
    activitePrincipaleEtablissement: pick(activities), nomenclatureActivitePrincipaleEtablissement: "NAFRev2",
    caractereEmployeurEtablissement: "N",
  };
  if (isNamed) value.nom_raison_sociale = value.enseigne1Etablissement || `${pick(trades)} ${pick(names)} ${next(1000)}`;
  return columns.map((c) => (value[c]?.includes(",") ? `"${value[c]}"` : value[c] ?? "")).join(",");
}

const out = createWriteStream(null, { fd: 1, highWaterMark: 1 << 20 });
let text = columns.join(",") + "\n";
for (let i = 0; i < rows; i++) {
  text += row(i) + "\n";
  if (text.length > 1 << 18) {
    if (!out.write(text)) await new Promise((done) => out.once("drain", done));
    text = "";
  }
}
out.end(text);
