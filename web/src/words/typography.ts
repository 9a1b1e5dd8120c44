// French as printers set it: the space before ; : ! ? » % and after « never breaks and is narrow. The build does it to our
// own words (tools/typography.ts); what people wrote is set when it is shown, and kept as they typed it.

const NARROW = "\u202f";

export function french(words: string): string {
  return words.replace(/(?<=[\p{L}\p{N})»”}]) (?=[;:!?%»€](?:[\s<).,/]|$))|(?<=«) /gu, NARROW);
}
