// Where drafts are kept on this device. Sign-out erases them.
export const prefix = "maillage.draft.";

export const hasDraft = (name: string): boolean => localStorage.getItem(prefix + name) !== null;

export function clearDrafts(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
}
