// A person in words.
import type { Schema } from "@/api/client";

type Named = Pick<Schema<"Contact">, "given_name" | "family_name"> & { unreadable?: boolean };

export const personName = (person: Named): string => [person.given_name, person.family_name].filter(Boolean).join(" ") || (person.unreadable ? "Fiche illisible" : "Sans nom");

export const preferred: Record<string, string> = { phone: "Préfère le téléphone", email: "Préfère le courriel", visit: "Préfère être vu sur place" };
