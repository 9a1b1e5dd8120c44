// Classes of the coverage map: at most six, rounded bounds, the same for the map, the legend and the table.

export const bounds = [0, Number.MIN_VALUE, 0.1, 0.2, 0.35, 0.5];

export function classOf(share: number | null | undefined): number | null {
  if (share === null || share === undefined) return null;
  let found = 0;
  for (const [index, bound] of bounds.entries()) if (share >= bound) found = index;
  return found;
}

export function classLabel(index: number): string {
  if (index === 0) return "aucun (0\u202f%)";
  const low = Math.round((bounds[index] ?? 0) * 100);
  const high = bounds[index + 1];
  if (index === 1) return `moins de ${(high ?? 0) * 100}\u202f%`;
  if (high === undefined) return `${low}\u202f% et plus`;
  return `${low} à moins de ${high * 100}\u202f%`;
}
