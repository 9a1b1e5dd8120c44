// What a committee's document is made of, in words.
import type { Schema } from "@/api/client";
import { longMonth, shortMonth } from "@/words/month";
import { isoDay, now } from "@/words/time";

export type Pack = Schema<"Pack">;
export type PackRow = Schema<"PackRow">;
export type Content = Schema<"PackContent">;
export type Part = "summary" | "coverage" | "means" | "results" | "trends" | "targets" | "plans" | "decisions";

export const kinds: Record<PackRow["kind"], { label: string; word: string; help: string }> = {
  local: { label: "Comité local", word: "Local", help: "Un bassin d’emploi ou une intercommunalité, commune par commune" },
  departement: { label: "Comité départemental", word: "Départemental", help: "Un département, par intercommunalité" },
  region: { label: "Comité régional", word: "Régional", help: "Une région, par département, ou par bassin d’emploi s’il n’y en a qu’un" },
};

export const parts: Record<Part, string> = {
  summary: "Synthèse",
  coverage: "Couverture",
  means: "Moyens",
  results: "Résultats",
  trends: "Évolution",
  targets: "Objectifs",
  plans: "Plan par plan",
  decisions: "Décisions du comité",
};

export const areaWord: Record<string, string> = { commune: "Commune", epci: "Intercommunalité", bassin: "Bassin d’emploi", departement: "Département", region: "Région" };
export const areasWord: Record<string, string> = { commune: "commune", epci: "intercommunalité", bassin: "bassin d’emploi", departement: "département" };

/** What opens the document: a committee reads these first. */
export const key = ["seen_share", "visits", "kept_share", "firsts", "white_share", "double_share", "needs", "offers", "filled_reserved", "referrals", "effect", "avoided"];
export const maps = ["seen_share", "white_share", "pressure", "offers"];

/** « de déc. 2025 à nov. 2026 », said of a document. */
export const periodOf = (from: string, to: string): string => (from === to ? longMonth(from) : `${shortMonth(from)} – ${shortMonth(to)}`);

export const thisMonth = (): string => isoDay(now()).slice(0, 7);

/** The first eight characters of a hash, as people compare them. */
export const short = (hash: string): string => hash.slice(0, 8);
