// Numbers, identifiers and plurals as they are printed in French.

const integer = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1 });

export const NARROW = "\u202f";
// Groups of an identifier are told apart at arm’s length: a full no-break space.
const JOINED = "\u00a0";

export function count(value: number): string {
  return integer.format(value);
}

/** A share between 0 and 1 as 34,5 %. */
export function percent(share: number): string {
  return `${decimal.format(share * 100)}${NARROW}%`;
}

/** 1 offre, 2 offres, 0 offre. */
export function plural(value: number, one: string, many: string = `${one}s`): string {
  return `${count(value)} ${Math.abs(value) < 2 ? one : many}`;
}

/** A number of posts; null: nobody said how many. */
export function posts(value: number | null): string {
  return value === null ? "nombre de postes inconnu" : plural(value, "poste");
}

/** 123 456 789 00012. */
export function siret(value: string): string {
  return value.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})$/, `$1${JOINED}$2${JOINED}$3${JOINED}$4`);
}

/** 04 70 12 34 56. */
export function phone(value: string): string {
  const national = value.replace(/^(\+|00)33/, "0");
  return /^0\d{9}$/.test(national) ? (national.match(/\d\d/g) ?? []).join(JOINED) : value;
}

/** 12 ko, 3,4 Mo. */
export function bytes(value: number): string {
  if (value < 1000) return plural(value, "octet");
  if (value < 1_000_000) return `${integer.format(value / 1000)}${NARROW}ko`;
  return `${decimal.format(value / 1_000_000)}${NARROW}Mo`;
}
