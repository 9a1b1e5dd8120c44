/** Claims as they are said of an employer. */
export const claimWords: Record<string, string> = { closed: "fermé", moved: "déménagé", unreachable: "injoignable" };
