/** Where to go once signed in: the page of this site that `?retour=` names, whole. What a browser would read as another site,
 *  like `//site` or `/\site`, is none. */
export function backOf(search: string, origin: string): string | null {
  const back = new URLSearchParams(search).get("retour");
  if (!back?.startsWith("/")) return null;
  try {
    const url = new URL(back, origin);
    return url.origin === origin ? url.href : null;
  } catch {
    return null;
  }
}
